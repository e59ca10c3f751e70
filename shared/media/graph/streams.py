"""The few ways in which streams are put together. Everything goes through ffmpeg-python, which escapes every value."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Stream = Any
"""A stream of ffmpeg-python, which has no types."""


def combine(streams: Sequence[Stream], name: str, **options: object) -> Stream:
    """The filter `name` of several streams."""
    import ffmpeg

    return ffmpeg.filter(list(streams), name, **options)


def copies(stream: Stream, count: int, *, sound: bool = False) -> list[Stream]:
    """The stream as often as it is needed: FFmpeg lets each be read once."""
    if count == 1:
        return [stream]
    several = stream.asplit() if sound else stream.split()
    return [several[place] for place in range(count)]


def decimal(seconds: Fraction) -> str:
    """Seconds to the microsecond, FFmpeg's own resolution."""
    return f"{float(seconds):.6f}"


def ratio(value: Fraction) -> str:
    """A fraction as FFmpeg reads it."""
    return f"{value.numerator}/{value.denominator}"
