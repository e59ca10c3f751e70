"""Carrying: what of a source's sentences the film shows, and when.

A sentence out of which words were cut is one sentence still: its parts follow each other at once, and are read together."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.kompositions.drawing.footage import FootagePiece
    from shared.kompositions.drawing.sentence import Sentence

_MOST_MISSED = Fraction(1, 2)
"""Of a word may be cut off by an edit; of which more is missing is not said."""
_AT_ONCE = Fraction(1)
"""Seconds between parts of a sentence that are read together."""


def carry(said: "Sequence[Sentence]", pieces: "Sequence[FootagePiece]") -> "list[Sentence]":
    """The sentences of a source in times of the film, which shows these pieces of it, in order."""
    ordered = sorted(said, key=lambda sentence: sentence.start)
    starts = [sentence.start for sentence in ordered]
    longest = max((sentence.end - sentence.start for sentence in ordered), default=Fraction(0))
    found: list[Sentence] = []
    open_sentence, reached = -1, Fraction(0)
    for piece in pieces:
        first = bisect_left(starts, piece.source_start - longest)
        for number in range(first, bisect_left(starts, piece.source_end)):
            part = _carried(ordered[number], piece)
            if part is None:
                continue
            goes_on = number == open_sentence and piece.source_start >= reached
            if goes_on and 0 <= part.start - found[-1].end <= _AT_ONCE:
                found[-1] = replace(found[-1], words=found[-1].words + part.words, end=part.end)
            else:
                found.append(part)
            open_sentence, reached = number, piece.source_end
    return found


def _carried(sentence: "Sentence", piece: "FootagePiece") -> "Sentence | None":
    """What of a sentence is said in a piece of its source, in times of the film."""
    words = []
    for word in sentence.words:
        start, end = max(word.start, piece.source_start), min(word.end, piece.source_end)
        heard = piece.source_start <= word.start < piece.source_end if word.start == word.end else start < end
        if heard and (end - start) >= (word.end - word.start) * (1 - _MOST_MISSED):
            words.append(replace(word, start=piece.film(start), end=piece.film(end)))
    if not words:
        return None
    start = piece.film(sentence.start) if sentence.start >= piece.source_start else words[0].start
    end = piece.film(sentence.end) if sentence.end <= piece.source_end else words[-1].end
    return replace(sentence, words=tuple(words), start=min(start, words[0].start), end=max(end, words[-1].end))
