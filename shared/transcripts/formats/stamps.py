"""Time stamps of subtitle files: `00:01:02,345`, `01:02.345`; YouTube's .sbv has `0:01:02.345,0:01:04.000` for a range."""

import re

from shared.transcripts.formats.errors import MalformedTranscript

_STAMP = re.compile(r"(-)?(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?")
_RANGE = re.compile(r"\s*(\S+)\s*-->\s*(\S+)(.*)", re.DOTALL)
_SBV = re.compile(r"\s*(\d{1,3}:\d{2}:\d{2}\.\d{1,3}),(\d{1,3}:\d{2}:\d{2}\.\d{1,3})()\s*")
_LOOSE = re.compile(r"(?<=\d)\s*([:.,])\s+(?=\d)|(?<=\d)\s+([:.,])(?=\d)")
"""A sign inside a time stamp with blanks at it."""
_ALMOST = re.compile(r"\s*\d{1,4}:\d{1,2}[\d:.,]*\s*[-–—=~>]+\s*\d{1,4}:\d{1,2}[\d:.,]*.*")
"""A line that means to be a range of time."""
RANGE_EXAMPLE = "00:00:01,000 --> 00:00:03,500"


def read_stamp(text: str) -> float | None:
    """Seconds, or None if it is no time stamp. Hours may be left out, and so may what is smaller than a second.

    A time below 0, which subtitles have that were moved, is 0; `00:00:60,000`, which is rounded up, is a minute."""
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    negative, hours, minutes, seconds, fraction = found.groups()
    rounded = int(seconds) == 60 and int(fraction or 0) == 0
    if int(minutes) > 59 or (int(seconds) > 59 and not rounded):
        return None
    return 0.0 if negative else int(hours or 0) * 3600 + int(minutes) * 60 + float(f"{int(seconds)}.{fraction or 0}")


def is_range(line: str) -> bool:
    """Whether the line is, or means to be, `start --> end`."""
    return "-->" in line or any(form.fullmatch(line) is not None for form in (_SBV, _ALMOST))


def read_range(line: str, number: int, code: str) -> tuple[float, float, str]:
    """Start and end in seconds, and what stands behind them; where it ends may be before where it starts.

    Raises MalformedTranscript, naming the line."""
    line = _LOOSE.sub(lambda sign: sign[1] or sign[2], line)
    found = _RANGE.fullmatch(line) or _SBV.fullmatch(line)
    if found is None:
        raise MalformedTranscript(
            f"{_shown(line)} is no range of time. Write it as {RANGE_EXAMPLE}.", code, line=number
        )
    start, end = read_stamp(found[1]), read_stamp(found[2])
    if start is None or end is None:
        wrong = found[1] if start is None else found[2]
        raise MalformedTranscript(
            f"{_shown(wrong)} is no time. Write hours:minutes:seconds, minutes and seconds below 60, as in 00:00:01,000.",
            code,
            line=number,
        )
    return start, end, found[3]


def write_stamp(seconds: float, mark: str = ".") -> str:
    """`01:02:03.456`; `mark` is what stands before the milliseconds."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{mark}{milliseconds:03d}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}…")
