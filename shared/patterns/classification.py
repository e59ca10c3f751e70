"""Classification: what kind of work a sequence of operations is, with the evidence that says so."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Evidence(BaseModel):
    """One thing that speaks for (weight above 0) or against a type: the logarithm of how much likelier it makes that one."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    feature: str = Field(description="operation, output, kind or size and its name; or stated")
    weight: float
    told: str = Field(description="For people")


class Classification(BaseModel):
    """The likeliest type, how likely it is among those known, and why: the strongest evidence first."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    type: str
    probability: float = Field(description="0 to 1")
    evidence: tuple[Evidence, ...]
