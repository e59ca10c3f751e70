"""Timing: every word gets a time in the recording, whatever the engine has told of it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from shared.transcripts.recognition.voice import MARGIN, Span

if TYPE_CHECKING:
    from shared.transcripts.engines import Heard
    from shared.transcripts.recognition.splitting import Piece

LEAST = 0.02
"""Seconds of a word, at least, where there is room."""
ASTRAY = 0.5
"""Seconds by which an engine may be wrong about where somebody begins to speak or falls silent."""
_UNSEEN = 0.05
"""Seconds of a voice before its curve rises."""
LONGEST_WORD = 200
"""Letters: what is longer is cut, as it is no word."""


@dataclass(frozen=True)
class TimedWord:
    """A word, with the space before it if its script has one; when it is said, seconds of the recording."""

    text: str
    start: float
    end: float
    probability: float | None

    @property
    def middle(self) -> float:
        """Seconds of the recording."""
        return (self.start + self.end) / 2


def timed(piece: "Piece", heard: Sequence["Heard"]) -> list[TimedWord]:
    """The words of a piece with times of the recording: one after the other, within what was heard.

    Where the engine tells no time, or an impossible one, words share what lies between their neighbours by their letters."""
    words = [part for word in _whole(heard) if word.text.strip() for part in _cut(word)]
    edges = _apart(_filled(_known(words, piece.seconds), words, piece.seconds), piece.seconds)
    placed: list[TimedWord] = []
    for word, (start, end) in zip(words, edges, strict=True):
        begins, span = piece.span_at((start + end) / 2)
        inside = [min(span.end, max(span.start, span.start + second - begins)) for second in (start, end)]
        placed.append(TimedWord(word[0], round(inside[0], 3), round(inside[1], 3), word[3]))
    return placed


def settled(words: Sequence[TimedWord], spans: Sequence[Span], seconds: float) -> list[TimedWord]:
    """The words of a sound of so many seconds, the first of each span where the voice begins, the last where it falls silent.

    There the voice is found to 50 ms, while engines are wrong by a tenth of a second and more. Where the sound itself begins or
    ends, nothing is known of the voice."""
    told: list[TimedWord] = []
    ends = [span.end for span in spans]
    for number, group in groupby(words, key=lambda word: min(bisect_left(ends, word.middle), len(spans) - 1)):
        said, span = list(group), spans[number]
        begins, falls_silent = round(span.start + MARGIN - _UNSEEN, 3), round(span.end - MARGIN, 3)
        if span.start > 0 and abs(said[0].start - begins) <= ASTRAY and begins + LEAST <= said[0].end:
            said[0] = replace(said[0], start=begins)
        if span.end < seconds and abs(said[-1].end - falls_silent) <= ASTRAY and said[-1].start + LEAST <= falls_silent:
            said[-1] = replace(said[-1], end=falls_silent)
        told += said
    return told


_Loose = tuple[str, float | None, float | None, float | None]


def _whole(heard: Sequence["Heard"]) -> list["Heard"]:
    """The words with those in one that engines cut at a mark: ` ill` and `-disposed`."""
    words: list[Heard] = []
    for word in heard:
        if words and word.text and not word.text[0].isalnum() and not word.text[0].isspace():
            before = words[-1]
            known = [each.probability for each in (before, word) if each.probability is not None]
            words[-1] = replace(
                before,
                text=before.text + word.text,
                end=None if before.start is None else word.end,
                start=None if word.end is None else before.start,
                probability=min(known, default=None),
            )
        else:
            words.append(word)
    return words


def _cut(word: "Heard") -> list[_Loose]:
    """The word as it is; in parts without a time if it is longer than a word can be."""
    if len(word.text) <= LONGEST_WORD:
        return [(word.text, word.start, word.end, word.probability)]
    parts = [word.text[at : at + LONGEST_WORD] for at in range(0, len(word.text), LONGEST_WORD)]
    return [(part, None, None, word.probability) for part in parts if part.strip()]


def _known(words: Sequence[_Loose], seconds: float) -> list[tuple[float, float] | None]:
    """The times that can be: within the piece, and not before those of an earlier word."""
    known: list[tuple[float, float] | None] = []
    reached = 0.0
    for _, start, end, _ in words:
        possible = start is not None and end is not None and reached <= end and start <= end <= seconds + 1
        if possible and start is not None and end is not None:
            first = min(max(reached, start), seconds)
            known.append((first, min(max(first, end), seconds)))
            reached = first
        else:
            known.append(None)
    return known


def _filled(
    known: Sequence[tuple[float, float] | None], words: Sequence[_Loose], seconds: float
) -> list[tuple[float, float]]:
    filled: list[tuple[float, float]] = []
    at = 0
    while at < len(known):
        there = known[at]
        if there is not None:
            filled.append(there)
            at += 1
            continue
        until = next((n for n in range(at, len(known)) if known[n] is not None), len(known))
        after = known[until] if until < len(known) else None
        left = filled[-1][1] if filled else 0.0
        right = max(left, after[0] if after is not None else seconds)
        filled += _shared([len(word[0].strip()) for word in words[at:until]], left, right)
        at = until
    return filled


def _shared(letters: Sequence[int], left: float, right: float) -> list[tuple[float, float]]:
    """The time from `left` to `right`, shared by letters."""
    whole, before = sum(letters), 0
    parts = []
    for count in letters:
        start = left + (right - left) * before / whole
        before += count
        parts.append((start, left + (right - left) * before / whole))
    return parts


def _apart(edges: Sequence[tuple[float, float]], seconds: float) -> list[tuple[float, float]]:
    """One word after the other, each with some length: those that are heaped up at one moment are laid out around it."""
    least = min(LEAST, seconds / max(1, len(edges)))
    starts: list[float] = []
    latest = seconds
    for start, _ in reversed(edges):
        latest = min(start, latest - least)
        starts.insert(0, latest)
    for number in range(1, len(starts)):
        starts[number] = max(starts[number], starts[number - 1] + least)
    starts = [max(start, number * least) for number, start in enumerate(starts)]
    following = [*starts[1:], seconds][: len(starts)]
    return [
        (start, min(after, max(end, start + least)))
        for start, after, (_, end) in zip(starts, following, edges, strict=True)
    ]
