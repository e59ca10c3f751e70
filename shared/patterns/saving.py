"""Saving: what an agent that works with tools is spared when it calls one template instead of one operation after the other."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.patterns.learning import learning


class Saving(BaseModel):
    """An estimate for one run, from the figures in `learning.yaml`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    calls: int = Field(description="Tool calls spared a run")
    tokens: int = Field(description="Tokens spared a run: the calls, their answers, and the choice of parameters")

    @classmethod
    def of(cls, operations: int) -> "Saving":
        """Of a template of so many operations: all calls but one, all answers but one, and the presets of all."""
        cost = learning().savings
        calls = operations - 1
        return cls(calls=calls, tokens=calls * (cost.call + cost.answer) + operations * cost.parameters)
