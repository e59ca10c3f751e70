"""Version 0.2 of the schema: the "FFMPEGOperationEvent", one operation of FFmpeg with its workflow around it."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from shared.events.schema.analytics_event import Ignored, LooseFormat, Parameters
from shared.events.schema.event import Context, Event, Metrics, Operation
from shared.events.schema.parts import (
    DAY_MS,
    EXACT_INTEGERS,
    EventType,
    Fraction,
    Identifier,
    Moment,
    Name,
    Part,
    Platform,
    SizeCategory,
)

_LATEST_SECOND = 253_402_300_799


def _from_firebase(value: Any) -> Any:
    """A Firebase timestamp as JSON, `{"seconds": …, "nanoseconds": …}`, is a moment."""
    if not isinstance(value, dict):
        return value
    told = {str(name).removeprefix("_"): part for name, part in value.items()}
    seconds, nanoseconds = told.pop("seconds", None), told.pop("nanoseconds", 0)
    if told or not _is_whole(seconds, _LATEST_SECOND) or not _is_whole(nanoseconds, 999_999_999):
        raise ValueError("write the time as ISO 8601 with a zone, or as seconds and nanoseconds since 1970")
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=nanoseconds // 1000)


def _is_whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


_AnyMoment = Annotated[Moment, BeforeValidator(_from_firebase, json_schema_input_type=AwareDatetime | dict[str, int])]


class FfmpegOperation(Part):
    """What was run."""

    type: Name
    input_format: LooseFormat | None = None
    output_format: LooseFormat | None = None
    parameters: Parameters = Field(default=None, description="JSON text, or the object that it tells of.")
    file_size: int | None = Field(default=None, ge=0, le=EXACT_INTEGERS, description="Size of the input in bytes.")


class FfmpegMetrics(Part):
    """How it went."""

    success: bool
    processing_time: Fraction | None = Field(default=None, le=7 * DAY_MS, description="Milliseconds.")
    error_message: str | None = Field(default=None, max_length=10_000)
    memory_usage: Fraction | None = Field(default=None, le=100_000_000, description="MB at the peak.")


class FfmpegContext(Part):
    """Where in the user's work it happened."""

    workflow_type: Name | None = None
    sequence_position: int | None = Field(default=None, ge=0, le=100_000, description="0-based.")
    batch_size: int | None = Field(default=None, ge=1, le=100_000)
    session_id: Identifier | None = None


class FfmpegOperationEvent(Part):
    """One operation as version 0.2 tells it."""

    id: Identifier
    timestamp: _AnyMoment = Field(
        description="ISO 8601 with a zone, or a Firebase timestamp of seconds and nanoseconds."
    )
    schema_version: Literal["0.2"] = "0.2"
    user_id: Ignored = Field(default=None, description="Ignored: an event belongs to who sends it.")
    platform: Annotated[Platform, Field(strict=False)]
    operation: FfmpegOperation
    metrics: FfmpegMetrics
    context: FfmpegContext | None = None

    def upgrade(self) -> Event:
        """The same as the current version tells it."""
        size = self.operation.file_size
        return Event(
            event_id=self.id,
            timestamp=self.timestamp,
            platform=self.platform,
            event_type=EventType.OPERATION,
            operation=Operation(
                **dict(self.operation), file_size_category=None if size is None else SizeCategory.of(size)
            ),
            metrics=Metrics(**dict(self.metrics)),
            context=Context(**dict(self.context)) if self.context else None,
        )
