"""Choosing: of moments that overlap, those that together are the best and show nothing twice."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.clips.material import Material, Span
from shared.clips.ranking import Moment

if TYPE_CHECKING:
    import numpy as np

FLOOR = 4
"""Clips that are given where the recording has them and as many were asked for, even if not all are as good as the best."""
_NEARLY_AS_GOOD = 0.6
"""Of the worth of the best: clips beyond the floor have at least that."""
_SAME = 0.92
"""Cosine of the meanings of two moments that say the same."""


def least_clips(asked: tuple[int, int]) -> int:
    """How many clips there should be at least, of those asked for (from the least to the most)."""
    least, most = asked
    return min(most, max(least, FLOOR))


def choose(material: Material, moments: Sequence[Moment], asked: tuple[int, int]) -> tuple[Moment, ...]:
    """The best moments of which no two share a word, the best first.

    As many as were asked for and are nearly as good as the best; fewer than `least_clips` only where no more of these moments
    go together."""
    least, most = least_clips(asked), asked[1]
    ordered = sorted(moments, key=lambda moment: -moment.worth)
    chosen = _greedy(material, ordered, least, most)
    if len(chosen) < least:
        packed = _packed(ordered, least)
        chosen = packed if len(packed) > len(chosen) else chosen
    return tuple(sorted(chosen, key=lambda moment: -moment.worth))


def overlaps(one: Sequence[Span], other: Sequence[Span]) -> bool:
    """Whether two moments share a word."""
    return any(first < end and begin < last for first, last in one for begin, end in other)


def _greedy(material: Material, ordered: Sequence[Moment], least: int, most: int) -> list[Moment]:
    chosen: list[Moment] = []
    meanings: list[np.ndarray] = []
    for moment in ordered:
        if len(chosen) == most or (len(chosen) >= least and moment.worth < _NEARLY_AS_GOOD * chosen[0].worth):
            break
        if any(overlaps(moment.spans, other.spans) for other in chosen):
            continue
        meaning = material.meaning(moment.spans)
        if not any(float(meaning @ other) > _SAME for other in meanings):
            chosen.append(moment)
            meanings.append(meaning)
    return chosen


def _packed(moments: Sequence[Moment], count: int) -> list[Moment]:
    """The `count` moments, or as many as there can be, that go together and have the highest sum of worths.

    Weighted interval scheduling over the moments by where they end; `best[k][n]` is the best sum of `k` of the first `n`."""
    ordered = sorted(moments, key=lambda moment: _hull(moment)[1])
    ends = [_hull(moment)[1] for moment in ordered]
    free = [bisect_right(ends, _hull(moment)[0], hi=place) for place, moment in enumerate(ordered)]
    best = [[0.0] * (len(ordered) + 1)]
    for taken in range(1, count + 1):
        row = [float("-inf")]
        for place, moment in enumerate(ordered):
            row.append(max(row[place], best[taken - 1][free[place]] + moment.worth))
        if row[-1] == float("-inf"):
            break
        best.append(row)
    return _traced(ordered, free, best)


def _traced(ordered: Sequence[Moment], free: Sequence[int], best: Sequence[Sequence[float]]) -> list[Moment]:
    found: list[Moment] = []
    place = len(ordered)
    for taken in range(len(best) - 1, 0, -1):
        while best[taken][place] == best[taken][place - 1]:
            place -= 1
        found.append(ordered[place - 1])
        place = free[place - 1]
    return found


def _hull(moment: Moment) -> Span:
    return min(first for first, _ in moment.spans), max(last for _, last in moment.spans)
