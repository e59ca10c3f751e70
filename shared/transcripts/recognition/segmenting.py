"""Segmenting: words as sentences, or as what is said in one breath where there is no punctuation."""

from collections.abc import Sequence
from itertools import pairwise

from shared.transcripts.recognition.timing import TimedWord
from shared.transcripts.transcript import Segment, Word
from shared.transcripts.wording import ends_sentence

BREATH = 0.8
"""Seconds of silence that end a segment."""
LONGEST = 15.0
"""Seconds of a segment; where a sentence is longer it is parted at its longest pauses."""
MOST_WORDS = 45
"""Of a segment, whose text stays below what one may have, whatever its words are."""


def segments_of(words: Sequence[TimedWord], speakers: Sequence[str | None] | None = None) -> tuple[Segment, ...]:
    """The segments of a recording; `speakers` says who says each word. A change of speaker ends a segment."""
    who = speakers or [None] * len(words)
    borders = [0, *(at for at in range(1, len(words)) if _ends(words, who, at)), len(words)]
    parts = [part for start, end in pairwise(borders) for part in _short(words, start, end)]
    return tuple(_segment(words[start:end], who[start:end]) for start, end in parts)


def _ends(words: Sequence[TimedWord], who: Sequence[str | None], at: int) -> bool:
    """Whether a segment ends before this word."""
    before, word = words[at - 1], words[at]
    return who[at - 1] != who[at] or ends_sentence(before.text.strip()) or word.start - before.end >= BREATH


def _short(words: Sequence[TimedWord], start: int, end: int) -> list[tuple[int, int]]:
    """A stretch of words, parted at the longest pause near its middle as long as it is too long."""
    if end - start < 2 or (words[end - 1].end - words[start].start <= LONGEST and end - start <= MOST_WORDS):
        return [(start, end)] if end > start else []
    near = range(start + max(1, (end - start) // 4), max(start + 2, end - (end - start) // 4))
    at = max(near, key=lambda n: (words[n].start - words[n - 1].end, -abs(2 * n - start - end)))
    return [*_short(words, start, at), *_short(words, at, end)]


def _segment(words: Sequence[TimedWord], who: Sequence[str | None]) -> Segment:
    return Segment(
        start=words[0].start,
        end=max(word.end for word in words),
        text="".join(word.text for word in words).strip(),
        speaker=who[0],
        words=tuple(
            Word(
                word=word.text.strip(),
                start=word.start,
                end=word.end,
                probability=None if word.probability is None else round(word.probability, 3),
                speaker=speaker,
            )
            for word, speaker in zip(words, who, strict=True)
        ),
    )
