"""Lines: the bytes of a file as text, and text as numbered lines."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.transcripts.formats.errors import MalformedTranscript

_BREAK = re.compile(r"\r\n|\r|\n")
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""In this order: the mark of UTF-16 is how that of UTF-32 begins."""
_SAMPLE, _ZEROS = 4096, 20
"""Bytes that are looked at for zeros, and the share of them, one in so many, that no other encoding has."""


@dataclass(frozen=True)
class Line:
    """A line and its number, counted from 1."""

    number: int
    text: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing is in it."""
        return not self.text.strip()


def decode_text(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16, UTF-32 with a mark, or else Windows-1252, in which many subtitles are."""
    encoding = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), _unmarked(data))
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise MalformedTranscript(
                f"The file begins as {encoding} does and is not. Save it as UTF-8.", "malformed-text"
            ) from error
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = len(_BREAK.findall(data[: error.start].decode("latin-1"))) + 1
        detail = "The file is neither UTF-8 nor Windows-1252. Save it as UTF-8."
        raise MalformedTranscript(detail, "malformed-text", line=line) from error


def _unmarked(data: bytes) -> str:
    """UTF-16 without a mark shows by the zeros: every other byte of what is written in Latin letters, or of its line breaks."""
    sample = data[:_SAMPLE]
    high, low = sample[::2].count(0), sample[1::2].count(0)
    if max(high, low) * _ZEROS < len(sample) or min(high, low) * 2 > max(high, low):
        return "utf-8"
    return "utf-16-be" if high > low else "utf-16-le"


def lines_of(text: str) -> list[Line]:
    """Numbered, without a byte order mark."""
    return [Line(number, line) for number, line in enumerate(_BREAK.split(text.removeprefix("\ufeff")), 1)]


def blocks_of(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines that no blank line is between."""
    block: list[Line] = []
    for line in lines:
        if not line.is_blank:
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block
