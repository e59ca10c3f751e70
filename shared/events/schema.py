"""The event: what a sender tells of one operation, in camelCase on the wire. Version 1 of the schema.

The server adds what the sender cannot be trusted with: when the event was received and, hashed, whose it is.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator
from pydantic.alias_generators import to_camel

from shared.core.ids import ID_PATTERN

MAX_FUTURE = timedelta(hours=23)
"""How far ahead of ours a sender's clock may be."""
MAX_AGE = timedelta(days=365)
"""How long events are kept: an older one would vanish as soon as it was written."""
MAX_EVENT_BYTES = 1_000_000

_DAY_MS = 86_400_000.0
_EXACT_INTEGERS = 2**53


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


class Operation(Part):
    """What was run. `parameters` are reduced to harmless ones before they leave the API (see `privacy`)."""

    type: Name
    input_format: Format | None = None
    output_format: Format | None = None
    source_file_type: Annotated[FileType, Field(strict=False)] | None = None
    parameters: dict[str, JsonValue] | None = Field(default=None, max_length=100)
    file_size: int | None = Field(default=None, ge=0, le=_EXACT_INTEGERS, description="Bytes")
    file_size_category: Annotated[SizeCategory, Field(strict=False)] | None = None


class Metrics(Part):
    """How it went."""

    success: bool | None = None
    processing_time: Fraction | None = Field(default=None, le=7 * _DAY_MS, description="Milliseconds")
    error_code: Code | None = None
    error_message: str | None = Field(default=None, max_length=10_000)
    cpu_usage: Fraction | None = Field(default=None, le=100_000, description="Percent of one core")
    memory_usage: Fraction | None = Field(default=None, le=100_000_000, description="Megabytes at the peak")
    disk_operations: int | None = Field(default=None, ge=0, le=_EXACT_INTEGERS)
    gpu_usage: Fraction | None = Field(default=None, le=100, description="Percent")


class Generation(Part):
    """What a generating provider did."""

    provider: Code | None = None
    quality_score: Fraction | None = Field(default=None, le=10, description="0 to 10")
    satisfaction: Fraction | None = Field(default=None, le=5, description="The user's rating, 0 to 5")
    cost_usd: Fraction | None = Field(default=None, le=1_000_000)


class Business(Part):
    """What it meant for the business. Refunds are negative revenue."""

    kind: Name
    revenue_usd: float | None = Field(default=None, ge=-10_000_000, le=10_000_000, allow_inf_nan=False)
    plan: Annotated[Plan, Field(strict=False)] | None = None


class Context(Part):
    """Where in the user's work it happened."""

    workflow_type: Name | None = None
    workflow_id: Identifier | None = None
    sequence_position: int | None = Field(default=None, ge=0, le=100_000, description="0-based")
    batch_size: int | None = Field(default=None, ge=1, le=100_000)
    session_id: Identifier | None = None


_NEEDED = {
    EventType.OPERATION: "operation",
    EventType.GENERATION: "generation",
    EventType.BUSINESS: "business",
    EventType.FEEDBACK: "generation",
    EventType.ERROR: "metrics",
}


class Event(Part):
    """One event. `event_id` is chosen by the sender and is the event's key among its user's: sent twice, it counts once."""

    event_id: Identifier
    timestamp: Moment = Field(description="When the operation ended, by the sender's clock")
    schema_version: Literal["1"] = "1"
    platform: Annotated[Platform, Field(strict=False)]
    event_type: Annotated[EventType, Field(strict=False)]
    operation: Operation | None = None
    metrics: Metrics | None = None
    generation: Generation | None = None
    business: Business | None = None
    context: Context | None = None

    @model_validator(mode="after")
    def _has_its_subject(self) -> Self:
        needed = _NEEDED.get(self.event_type)
        if needed and getattr(self, needed) is None:
            raise ValueError(f"an event of type {self.event_type} needs {needed}")
        return self


def timestamp_problem(occurred_at: datetime, received_at: datetime) -> str | None:
    """What is wrong with a sender's clock: `timestamp_in_future`, `timestamp_too_old`, or None."""
    if occurred_at > received_at + MAX_FUTURE:
        return "timestamp_in_future"
    return "timestamp_too_old" if occurred_at < received_at - MAX_AGE else None
