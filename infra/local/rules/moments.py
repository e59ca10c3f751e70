"""Calendar arithmetic on timestamps and durations."""

from datetime import UTC, date, datetime, timedelta

from .errors import EvaluationError
from .values import NANOS, Duration, Timestamp

DAY = 86_400 * NANOS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {
    "w": 7 * DAY,
    "d": DAY,
    "h": 3600 * NANOS,
    "m": 60 * NANOS,
    "s": NANOS,
    "ms": 1_000_000,
    "ns": 1,
}


def calendar(moment: Timestamp) -> datetime:
    """Date and time, UTC, to the second. Raises EvaluationError outside the years 1 to 9999."""
    try:
        return _EPOCH + timedelta(seconds=moment.nanos // NANOS)
    except OverflowError:
        raise EvaluationError("A timestamp lies outside the years 1 to 9999.") from None


def iso(moment: Timestamp) -> str:
    """RFC 3339, with as many decimals as are needed."""
    text = calendar(moment).strftime("%Y-%m-%dT%H:%M:%S")
    rest = moment.nanos % NANOS
    return f"{text}.{rest:09d}".rstrip("0") + "Z" if rest else f"{text}Z"


def from_datetime(moment: datetime) -> Timestamp:
    """A timestamp; one without a zone is taken for UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    since = aware - _EPOCH
    return Timestamp((since.days * 86_400 + since.seconds) * NANOS + since.microseconds * 1000)


def from_date(year: int, month: int, day: int) -> Timestamp:
    """Midnight of a day. Raises EvaluationError if there is no such day."""
    try:
        days = (date(year, month, day) - date(1970, 1, 1)).days
    except (ValueError, OverflowError):
        raise EvaluationError(f"There is no day {year}-{month}-{day}.") from None
    return Timestamp(days * DAY)


def duration_of(magnitude: int, unit: str) -> Duration:
    """So many weeks (w), days, hours, minutes (m), seconds, ms or ns. Raises EvaluationError for another unit."""
    if unit not in _UNITS:
        raise EvaluationError(f'"{unit}" is no unit of a duration; there are {", ".join(_UNITS)}.')
    return Duration(magnitude * _UNITS[unit])
