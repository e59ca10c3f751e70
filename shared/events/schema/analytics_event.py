"""Version 0.1 of the schema: the "Analytics Event" that the first senders spoke.

How an operation went is told inside `operation`; whoever sent it put a user id in. That id is read by nobody.
"""

import json
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue, model_validator

from shared.events.schema.event import Context, Event, Metrics, Operation
from shared.events.schema.parts import (
    DAY_MS,
    EXACT_INTEGERS,
    EventType,
    FileType,
    Format,
    Fraction,
    Identifier,
    Moment,
    Name,
    Part,
    Platform,
    SizeCategory,
)

MAX_PARAMETERS = 100


def _from_text(value: Any) -> Any:
    """Parameters as JSON text are the object that they tell of."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_constant=_refuse) if value else None
    except (ValueError, RecursionError):
        raise ValueError("this text is not JSON") from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _from_digits(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 7 else value


def _plain(value: Any) -> Any:
    return value.lower().removeprefix(".") if isinstance(value, str) else value


_Object = Annotated[dict[str, JsonValue], Field(max_length=MAX_PARAMETERS)]
_Digits = Annotated[str, Field(pattern=r"^[0-9]{1,6}$")]
_AnyFormat = Annotated[str, Field(pattern=r"^\.?[A-Za-z0-9][A-Za-z0-9_-]{0,15}$")]
_Stage = Annotated[int, Field(ge=0, le=100_000), BeforeValidator(_from_digits, json_schema_input_type=int | _Digits)]
Parameters = Annotated[_Object | None, BeforeValidator(_from_text, json_schema_input_type=_Object | str | None)]
"""An object, or the same as JSON text."""
LooseFormat = Annotated[Format, BeforeValidator(_plain, json_schema_input_type=_AnyFormat)]
"""A format however it is written: MP4, .mp4."""
Ignored = Annotated[JsonValue, AfterValidator(lambda _value: None), Field(exclude=True, repr=False)]
"""What may be sent and is dropped at once."""


class ResourceUsage(Part):
    """What it took."""

    cpu: Fraction | None = Field(default=None, le=100_000, description="Percent of one core.")
    memory: Fraction | None = Field(default=None, le=100_000_000, description="MB at the peak.")
    disk: int | None = Field(default=None, ge=0, le=EXACT_INTEGERS, description="Reads and writes.")


class AnalyticsOperation(Part):
    """What was run, and how it went."""

    type: Name
    parameters: Parameters = Field(default=None, description="An object, or the same as JSON text.")
    duration: Fraction | None = Field(default=None, le=7 * DAY_MS, description="Milliseconds.")
    success: bool | None = None
    resource_usage: ResourceUsage | None = None


class AnalyticsContext(Part):
    """Where it happened, and to what."""

    workflow_stage: _Stage | None = Field(
        default=None, description="0-based position in the workflow, as a number or its digits."
    )
    source_file_type: Annotated[FileType, Field(strict=False)] | None = None
    output_format: LooseFormat | None = None
    file_size: Annotated[SizeCategory, Field(strict=False)] | None = Field(
        default=None, description="Size class of the source: small, medium or large."
    )


class AnalyticsEvent(Part):
    """One event as version 0.1 tells it."""

    event_id: Identifier
    timestamp: Moment
    schema_version: Literal["0.1"] = "0.1"
    user_id: Ignored = Field(default=None, description="Ignored: an event belongs to who sends it.")
    platform: Annotated[Platform, Field(strict=False)]
    event_type: Literal["operation", "workflow", "error"]
    operation: AnalyticsOperation | None = None
    context: AnalyticsContext | None = None

    @model_validator(mode="after")
    def _has_its_subject(self) -> Self:
        if self.event_type == "operation" and self.operation is None:
            raise ValueError("an event of type operation needs operation")
        return self

    def upgrade(self) -> Event:
        """The same as the current version tells it."""
        told, context = self.operation, self.context or AnalyticsContext()
        position = context.workflow_stage
        return Event(
            event_id=self.event_id,
            timestamp=self.timestamp,
            platform=self.platform,
            event_type=EventType(self.event_type),
            operation=_operation(told, context) if told else None,
            metrics=_metrics(told, failed=self.event_type == "error"),
            context=None if position is None else Context(sequence_position=position),
        )


def _operation(told: AnalyticsOperation, context: AnalyticsContext) -> Operation:
    return Operation(
        type=told.type,
        parameters=told.parameters,
        output_format=context.output_format,
        source_file_type=context.source_file_type,
        file_size_category=context.file_size,
    )


def _metrics(told: AnalyticsOperation | None, *, failed: bool) -> Metrics | None:
    """How it went; an error is a failure whatever else it says."""
    if told is None:
        return Metrics(success=False) if failed else None
    used = told.resource_usage or ResourceUsage()
    return Metrics(
        success=False if failed else told.success,
        processing_time=told.duration,
        cpu_usage=used.cpu,
        memory_usage=used.memory,
        disk_operations=used.disk,
    )
