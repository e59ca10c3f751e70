"""WebVTT: with voices, with the time of every word inside its cue, as Zoom writes it, as YouTube rolls it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from shared.transcripts.formats.cue import Cue, Cues
from shared.transcripts.formats.errors import MalformedTranscript
from shared.transcripts.formats.forward import forward
from shared.transcripts.formats.growing import said_once
from shared.transcripts.formats.languages import language_code
from shared.transcripts.formats.lines import Line, blocks_of, lines_of
from shared.transcripts.formats.payload import Span, spans_of
from shared.transcripts.formats.rolling import ShownLines
from shared.transcripts.formats.stamps import is_range, read_range
from shared.transcripts.formats.timestamp_map import read_offset
from shared.transcripts.formats.turns import with_name
from shared.transcripts.formats.voices import are_named
from shared.transcripts.spreading import spread

CODE = "malformed-vtt"
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_META = re.compile(r"\s*([A-Za-z-]+)\s*:\s*(.*?)\s*")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s.*)?")


def read_vtt(text: str) -> Cues:
    """The cues; speakers from `<v Name>`, times of words from the stamps inside. Raises MalformedTranscript, naming the line."""
    header, shown = _parsed(text)
    cues = tuple(cue for each in said_once(shown) for cue in _cues(each))
    return Cues(cues, language_code(header.get("language")))


def read_zoom_vtt(text: str) -> Cues:
    """As read_vtt, and the name that a cue begins with is its speaker."""
    told = read_vtt(text)
    return replace(told, cues=tuple(with_name(cue) for cue in told.cues))


def is_zoom(text: str) -> bool:
    """Whether a WebVTT file numbers its cues and begins most of them with a name, as Zoom does."""
    try:
        _, shown = _parsed(text)
    except MalformedTranscript:
        return False
    texts = ["\n".join(each.lines) for each in shown]
    return not any("<v" in each for each in texts) and all(each.name.isdecimal() for each in shown) and are_named(texts)


def _parsed(text: str) -> tuple[dict[str, str], list[ShownLines]]:
    """What the header tells, and the cues as they are shown."""
    lines = lines_of(text)
    if not _HEADER.fullmatch(lines[0].text):
        raise MalformedTranscript("A WebVTT file begins with the line WEBVTT.", CODE, line=1)
    end = next((place for place, line in enumerate(lines) if line.is_blank or is_range(line.text)), len(lines))
    header = {found[1].lower(): found[2] for line in lines[1:end] if (found := _META.fullmatch(line.text))}
    return header, forward(list(_shown(lines[1:end], lines[end:])), CODE)


def _shown(header: Sequence[Line], lines: list[Line]) -> Iterator[ShownLines]:
    """The cues, on the clock that they are meant by."""
    offset, segments = read_offset(header), 1
    before: ShownLines | None = None
    seen: set[tuple[float, float, tuple[str, ...]]] = set()
    for block in blocks_of(lines):
        if _HEADER.fullmatch(block[0].text):  # Segments of a stream, one after the other in a file.
            offset, segments = read_offset(block[1:]), segments + 1
            continue
        if _ASIDE.fullmatch(block[0].text):
            continue
        for entry in _entries(block):
            if isinstance(entry, ShownLines):
                if before is not None:
                    yield before
                before = _moved(entry, offset)
                # What is shown across the border of two segments is in both.
                key = before.start, before.end, before.lines
                before = None if segments > 1 and key in seen else before
                seen.add(key)
            elif before is not None:  # A blank line inside a text.
                before = replace(before, lines=(*before.lines, *(line.text for line in entry)))
            elif not seen:
                detail = "Text without a time. Write a line such as 00:00:01.000 --> 00:00:03.000 above it."
                raise MalformedTranscript(detail, CODE, line=entry[0].number)
    if before is not None:
        yield before


def _moved(cue: ShownLines, offset: float) -> ShownLines:
    if not offset:
        return cue
    return replace(cue, start=max(0.0, cue.start + offset), end=max(0.0, cue.end + offset), offset=offset)


def _entries(block: Sequence[Line]) -> Iterator[ShownLines | Sequence[Line]]:
    """The cues of a block: one, but where a blank line between two is missing; and text that has no time."""
    timed = [place for place, line in enumerate(block) if is_range(line.text)]
    if not timed or timed[0] > 1:
        yield block[: timed[0]] if timed else block
    for place, following in zip(timed, [*timed, len(block)][1:], strict=True):
        start, end, _ = read_range(block[place].text, block[place].number, CODE)
        name = block[place - 1].text.strip() if place == 1 else ""
        yield ShownLines(
            start, end, tuple(line.text for line in block[place + 1 : following]), block[place].number, name
        )


def _cues(shown: ShownLines) -> Iterator[Cue]:
    """A cue for each voice, one after the other."""
    if shown.pieces:
        voices = (span.speaker for span in spans_of("\n".join(shown.lines)) if span.speaker is not None)
        yield Cue(shown.start, shown.end, shown.pieces, next(voices, None), shown.line, shown.lingers)
        return
    spans = [_later(span, shown.offset) for span in spans_of("\n".join(shown.lines)) if span.text.strip()]
    shares = spread([span.text for span in spans], shown.start, shown.end)
    starts = [shown.start, *(_start(span, share[0]) for span, share in zip(spans[1:], shares[1:], strict=True))]
    for span, start, end in zip(spans, starts, [*starts[1:], shown.end], strict=False):
        yield Cue(start, max(start, end), span.pieces, span.speaker, shown.line, shown.lingers)


def _later(span: Span, offset: float) -> Span:
    """The span with the times of its words moved."""
    if not offset:
        return span
    pieces = (
        piece if piece.start is None else replace(piece, start=max(0.0, piece.start + offset)) for piece in span.pieces
    )
    return replace(span, pieces=tuple(pieces))


def _start(span: Span, share: float) -> float:
    return next((piece.start for piece in span.pieces if piece.start is not None), share)
