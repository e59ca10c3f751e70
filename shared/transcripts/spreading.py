"""Spreading: when the words of a text are said of which only start and end are known.

Speech goes at an even pace by letters, near enough; after a comma, a colon and the end of a sentence there is a pause."""

from collections.abc import Sequence

PACE = 0.4
"""Seconds a word when nothing tells how long the speech is: 150 words a minute."""
_LETTERS = 1.5
"""What a word takes beside its letters, in letters."""
_COMMA, _STOP = 1.5, 4.0
"""Pauses, in letters."""
_CLOSERS = "\"'”’»)]"


def spread(words: Sequence[str], start: float, end: float) -> list[tuple[float, float]]:
    """Start and end of each word, in order, none overlapping, within `start` and `end` (seconds): the first begins at `start`,
    the last ends at `end`. Of a millisecond's precision."""
    if not words:
        return []
    lengths = [_letters(word) for word in words]
    pauses = [*(_pause(word) for word in words[:-1]), 0.0]
    letter = (end - start) / (sum(lengths) + sum(pauses))
    times = []
    at = 0.0
    for length, pause in zip(lengths, pauses, strict=True):
        times.append((round(start + at * letter, 3), round(start + (at + length) * letter, 3)))
        at += length + pause
    return [(max(start, begin), min(end, max(begin, stop))) for begin, stop in times]


def longest(word: str) -> float:
    """Seconds that a word lasts at most when nothing tells its end: spoken slowly, with some of the silence after it."""
    return 0.35 + 0.1 * _letters(word)


def _letters(word: str) -> float:
    return _LETTERS + sum(character.isalnum() for character in word)


def _pause(word: str) -> float:
    last = word.rstrip(_CLOSERS)[-1:]
    return _STOP if last in tuple(".!?…。！？") else _COMMA if last in tuple(",;:、，；：") else 0.0
