"""Live: what comes in now, from the live counters, for displays that cannot wait for a query."""

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import Field

from shared.core.clock import now
from shared.events import LiveCounts, live_counts
from shared.insights.figures import Figures

MINUTE = timedelta(minutes=1)
LOOK_BACK = timedelta(hours=1)
"""How far back whole minutes are told to who was away. The counters themselves are kept for two days."""
SHARED_SECONDS = 0.4
"""How long a reading serves all who ask: what anybody is shown is younger than a second."""


class LiveMinute(Figures):
    """What came in during a minute, by the time of arrival."""

    minute: datetime = Field(description="Its start")
    accepted: int = Field(description="Events taken in")
    invalid: int = Field(description="Events refused, by the API or in ingest")
    duplicate: int = Field(description="Events that had come before")
    operations: int
    failures: int = Field(description="Operations that failed")
    failure_rate: float | None = Field(description="Failures in operations whose outcome is known, 0 to 1")
    average_ms: float | None = Field(description="Mean milliseconds of the operations that say how long they took")

    @classmethod
    def of(cls, minute: datetime, counts: LiveCounts) -> "LiveMinute":
        """The figures of the minute that starts at `minute`."""
        return cls(
            minute=minute,
            accepted=counts.accepted,
            invalid=counts.invalid,
            duplicate=counts.duplicate,
            operations=counts.operations,
            failures=counts.failures,
            failure_rate=counts.failures / counts.decided if counts.decided else None,
            average_ms=counts.processing_ms / counts.timed if counts.timed else None,
        )


class Live(Figures):
    """The minute that has begun, as far as it is, and the whole one before, which late messages may still add to."""

    as_of: datetime = Field(description="When the counters were read")
    present: LiveMinute
    last: LiveMinute


def get_live() -> Live:
    """The counters as they are now. Raises GoogleAPIError."""
    at = now()
    minute = at.replace(second=0, microsecond=0)
    return Live(as_of=at, present=_told(minute), last=_told(minute - MINUTE))


def minutes_since(told: datetime) -> Iterator[LiveMinute]:
    """The whole minutes after the one that starts at `told`, in order, at most LOOK_BACK of them. Raises GoogleAPIError."""
    present = now().replace(second=0, microsecond=0)
    minute = max(told + MINUTE, present - LOOK_BACK)
    while minute < present:
        yield _told(minute)
        minute += MINUTE


class LiveReading:
    """One reading for all who ask at about the same time: a hundred viewers cost as much as one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._live: Live | None = None
        self._read_at = 0.0

    def latest(self) -> Live:
        """Counters read less than SHARED_SECONDS ago. Raises GoogleAPIError."""
        with self._lock:
            if self._live is None or time.monotonic() - self._read_at > SHARED_SECONDS:
                began = time.monotonic()
                self._live, self._read_at = get_live(), began
            return self._live


def _told(minute: datetime) -> LiveMinute:
    return LiveMinute.of(minute, live_counts(minute))
