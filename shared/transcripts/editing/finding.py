"""Finding words in a transcript, and writing others in their place."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.transcripts.aligning import retimed
from shared.transcripts.building import bounded
from shared.transcripts.editing.edits import Query
from shared.transcripts.editing.searching import Span, spans
from shared.transcripts.transcript import Segment, Transcript, Word
from shared.transcripts.wording import separator, words_in

CONTEXT = 40
"""Characters of what is said before and after a match."""


@dataclass(frozen=True)
class Match:
    """Where something is found: words `first` to `last` of the whole transcript, when they are said, and what is around them."""

    first: int
    last: int
    start: float
    end: float
    text: str
    before: str
    after: str
    speaker: str | None


def find(transcript: Transcript, query: Query) -> list[Match]:
    """Every place, in order."""
    found: list[Match] = []
    counted = 0
    for segment in transcript.segments:
        line = _Line.of(segment.words)
        for match in _asked(segment, line, query):
            first, last = line.words_at(match)
            found.append(
                Match(
                    first=counted + first,
                    last=counted + last,
                    start=segment.words[first].start,
                    end=segment.words[last].end,
                    text=line.text[match.start : match.end],
                    before=line.text[max(0, match.start - CONTEXT) : match.start],
                    after=line.text[match.end : match.end + CONTEXT],
                    speaker=segment.words[first].speaker or segment.speaker,
                )
            )
        counted += len(segment.words)
    return found


def places(segments: Sequence[Segment], query: Query) -> list[list[Span]]:
    """Where something is found in the text of each segment."""
    return [_asked(segment, _Line.of(segment.words), query) for segment in segments]


def replaced(segments: Sequence[Segment], found: Sequence[Sequence[Span]], replacement: str) -> list[Segment]:
    """The segments with the replacement at the places `found` in each. One that is left without words is gone; one that
    becomes too long, several."""
    after: list[Segment] = []
    for segment, matches in zip(segments, found, strict=True):
        if matches:
            line = _Line.of(segment.words)
            after += bounded(_rewritten(segment.words, line, matches, replacement), segment.speaker)
        else:
            after.append(segment)
    return after


def rewritten(words: Sequence[Word], text: str) -> list[Word]:
    """Words, at least one, written anew as `text` in the time that they had."""
    heard = sorted(words, key=lambda word: word.start)
    end = max(word.end for word in words)
    return retimed(words_in(text), heard, heard[0].start, end, speaker=words[0].speaker)


@dataclass(frozen=True)
class _Line:
    """The words of a segment as text, and where each begins in it."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, words: Sequence[Word]) -> "_Line":
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        length, before = 0, ""
        for word in words:
            gap = separator(before, word.word)
            text += (gap, word.word)
            starts.append(length + len(gap))
            length += len(gap) + len(word.word)
            ends.append(length)
            before = word.word
        return cls("".join(text), tuple(starts), tuple(ends))

    def words_at(self, match: Span) -> tuple[int, int]:
        """The first and the last word of which something is in it."""
        return bisect_right(self.ends, match.start), bisect_right(self.ends, match.end - 1)


def _asked(segment: Segment, line: _Line, query: Query) -> list[Span]:
    """Where it is found in what is said by whom the query asks for."""
    found = spans(line.text, query)
    if query.speaker is None:
        return found
    saying = [(word.speaker or segment.speaker) == query.speaker for word in segment.words]
    touched = [line.words_at(match) for match in found]
    return [match for match, (first, last) in zip(found, touched, strict=True) if all(saying[first : last + 1])]


def _rewritten(words: Sequence[Word], line: _Line, matches: Sequence[Span], replacement: str) -> list[Word]:
    """Words that a match touches are written anew, matches that share a word together; all others stay as they are."""
    after: list[Word] = []
    at = 0
    for first, last, text in _touched(line, matches, replacement):
        after += words[at:first]
        after += rewritten(words[first : last + 1], text)
        at = last + 1
    return [*after, *words[at:]]


def _touched(line: _Line, matches: Sequence[Span], replacement: str) -> Iterator[tuple[int, int, str]]:
    """First and last word, and what is to be there."""
    first = last = -1
    at, text = 0, ""
    for match in matches:
        begins, ends = line.words_at(match)
        if first >= 0 and begins > last:
            yield first, last, text + line.text[at : line.ends[last]]
            first = -1
        if first < 0:
            first, at, text = begins, line.starts[begins], ""
        text += line.text[at : match.start] + replacement
        last, at = max(last, ends), match.end
    if first >= 0:
        yield first, last, text + line.text[at : line.ends[last]]
