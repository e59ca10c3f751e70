"""Durations as people write them."""

import re
from datetime import timedelta
from typing import Any

_DURATION = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,5})m)?(?:(\d{1,5})s)?")
_SECONDS = (86_400, 3600, 60, 1)


def parse_duration(text: Any) -> Any:
    """`1d12h`, `5m` or `30s` as a timedelta. Raises ValueError."""
    if isinstance(text, timedelta):
        return text
    found = _DURATION.fullmatch(text) if isinstance(text, str) and text else None
    if found is None:
        raise ValueError("write a time like 30s, 5m, 4h or 1d12h")
    parts = zip(_SECONDS, found.groups(), strict=True)
    return timedelta(seconds=sum(size * int(count or 0) for size, count in parts))


def write_duration(duration: timedelta) -> str:
    """The shortest text that `parse_duration` reads as this; whole seconds."""
    left, parts = int(duration.total_seconds()), ""
    for size, unit in zip(_SECONDS, "dhms", strict=True):
        count, left = divmod(left, size)
        parts += f"{count}{unit}" if count else ""
    return parts or "0s"
