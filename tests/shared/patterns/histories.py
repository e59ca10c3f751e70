"""Small histories for tests: sessions of people who do the same things."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.events import Context, Event, EventType, Metrics, Operation, Platform
from tests.shared.told import tell_all

Step = tuple[str, dict[str, Any]]
"""An operation and its parameters."""

CLIP: tuple[Step, ...] = (
    ("trim", {"start": 0, "duration": 15}),
    ("resize", {"width": 1080, "height": 1920}),
    ("to_mp3", {"audio_bitrate": 192}),
)
FORMATS = {"to_mp3": "mp3", "extract_audio": "wav"}


def session(
    name: str, begins: datetime, steps: Iterable[Step], *, success: bool = True, workflow_type: str | None = None
) -> list[Event]:
    """The events of a session: an operation every half minute, each of ten seconds. Only the last one fails, if one does."""
    done = list(steps)
    return [
        Event(
            event_id=f"{name}-{begins:%Y%m%d%H%M%S}-{place}",
            timestamp=begins + timedelta(seconds=30 * (place + 1)),
            platform=Platform.MCP,
            event_type=EventType.OPERATION,
            operation=Operation(
                type=kind,
                input_format="mp4",
                output_format=FORMATS.get(kind, "mp4"),
                parameters=parameters or None,
            ),
            metrics=Metrics(success=success or place < len(done) - 1, processing_time=10_000),
            context=Context(session_id=f"{name}-{begins:%Y%m%d%H%M%S}", workflow_type=workflow_type),
        )
        for place, (kind, parameters) in enumerate(done)
    ]


def tell_sessions(
    name: str, times: Sequence[datetime], steps: Iterable[Step], *, users: int, failures: int = 0, **told: Any
) -> None:
    """One session at each time, of so many users in turn; the first ones fail."""
    done = list(steps)
    tell_all(
        (f"{name} {number % users}", session(f"{name}-{number}", begins, done, success=number >= failures, **told))
        for number, begins in enumerate(times)
    )


def every_day(last: datetime, count: int) -> list[datetime]:
    """So many moments a day apart, `last` the last."""
    return [last - timedelta(days=count - 1 - number) for number in range(count)]
