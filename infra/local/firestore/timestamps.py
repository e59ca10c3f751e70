"""Points in time as Firestore keeps them: whole microseconds since 1970, which are also the versions of documents."""

import time

from .messages import Timestamp

MICROS = 1_000_000


def now_micros() -> int:
    """The clock, in microseconds since 1970."""
    return time.time_ns() // 1000


def to_timestamp(micros: int) -> Timestamp:
    """Microseconds as a protobuf Timestamp."""
    seconds, rest = divmod(micros, MICROS)
    return Timestamp(seconds=seconds, nanos=rest * 1000)


def to_micros(timestamp: Timestamp) -> int:
    """A protobuf Timestamp in microseconds; what is finer is cut off, as Firestore does."""
    return timestamp.seconds * MICROS + timestamp.nanos // 1000
