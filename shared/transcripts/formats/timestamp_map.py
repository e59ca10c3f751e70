"""Timestamp maps: when the times of a WebVTT segment are on the clock of the stream that it goes with (RFC 8216, 3.5)."""

import re
from collections.abc import Iterable

from shared.transcripts.formats.errors import MalformedTranscript
from shared.transcripts.formats.lines import Line
from shared.transcripts.formats.stamps import read_stamp

_MAP = re.compile(r"\s*X-TIMESTAMP-MAP\s*=\s*(.*?)\s*", re.IGNORECASE)
_PART = re.compile(r"\s*(LOCAL|MPEGTS)\s*:\s*([\d:.]+)\s*", re.IGNORECASE)
_TICKS = 90_000
"""Of the clock of MPEG-TS, a second."""


def read_offset(header: Iterable[Line]) -> float:
    """Seconds by which the cues of a segment are moved: 0 without a map. Raises MalformedTranscript, with the line."""
    for line in header:
        found = _MAP.fullmatch(line.text)
        if found is not None:
            return _offset(line, found[1])
    return 0.0


def _offset(line: Line, told: str) -> float:
    found = (_PART.fullmatch(each) for each in told.split(","))
    parts = {part[1].upper(): part[2] for part in found if part is not None}
    local, ticks = read_stamp(parts.get("LOCAL", "")), parts.get("MPEGTS", "")
    if local is None or not ticks.isdecimal():
        detail = "The timestamp map cannot be read. Write X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0, or leave it out."
        raise MalformedTranscript(detail, "malformed-vtt", line=line.number)
    return int(ticks) / _TICKS - local
