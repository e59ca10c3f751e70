"""The vocabulary of events: the words and types that all versions of the schema are made of."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.core.ids import ID_PATTERN

DAY_MS = 86_400_000.0
EXACT_INTEGERS = 2**53
"""JSON carries no larger integer exactly."""


class Platform(StrEnum):
    """Where the operation was asked for."""

    MCP = "mcp"
    KOMPOSTEUR = "komposteur"
    WEBAPP = "webapp"
    API = "api"


class EventType(StrEnum):
    """What an event tells of."""

    OPERATION = "operation"
    WORKFLOW = "workflow"
    GENERATION = "generation"
    ERROR = "error"
    BUSINESS = "business"
    FEEDBACK = "feedback"


class FileType(StrEnum):
    """What kind of media an operation read."""

    VIDEO = "video"
    AUDIO = "audio"
    IMAGE = "image"
    OTHER = "other"


class SizeCategory(StrEnum):
    """Size class of a source: under 10 MB, under 100 MB, more."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @classmethod
    def of(cls, size: int) -> "SizeCategory":
        """The class of `size` bytes."""
        return cls.SMALL if size < 10_000_000 else cls.MEDIUM if size < 100_000_000 else cls.LARGE


class Plan(StrEnum):
    """What the user pays for."""

    FREE = "free"
    PREMIUM = "premium"


def _not_a_number(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError("write the time as ISO 8601 with a zone: a number could be seconds or milliseconds")
    return value


Identifier = Annotated[str, Field(pattern=ID_PATTERN)]
Moment = Annotated[AwareDatetime, BeforeValidator(_not_a_number), Field(strict=False)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""An operation, a workflow type, a kind of business event."""
Format = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,15}$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]
Fraction = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Part(BaseModel):
    """A part of an event. Types are strict (a string is never taken for a number), unknown fields are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        strict=True,
        frozen=True,
    )
