"""Plain text: paragraphs, with a time before them or none, with a name before them or none."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shared.transcripts.formats.cue import Cue, Cues, Piece
from shared.transcripts.formats.errors import MalformedTranscript
from shared.transcripts.formats.lines import Line, blocks_of, lines_of
from shared.transcripts.formats.stamps import read_stamp, write_stamp
from shared.transcripts.formats.voices import are_named, bracketed, named
from shared.transcripts.spreading import PACE, longest
from shared.transcripts.transcript import Segment, Transcript
from shared.transcripts.wording import joined, words_in

CODE = "malformed-txt"
_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_LEADING = re.compile(rf"\s*[\[(]({_TIME})[\])]\s*[-–—]?\s*(.*)|\s*({_TIME})(?:\s+[-–—]?\s*(.*)|\s*)")
_TRAILING = re.compile(rf"\s*([^\d\s][^:\n]{{0,79}}?)\s+[\[(]?({_TIME})[\])]?\s*")
Span = tuple[float, float]


@dataclass(frozen=True)
class _Paragraph:
    """Text, with the time at which it begins where the file tells."""

    text: str
    line: int
    start: float | None = None
    speaker: str | None = None


def read_txt(text: str, duration: float | None = None) -> Cues:
    """The paragraphs as cues. Times are the file's where it has some (`[00:01:05] …`, `0:05` on a line of its own, `Ada 1:05`);
    else the text is spread over `duration` seconds, or goes at 150 words a minute. Raises MalformedTranscript with the line."""
    lines = lines_of(text)
    timed = any(_LEADING.fullmatch(line.text) for line in lines) or _has_headings(lines)
    paragraphs = list(_by_time(lines)) if timed else list(_by_blanks(lines))
    return Cues(tuple(_cues(_with_names(paragraphs), duration)), length=duration)


def write_txt(transcript: Transcript, *, times: bool = False) -> str:
    """A paragraph for each turn of a speaker, `Name: ` before it, and `[00:01:05] ` with `times`."""
    turns = [
        f"{f'[{write_stamp(turn[0].start)[:8]}] ' if times else ''}{f'{speaker}: ' if speaker else ''}"
        f"{joined(segment.text for segment in turn)}"
        for speaker, turn in _turns(transcript.segments)
    ]
    return "\n\n".join(turns) + "\n" if turns else ""


def _turns(segments: Sequence[Segment]) -> Iterator[tuple[str | None, list[Segment]]]:
    """Segments of one speaker that follow one another; nobody's each for itself, as sentences are."""
    turn: list[Segment] = []
    for segment in segments:
        if turn and (segment.speaker != turn[0].speaker or segment.speaker is None):
            yield turn[0].speaker, turn
            turn = []
        turn.append(segment)
    if turn:
        yield turn[0].speaker, turn


def _has_headings(lines: Sequence[Line]) -> bool:
    """Whether paragraphs have headings such as `Ada Lovelace  1:05`."""
    first = next((line for line in lines if not line.is_blank), None)
    return first is not None and _TRAILING.fullmatch(first.text) is not None


def _by_blanks(lines: list[Line]) -> Iterator[_Paragraph]:
    for block in blocks_of(lines):
        for line in block:
            yield _Paragraph(line.text, line.number)


def _by_time(lines: Sequence[Line]) -> Iterator[_Paragraph]:
    current: _Paragraph | None = None
    for line in lines:
        begun = _begun(line)
        if begun is not None:
            if current is not None:
                yield current
            current = begun
        elif line.is_blank:
            continue
        elif current is None:
            detail = "Text without a time, though others have one. Write a time above it, such as [00:00:01]."
            raise MalformedTranscript(detail, CODE, line=line.number)
        else:
            current = replace(current, text=f"{current.text}\n{line.text}".strip())
    if current is not None:
        yield current


def _begun(line: Line) -> _Paragraph | None:
    if found := _LEADING.fullmatch(line.text):
        stamp, rest, speaker = found[1] or found[3], found[2] or found[4] or "", None
    elif found := _TRAILING.fullmatch(line.text):
        stamp, rest, speaker = found[2], "", found[1]
    else:
        return None
    start = read_stamp(stamp)
    if start is None:
        detail = f"{stamp!r} is no time. Minutes and seconds are below 60."
        raise MalformedTranscript(detail, CODE, line=line.number)
    return _Paragraph(rest, line.number, start, speaker)


def _with_names(paragraphs: Sequence[_Paragraph]) -> list[_Paragraph]:
    """Speakers from the text, where most paragraphs begin with a name. One alone may be a sentence with a colon."""
    told = [each.text for each in paragraphs if each.speaker is None and each.text]
    split = named if are_named(told, least=2) else bracketed
    return [_named(each, *split(each.text)) if each.speaker is None else each for each in paragraphs]


def _named(paragraph: _Paragraph, speaker: str | None, text: str) -> _Paragraph:
    return replace(paragraph, speaker=speaker, text=text)


def _cues(paragraphs: Sequence[_Paragraph], duration: float | None) -> Iterator[Cue]:
    told = [each for each in paragraphs if words_in(each.text)]
    starts = [each.start for each in told if each.start is not None]
    timed = len(starts) == len(told)
    spans = _until_next(told, starts, duration) if timed else _in_turn(told, duration)
    for each, (start, end) in zip(told, spans, strict=True):
        yield Cue(start, max(start, end), (Piece(each.text),), each.speaker, each.line, lingers=timed)


def _until_next(told: Sequence[_Paragraph], starts: Sequence[float], duration: float | None) -> Iterator[Span]:
    """Each until the next begins; the last until the recording ends."""
    for place, (each, start) in enumerate(zip(told, starts, strict=True)):
        if place + 1 < len(starts):
            yield start, starts[place + 1]
        else:
            yield start, start + _slowly(each) if duration is None else duration


def _in_turn(told: Sequence[_Paragraph], duration: float | None) -> Iterator[Span]:
    """Over the whole recording, by their words."""
    whole = duration if duration is not None else PACE * sum(len(words_in(each.text)) for each in told)
    pace = whole / sum(map(_slowly, told))
    at = 0.0
    for each in told:
        start, at = at, at + pace * _slowly(each)
        yield round(start, 3), round(min(at, whole), 3)


def _slowly(paragraph: _Paragraph) -> float:
    return sum(map(longest, words_in(paragraph.text)))
