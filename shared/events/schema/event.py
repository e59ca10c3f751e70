"""The event: what a sender tells of one operation, in camelCase on the wire. Version 1 of the schema, the current one.

The server adds what the sender cannot be trusted with: when the event was received and, hashed, whose it is.
"""

from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from shared.events.schema.parts import (
    DAY_MS,
    EXACT_INTEGERS,
    Code,
    EventType,
    FileType,
    Format,
    Fraction,
    Identifier,
    Moment,
    Name,
    Part,
    Plan,
    Platform,
    SizeCategory,
)

MAX_FUTURE = timedelta(hours=23)
"""How far ahead of ours a sender's clock may be."""
MAX_AGE = timedelta(days=365)
"""How long events are kept: an older one would vanish as soon as it was written."""
MAX_EVENT_BYTES = 1_000_000


class Operation(Part):
    """What was run. `parameters` are reduced to harmless ones before they leave the API (see `privacy`)."""

    type: Name = Field(description="Name of the operation, e.g. trim.")
    input_format: Format | None = Field(default=None, description="Container or codec that came in.")
    output_format: Format | None = Field(default=None, description="Container or codec that came out.")
    source_file_type: Annotated[FileType, Field(strict=False)] | None = Field(
        default=None, description="video, audio, image or other."
    )
    parameters: dict[str, JsonValue] | None = Field(
        default=None, max_length=100, description="The operation's parameters; only technical ones are kept."
    )
    file_size: int | None = Field(default=None, ge=0, le=EXACT_INTEGERS, description="Size of the source in bytes.")
    file_size_category: Annotated[SizeCategory, Field(strict=False)] | None = Field(
        default=None, description="Size class of the source: small, medium or large."
    )
    output_size: int | None = Field(default=None, ge=0, le=EXACT_INTEGERS, description="Size of the result in bytes.")


class Metrics(Part):
    """How it went."""

    success: bool | None = Field(default=None, description="Whether the operation gave its result.")
    processing_time: Fraction | None = Field(default=None, le=7 * DAY_MS, description="Milliseconds from start to end.")
    error_code: Code | None = Field(default=None, description="Stable code of the failure.")
    error_message: str | None = Field(default=None, max_length=10_000, description="Sanitised message of the failure.")
    cpu_usage: Fraction | None = Field(default=None, le=100_000, description="Mean CPU use in percent of one core.")
    memory_usage: Fraction | None = Field(default=None, le=100_000_000, description="Peak memory in MB.")
    disk_operations: int | None = Field(default=None, ge=0, le=EXACT_INTEGERS, description="Reads and writes on disk.")
    gpu_usage: Fraction | None = Field(default=None, le=100, description="Mean GPU use in percent.")


class Generation(Part):
    """What a generating provider did."""

    provider: Code | None = Field(default=None, description="Name of the provider.")
    quality_score: Fraction | None = Field(default=None, le=10, description="Measured quality, 0 to 10.")
    satisfaction: Fraction | None = Field(default=None, le=5, description="The user's rating, 0 to 5.")
    cost_usd: Fraction | None = Field(default=None, le=1_000_000, description="Cost in US dollars.")


class Business(Part):
    """What it meant for the business. Refunds are negative revenue."""

    kind: Name = Field(description="signup, upgrade, purchase, cancel, …")
    revenue_usd: float | None = Field(
        default=None, ge=-10_000_000, le=10_000_000, allow_inf_nan=False, description="Revenue in US dollars."
    )
    plan: Annotated[Plan, Field(strict=False)] | None = Field(
        default=None, description="The user's plan at that time: free or premium."
    )


class Context(Part):
    """Where in the user's work it happened."""

    workflow_type: Name | None = Field(default=None, description="Kind of workflow.")
    workflow_id: Identifier | None = Field(default=None, description="Id of the workflow's run.")
    sequence_position: int | None = Field(
        default=None, ge=0, le=100_000, description="0-based position in the workflow."
    )
    batch_size: int | None = Field(default=None, ge=1, le=100_000, description="Operations in the batch.")
    session_id: Identifier | None = Field(
        default=None, description="Id of the session; without one, a gap of 10 minutes starts a new session."
    )


_NEEDED = {
    EventType.OPERATION: "operation",
    EventType.GENERATION: "generation",
    EventType.BUSINESS: "business",
    EventType.FEEDBACK: "generation",
    EventType.ERROR: "metrics",
}


class Event(Part):
    """One event. `event_id` is chosen by the sender and is the event's key among its user's: sent twice, it counts once."""

    event_id: Identifier = Field(description="Id given by the sender; with user_id the natural key.")
    timestamp: Moment = Field(description="When the operation ended, by the sender's clock.")
    schema_version: Literal["1"] = Field(default="1", description="Version of the event schema, e.g. 1.")
    platform: Annotated[Platform, Field(strict=False)] = Field(description="mcp, komposteur, webapp or api.")
    event_type: Annotated[EventType, Field(strict=False)] = Field(
        description="operation, workflow, generation, error, business or feedback."
    )
    operation: Operation | None = Field(default=None, description="What was run.")
    metrics: Metrics | None = Field(default=None, description="How it went.")
    generation: Generation | None = Field(default=None, description="What a generating provider did.")
    business: Business | None = Field(default=None, description="What it meant for the business.")
    context: Context | None = Field(default=None, description="Where in the user's work it happened.")

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
