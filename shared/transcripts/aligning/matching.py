"""Matching: which words of two tellings of the same speech are the same: far apart by rare runs, near by difflib."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_RUNS = (4, 2, 1)
"""Words in a run that is looked for; a run that is in each telling once is an anchor."""
_SMALL = 400
"""Words between two anchors that are compared one with another."""
_LARGE = 3000
"""Words between two anchors of which each half is compared with a half: where so much has nothing in common that is rare."""


@dataclass(frozen=True)
class Gap:
    """Words that have no match, between two that have: `first` and `second` are ranges of the two tellings."""

    first: range
    second: range


def matches(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of places of equal words, rising in both; of many ways to pair them a long one. Fast also for 40 000 words."""
    return list(_between(first, second, Gap(range(len(first)), range(len(second))), _RUNS))


def _between(first: Sequence[str], second: Sequence[str], gap: Gap, runs: Sequence[int]) -> Iterator[tuple[int, int]]:
    if not gap.first or not gap.second:
        return
    if (
        not runs
        or min(len(gap.first), len(gap.second)) <= _SMALL // 10
        or len(gap.first) * len(gap.second) <= _SMALL**2
    ):
        yield from _halved(first, second, gap)
        return
    anchors = _anchors(first, second, gap, runs[0])
    one, other = gap.first.start, gap.second.start
    for here, there in [*anchors, (gap.first.stop, gap.second.stop)]:
        rest = runs[1:] if not anchors else runs
        inner = Gap(range(one, here), range(other, there))
        yield from _between(first, second, inner, rest if inner != gap else runs[1:])
        if here < gap.first.stop and there < gap.second.stop:
            yield here, there
        one, other = here + 1, there + 1


def _anchors(first: Sequence[str], second: Sequence[str], gap: Gap, length: int) -> list[tuple[int, int]]:
    """Places of runs that are once in each, in the longest order that rises in both."""
    ours, theirs = _once(first, gap.first, length), _once(second, gap.second, length)
    pairs = sorted((place, theirs[run]) for run, place in ours.items() if run in theirs)
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int | None] = []
    for number, (_, there) in enumerate(pairs):
        at = bisect_left(tails, there)
        previous.append(ends[at - 1] if at else None)
        tails[at : at + 1] = [there]
        ends[at : at + 1] = [number]
    chain: list[tuple[int, int]] = []
    step = ends[-1] if ends else None
    while step is not None:
        chain.append(pairs[step])
        step = previous[step]
    return chain[::-1]


def _once(words: Sequence[str], within: range, length: int) -> dict[tuple[str, ...], int]:
    seen: dict[tuple[str, ...], int | None] = {}
    for place in range(within.start, within.stop - length + 1):
        run = tuple(words[place : place + length])
        seen[run] = None if run in seen else place
    return {run: place for run, place in seen.items() if place is not None}


def _halved(first: Sequence[str], second: Sequence[str], gap: Gap) -> Iterator[tuple[int, int]]:
    if len(gap.first) * len(gap.second) <= _LARGE**2:
        yield from _compared(first, second, gap)
        return
    here, there = ((each.start + each.stop) // 2 for each in (gap.first, gap.second))
    yield from _halved(first, second, Gap(range(gap.first.start, here), range(gap.second.start, there)))
    yield from _halved(first, second, Gap(range(here, gap.first.stop), range(there, gap.second.stop)))


def _compared(first: Sequence[str], second: Sequence[str], gap: Gap) -> Iterator[tuple[int, int]]:
    ours = first[gap.first.start : gap.first.stop]
    theirs = second[gap.second.start : gap.second.stop]
    for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            yield gap.first.start + block.a + step, gap.second.start + block.b + step
