"""Matching: which part of the later komposition is which part of the earlier one."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar

from shared.kompositions.model.part import Part

P = TypeVar("P", bound=Part)


@dataclass(slots=True)
class Found(Generic[P]):
    """A part at its place: the `index`-th of the list at `base`; `track` is the index of the track that holds it, if one does.

    `renamed` has the later ids of what an earlier part may name."""

    part: P
    base: str
    index: int
    track: int = 0
    renamed: Mapping[str, str] | None = None

    def named(self, name: str) -> str:
        """What the later komposition calls the part that this one calls `name`."""
        return self.renamed.get(name, name) if self.renamed else name

    @property
    def pointer(self) -> str:
        """The JSON pointer of the part."""
        return f"{self.base}/{self.index}"


@dataclass(slots=True)
class Matches(Generic[P]):
    """Pairs in the order of the later komposition, and what has no counterpart."""

    pairs: list[tuple[Found[P], Found[P]]] = field(default_factory=list)
    added: list[Found[P]] = field(default_factory=list)
    removed: list[Found[P]] = field(default_factory=list)


Key = Callable[[Found[P]], Hashable]
"""What two versions of a part have in common. None: this part has no such mark."""


def listed(parts: Iterable[P], base: str, track: int = 0, renamed: Mapping[str, str] | None = None) -> list[Found[P]]:
    """The parts of a list with their places."""
    return [Found(part, base, index, track, renamed) for index, part in enumerate(parts)]


def content(found: Found[P]) -> str:
    """All of a part but its name."""
    return found.part.model_dump_json(exclude={"id", "name"})


def match(before: Sequence[Found[P]], after: Sequence[Found[P]], *keys: Key[P]) -> Matches[P]:
    """Pair parts by the first key under which they are the same, then what is left by the next, and so on, in order."""
    partner: dict[int, Found[P]] = {}
    left, right = list(before), list(after)
    for key in keys:
        waiting = _Waiting(left, key)
        unmatched = []
        for found in right:
            other = waiting.take(key(found))
            if other is None:
                unmatched.append(found)
            else:
                partner[id(found)] = other
        matched = {id(found) for found in partner.values()}
        left, right = [found for found in left if id(found) not in matched], unmatched
        if not left or not right:
            break
    pairs = [(partner[id(found)], found) for found in after if id(found) in partner]
    return Matches(pairs, right, left)


class _Waiting(Generic[P]):
    """Parts by key, each to be taken once, those of one key in order. Most keys are those of one part only."""

    def __init__(self, parts: Sequence[Found[P]], key: Key[P]) -> None:
        self._first: dict[Hashable, Found[P]] = {}
        self._others: dict[Hashable, deque[Found[P]]] = {}
        for found in parts:
            name = key(found)
            if name is not None and self._first.setdefault(name, found) is not found:
                self._others.setdefault(name, deque()).append(found)

    def take(self, name: Hashable) -> Found[P] | None:
        found = self._first.pop(name, None)
        others = self._others.get(name)
        if found is not None and others:
            self._first[name] = others.popleft()
        return found


def out_of_order(pairs: Sequence[tuple[Found[P], Found[P]]]) -> list[tuple[Found[P], Found[P]]]:
    """The fewest pairs that must have been moved within their list for the others to be in the same order as before."""
    places = [before.index for before, _ in pairs]
    if all(one < other for one, other in pairwise(places)):
        return []
    kept = _longest_rise(places)
    return [pair for index, pair in enumerate(pairs) if index not in kept]


def _longest_rise(places: Sequence[int]) -> set[int]:
    """Indices of a longest rising subsequence (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, place in enumerate(places):
        pile = bisect_left(tops, place)
        previous.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [place]
        ends[pile : pile + 1] = [index]
    kept: set[int] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(index)
        index = previous[index]
    return kept
