"""Finding words in a transcript, and writing others in their place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.transcripts.aligning import retimed
from shared.transcripts.building import segment_of
from shared.transcripts.editing.edits import Query
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
    pattern = _pattern(query)
    found: list[Match] = []
    counted = 0
    for segment in transcript.segments:
        line = _Line.of(segment.words)
        for match in pattern.finditer(line.text) if _is_asked(segment, query) else ():
            first, last = line.word_at(match.start()), line.word_at(match.end() - 1)
            found.append(
                Match(
                    first=counted + first,
                    last=counted + last,
                    start=segment.words[first].start,
                    end=segment.words[last].end,
                    text=match[0],
                    before=line.text[max(0, match.start() - CONTEXT) : match.start()],
                    after=line.text[match.end() : match.end() + CONTEXT],
                    speaker=segment.words[first].speaker or segment.speaker,
                )
            )
        counted += len(segment.words)
    return found


def replace(segments: Sequence[Segment], query: Query, replacement: str) -> tuple[list[Segment], int]:
    """The segments with the replacement wherever something is found, and how often that was. A segment that is left
    without words is gone."""
    pattern = _pattern(query)
    after: list[Segment] = []
    count = 0
    for segment in segments:
        line = _Line.of(segment.words)
        matches = list(pattern.finditer(line.text)) if _is_asked(segment, query) else []
        count += len(matches)
        words = _rewritten(segment.words, line, matches, replacement) if matches else list(segment.words)
        if matches and words:
            after.append(segment_of(words, speaker=segment.speaker))
        elif not matches:
            after.append(segment)
    return after, count


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

    def word_at(self, place: int) -> int:
        """The word with the character at `place`, or the one after it where that is a space."""
        return next(number for number, end in enumerate(self.ends) if place < end)


def _pattern(query: Query) -> re.Pattern[str]:
    text = r"\s+".join(map(re.escape, query.find.split())) or re.escape(query.find)
    edged = rf"(?<!\w){text}(?!\w)" if query.whole_words else text
    return re.compile(edged, 0 if query.match_case else re.IGNORECASE)


def _is_asked(segment: Segment, query: Query) -> bool:
    return query.speaker is None or segment.speaker == query.speaker


def _rewritten(words: Sequence[Word], line: _Line, matches: Sequence[re.Match[str]], replacement: str) -> list[Word]:
    """Words that a match touches are written anew, matches that share a word together; all others stay as they are."""
    after: list[Word] = []
    at = 0
    for first, last, text in _touched(line, matches, replacement):
        after += words[at:first]
        after += rewritten(words[first : last + 1], text)
        at = last + 1
    return [*after, *words[at:]]


def _touched(line: _Line, matches: Sequence[re.Match[str]], replacement: str) -> Iterator[tuple[int, int, str]]:
    """First and last word, and what is to be there."""
    first = last = -1
    at, text = 0, ""
    for match in matches:
        begins, ends = line.word_at(match.start()), line.word_at(match.end() - 1)
        if first >= 0 and begins > last:
            yield first, last, text + line.text[at : line.ends[last]]
            first = -1
        if first < 0:
            first, at, text = begins, line.starts[begins], ""
        text += line.text[at : match.start()] + replacement
        last, at = max(last, ends), match.end()
    if first >= 0:
        yield first, last, text + line.text[at : line.ends[last]]
