"""Likeness: words that an engine misheard by a letter or two, or in another form: `american` for `Americans`."""

from collections.abc import Sequence
from difflib import SequenceMatcher

LEAST = 0.7
"""Of letters in common, 0 to 1, of words that may be the same."""
_SHORTEST = 4
"""Letters of a word that can be told by its likeness: `your` is too much like `you`, which is said all the time."""
_MOST = 600
"""Pairs of words that are compared between two that are known; where more is unknown, letters in common tell little."""


def alike(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of places of words that are alike, rising in both, of all ways to pair them the one with most in common."""
    if len(first) * len(second) > _MOST:
        return []
    likeness = [[_likeness(one, other) for other in second] for one in first]
    best = [[0.0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for here in range(len(first) - 1, -1, -1):
        for there in range(len(second) - 1, -1, -1):
            paired = likeness[here][there] + best[here + 1][there + 1] if likeness[here][there] else 0.0
            best[here][there] = max(paired, best[here + 1][there], best[here][there + 1])
    pairs = []
    here = there = 0
    while here < len(first) and there < len(second):
        if best[here][there] == best[here + 1][there]:
            here += 1
        elif best[here][there] == best[here][there + 1]:
            there += 1
        else:
            pairs.append((here, there))
            here, there = here + 1, there + 1
    return pairs


def _likeness(one: str, other: str) -> float:
    if min(len(one), len(other)) < _SHORTEST:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < LEAST or matcher.quick_ratio() < LEAST:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= LEAST else 0.0
