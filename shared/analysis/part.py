"""AnalysisPart: the base of all that an analysis consists of; Span: from when to when."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class AnalysisPart(BaseModel):
    """camelCase on the wire, never changed once made. Fields that a newer release has added are passed over."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True, allow_inf_nan=False
    )


class Span(AnalysisPart):
    """From when to when, in seconds of the recording: `start` <= `end`."""

    start: float = Field(ge=0)
    end: float = Field(ge=0)

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.end - self.start
