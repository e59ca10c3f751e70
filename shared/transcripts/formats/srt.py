"""SubRip (.srt), as it is found: without numbers, with a dot for the comma, with blank lines inside a text, as YouTube's .sbv."""

import html
import re
from collections.abc import Iterator

from shared.transcripts.formats.cue import Cue, Cues, Piece
from shared.transcripts.formats.errors import MalformedTranscript
from shared.transcripts.formats.forward import forward
from shared.transcripts.formats.growing import said_once
from shared.transcripts.formats.laying import Shown, layout
from shared.transcripts.formats.lines import Line, lines_of
from shared.transcripts.formats.rolling import ShownLines
from shared.transcripts.formats.stamps import RANGE_EXAMPLE, is_range, read_range, write_stamp
from shared.transcripts.formats.voices import bracketed
from shared.transcripts.transcript import Transcript

CODE = "malformed-srt"
_JOINER = "\u2060"
"""A character that is not seen. SRT has no way of writing what looks like a tag, or the arrow of a time, and is none: with this
behind its first sign no player takes it for one."""
_SIGN = r"(?:amp|lt|gt|quot|apos|nbsp|lrm|rlm|#\d{1,6}|#x[\da-f]{1,5});"
_LOOKS_LIKE_MARKUP = re.compile(
    rf"<(?=/?(?:[biu]|font|c|v|ruby|rt)\b[^<>]*>)|\{{(?=\\[^{{}}]*\}})|-(?=->)|&(?={_SIGN})|\[(?=br\])|(?<!:)\\(?=(?-i:N))",
    re.IGNORECASE,
)
_JOINED = re.compile(rf"([<{{&[\\]|-(?={_JOINER}->)){_JOINER}")
_TAG = re.compile(r"</?(?:[biu]|font|c|v|ruby|rt)\b[^<>]*>|\{\\[^{}]*\}", re.IGNORECASE)
_ENTITY = re.compile(f"&{_SIGN}", re.IGNORECASE)
"""What converters of WebVTT leave behind."""
_BREAK = re.compile(r"(?i:\[br\])|(?<!:)\\N")
"""A line break of .sbv, and one that a converter of ASS has left; `C:\\News` is none."""


def read_srt(text: str) -> Cues:
    """The cues. Raises MalformedTranscript, naming the line."""
    shown = forward([_shown(*each) for each in _entries(lines_of(text))], CODE)
    return Cues(tuple(map(_cue, said_once(shown))))


def write_srt(transcript: Transcript, *, speakers: bool = False) -> str:
    """Numbered cues of two lines at most; with `speakers`, `[Name]: ` where somebody else begins to speak."""
    blocks = []
    before: str | None = None
    for number, shown in enumerate(layout(transcript), 1):
        name = f"[{shown.speaker}]: " if speakers and shown.speaker and shown.speaker != before else ""
        before = shown.speaker
        text = _LOOKS_LIKE_MARKUP.sub(rf"\g<0>{_JOINER}", f"{name}{shown.text}")
        blocks.append(f"{number}\n{_range(shown)}\n{text}\n")
    return "\n".join(blocks)


def _range(shown: Shown) -> str:
    return f"{write_stamp(shown.start, ',')} --> {write_stamp(shown.end, ',')}"


def _entries(lines: list[Line]) -> Iterator[tuple[Line, list[Line]]]:
    """Each line of time with the lines of text under it. The number before the next line of time is no text."""
    timed = [place for place, line in enumerate(lines) if is_range(line.text)]
    first = timed[0] if timed else len(lines)
    for place, line in enumerate(lines[:first]):
        if not line.is_blank and not (timed and place == first - 1 and _is_number(line)):
            _refuse_start(line)
    for place, following in zip(timed, [*timed, len(lines)][1:], strict=True):
        under = lines[place + 1 : following]
        if following < len(lines) and under and _is_number(under[-1]):
            under = under[:-1]
        yield lines[place], under


def _refuse_start(line: Line) -> None:
    detail = f"Text where a subtitle's number or time should be. A subtitle begins with a line such as {RANGE_EXAMPLE}."
    raise MalformedTranscript(detail, CODE, line=line.number)


def _is_number(line: Line) -> bool:
    return line.text.strip().isdecimal()


def _shown(times: Line, under: list[Line]) -> ShownLines:
    start, end, _ = read_range(times.text, times.number, CODE)
    text = _BREAK.sub("\n", _TAG.sub("", "\n".join(line.text for line in under)))
    text = _JOINED.sub(r"\1", _ENTITY.sub(lambda found: html.unescape(found[0]), text))
    return ShownLines(start, end, tuple(text.split("\n")), times.number)


def _cue(shown: ShownLines) -> Cue:
    speaker, text = bracketed("\n".join(shown.lines).strip())
    return Cue(shown.start, shown.end, shown.pieces or (Piece(text),), speaker, shown.line, shown.lingers)
