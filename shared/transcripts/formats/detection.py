"""Detection: which format a file has, by what it says, or else by its name."""

import re
from pathlib import PurePath
from typing import Literal, get_args

from shared.transcripts.formats.errors import MalformedTranscript
from shared.transcripts.formats.lines import lines_of
from shared.transcripts.formats.stamps import is_range
from shared.transcripts.formats.vtt import is_zoom

Format = Literal["json", "srt", "vtt", "word_vtt", "zoom_vtt", "json3", "txt"]
FORMATS: tuple[Format, ...] = get_args(Format)
_MEDIA_TYPES: dict[Format, str] = {
    "json": "application/json",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "word_vtt": "text/vtt",
    "zoom_vtt": "text/vtt",
    "json3": "application/json",
    "txt": "text/plain",
}

_JSON = re.compile(r"\{|\[\s*[\[\]{\"]")
"""How it begins. A bracket before a word or a time is a plain text's: who speaks, or when."""
_FOREIGN = {
    re.compile(r"\[Script Info\]", re.IGNORECASE): "an ASS or SSA file",
    re.compile(r"<(?:\?xml|tt\b|html\b|!doctype)", re.IGNORECASE): "XML or HTML",
}
"""How files begin that are no transcript in any format that is read."""


def media_type(format_name: Format) -> str:
    """What a file of the format is on the wire."""
    return _MEDIA_TYPES[format_name]


def extension(format_name: Format) -> str:
    """How the name of a file of the format ends."""
    return format_name.rpartition("_")[2]


def detect(text: str, filename: str | None = None) -> Format:
    """The format of a file. What it says counts more than what it is called: a `.txt` can be WebVTT.

    Raises MalformedTranscript for a file that is known to be something else."""
    begins = text.removeprefix("\ufeff").lstrip()
    foreign = next((name for beginning, name in _FOREIGN.items() if beginning.match(begins)), None)
    if foreign is not None:
        raise MalformedTranscript(f"This is {foreign}. Export it as SRT or WebVTT.", "unknown-format", line=1)
    named = PurePath(filename or "").suffix.lower().removeprefix(".")
    if text.removeprefix("\ufeff").startswith("WEBVTT"):
        return "zoom_vtt" if is_zoom(text) else "vtt"
    if _JSON.match(begins) and named not in ("srt", "vtt", "txt"):
        return "json" if '"events"' not in text or '"segments"' in text else "json3"
    if named in ("srt", "vtt", "json", "json3"):
        return named  # type: ignore[return-value]
    return "srt" if any(is_range(line.text) for line in lines_of(text)) else "txt"


def checked(format_name: str) -> Format:
    """The name of a format. Raises MalformedTranscript for any other."""
    for known in FORMATS:
        if known == format_name:
            return known
    detail = f"There is no format {format_name!r}. Choose one of {', '.join(FORMATS)}."
    raise MalformedTranscript(detail, "unknown-format")
