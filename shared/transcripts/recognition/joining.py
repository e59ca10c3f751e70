"""Joining: the words of all pieces as those of one recording. What two overlapping pieces have both heard is there once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from shared.transcripts.recognition.splitting import Piece
from shared.transcripts.recognition.timing import TimedWord
from shared.transcripts.recognition.voice import Span

SAME = 0.4
"""Seconds that the same word may lie apart in two pieces."""
_LEAST = 0.01
"""Seconds that are left of a word."""
_LETTERS = re.compile(r"[\W_]+")


def join(heard: Iterable[tuple[Piece, Sequence[TimedWord]]]) -> list[TimedWord]:
    """The words of pieces, which are in order, each once and none before the end of the one before it."""
    words: list[TimedWord] = []
    last: list[TimedWord] = []
    end = 0.0
    for piece, found in heard:
        if piece.overlaps:
            last = _joined(last, found, Span(piece.start, end))
        else:
            words += last
            last = list(found)
        end = piece.end
    return _in_order([*words, *last])


def _joined(before: Sequence[TimedWord], after: Sequence[TimedWord], overlap: Span) -> list[TimedWord]:
    """Both up to and from a word that both have heard; without one, to and from the middle of the overlap."""
    middle = (overlap.start + overlap.end) / 2
    seam = _seam(before, after, overlap.start, middle)
    if seam is not None:
        return [*before[: seam[0] + 1], *after[seam[1] + 1 :]]
    kept = [word for word in before if word.middle < middle]
    coming = [word for word in after if word.middle >= middle]
    if kept and coming and _said_once(kept[-1], coming[0]):
        if (kept[-1].probability or 0.0) >= (coming[0].probability or 0.0):
            coming = coming[1:]
        else:
            kept = kept[:-1]
    return [*kept, *coming]


def _seam(
    before: Sequence[TimedWord], after: Sequence[TimedWord], start: float, middle: float
) -> tuple[int, int] | None:
    """Which word of the one is which of the other: of those that both have heard, the one nearest to the middle."""
    pairs = [
        (abs(before[one].middle - middle), abs(before[one].middle - after[other].middle), one, other)
        for one in range(len(before) - 1, -1, -1)
        if before[one].end >= start
        for other in range(len(after))
        if abs(before[one].middle - after[other].middle) <= SAME and _spelled(before[one]) == _spelled(after[other])
    ]
    return min(pairs)[2:] if pairs else None


def _said_once(one: TimedWord, other: TimedWord) -> bool:
    """Whether two words are heard in the same sound: more than half of the shorter one."""
    shorter = min(one.end - one.start, other.end - other.start)
    return min(one.end, other.end) - max(one.start, other.start) > shorter / 2


def _spelled(word: TimedWord) -> str:
    return _LETTERS.sub("", word.text).casefold() or word.text.strip()


def _in_order(words: Sequence[TimedWord]) -> list[TimedWord]:
    """Where two pieces meet, a word may reach into the next one: it ends there."""
    ordered: list[TimedWord] = []
    for word in words:
        if ordered and word.start < ordered[-1].end:
            before = ordered[-1]
            border = min(max(word.start, before.start + _LEAST), before.end)
            ordered[-1] = replace(before, end=border)
            ordered.append(replace(word, start=border, end=max(word.end, border + _LEAST)))
        else:
            ordered.append(word)
    return ordered
