"""Growth: longer patterns from shorter ones, by what follows where the shorter ones match first. For gaps of any length.

For each pattern it keeps only the rest of the sequences that hold it: what comes after its first match, and of that only the
items with which the pattern is frequent still, since no other can ever be appended to it or to one that continues it. Many
patterns are grown at once, as many as have about `_CHUNK` tokens to look at, then those that came of them, so that memory stays
bounded."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.patterns.mining.closing import Closing
from shared.patterns.mining.database import Database
from shared.patterns.mining.findings import ROOT, Findings
from shared.patterns.mining.ways import exact, running, summed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.patterns.mining.ways import Ways

    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_CHUNK = 1 << 18
"""Tokens and counters that are worked on at once: about what a processor's cache holds."""


@dataclass(frozen=True)
class _Rests:
    """What is left of the sequences of some patterns, one rest after the other, and the longer patterns found in them.

    By place: the `token`; in how many `ways` the pattern occurs so that it goes on there; the place where its rest ends.
    By child, which is where a longer pattern matches first in a rest: its `child` place, and that pattern's number.
    By longer pattern: its `support`; the first of them is numbered `lowest`."""

    token: "Numbers"
    ways: "Ways"
    end: "Numbers"
    child: "Numbers"
    pattern: "Numbers"
    support: "Numbers"
    lowest: int


class Growth:
    """The search in one database for patterns of at most `max_length` items with at least `min_gap` skipped between them."""

    def __init__(
        self,
        database: Database,
        findings: Findings,
        min_gap: int = 0,
        max_length: int | None = None,
        closing: Closing | None = None,
    ) -> None:
        self._data = database
        self._findings = findings
        self._gap = min_gap
        self._max_length = max_length
        self._closing = closing
        self._weights = database.weight[database.sequence] if (database.weight != 1).any() else None

    def run(self) -> None:
        """Find all."""
        stack = [(1, self._begin())]
        while stack:
            length, rests = stack.pop()
            if length == self._max_length:
                continue
            for child, pattern in self._chunks(rests):
                grown = self._grow(rests, child, pattern)
                if grown is not None:
                    stack.append((length + 1, grown))

    def _begin(self) -> _Rests:
        """The patterns of one item."""
        import numpy as np

        data = self._data
        first = data.before < 0
        support = self._count(data.item[first], np.flatnonzero(first), len(data.items))
        frequent = support >= self._findings.threshold
        token = np.flatnonzero(frequent[data.item])
        item = data.item[token]
        ways = data.weight[data.sequence[token]].astype(np.float64)
        kept = np.flatnonzero(frequent)
        number = np.cumsum(frequent) - 1
        occurrences = summed(number[item], ways, len(kept))
        roots = np.full(len(kept), ROOT)
        self._findings.add(roots, kept, support[kept], occurrences)
        end = np.searchsorted(token, data.end[token])
        child = np.flatnonzero(first[token])
        pattern = number[item[child]]
        if self._closing:
            self._closing.note(roots, kept, token[child], pattern)
        return _Rests(token, ways, end, child, pattern, support[kept], 0)

    def _grow(self, rests: _Rests, child: "Numbers", pattern: "Numbers") -> _Rests | None:
        """The rests behind these children, and what is frequent in them; None if nothing is."""
        import numpy as np

        data, count = self._data, len(self._data.items)
        length = rests.end.take(child) - child - 1
        row = np.repeat(np.arange(len(child)), length)
        place = np.arange(len(row)) + (child + 1 - (np.cumsum(length) - length)).take(row)
        token = rests.token.take(place)
        item = data.item.take(token)
        lowest = int(pattern.min())
        key = ((pattern - lowest) * count).take(row) + item
        match = rests.token.take(child)
        since = match.take(row) + self._gap
        first = data.before.take(token) <= since
        if self._gap:
            first &= token > since
        fresh = np.flatnonzero(first)
        support = self._count(key.take(fresh), token.take(fresh), (int(pattern.max()) - lowest + 1) * count)
        frequent = support >= self._findings.threshold
        kept = np.flatnonzero(frequent)
        if not len(kept):
            return None
        keep = frequent.take(key)
        if self._gap:
            keep &= token > since
        ways = self._ways(rests, child, row, place, item == data.item.take(match).take(row), keep)
        keep = np.flatnonzero(keep)
        token, row = token.take(keep), row.take(keep)
        number = (np.cumsum(frequent) - 1).take(key.take(keep))
        numbers = self._findings.add(
            lowest + kept // count, kept % count, support[kept], summed(number, ways, len(kept))
        )
        end = np.cumsum(np.bincount(row, minlength=len(child))).take(row)
        fresh = np.flatnonzero(first.take(keep))
        pattern = number.take(fresh)
        if self._closing:
            self._closing.note(lowest + kept // count, kept % count, token.take(fresh), pattern)
        return _Rests(token, ways, end, fresh, pattern + numbers[0], support[kept], int(numbers[0]))

    def _ways(
        self, rests: _Rests, child: "Numbers", row: "Numbers", place: "Numbers", own: "Flags", keep: "Flags"
    ) -> "Ways":
        """In how many ways each child's pattern occurs before each place of its rest that is kept.

        It ends at the child or at a later place of the same item, `own`, in as many ways as the shorter pattern occurs before."""
        import numpy as np

        looked = np.flatnonzero(own | keep)
        row, place, own = row.take(looked), place.take(looked), own.take(looked)
        ways = rests.ways.take(place)
        sums = running(np.where(own, ways, 0))
        begins = np.searchsorted(row, np.arange(len(child)))
        so_far = rests.ways.take(child)
        if sums.dtype == object:
            so_far = exact(so_far)
        so_far = so_far - sums.take(begins)
        before = np.arange(len(row))
        if self._gap:
            at = rests.token.take(place) + row * (len(self._data.item) + self._gap)
            before = np.searchsorted(at, at - self._gap)
        before, row = (each[keep.take(looked)] for each in (before, row))
        found: Ways = sums.take(before) + so_far.take(row)
        return found

    def _count(self, key: "Numbers", token: "Numbers", count: int) -> "Numbers":
        """How many sequences there are for each key."""
        import numpy as np

        if self._weights is None:
            return np.bincount(key, minlength=count)
        return np.bincount(key, weights=self._weights.take(token), minlength=count).astype(np.int64)

    def _chunks(self, rests: _Rests) -> "Iterator[tuple[Numbers, Numbers]]":
        """The children whose patterns are still worth growing, all of a pattern together, as many as fit."""
        import numpy as np

        worth = rests.support >= self._findings.threshold
        if self._closing:
            worth &= self._closing.may_grow(rests.lowest + np.arange(len(worth)))
        wanted = (rests.end.take(rests.child) > rests.child + 1) & worth.take(rests.pattern - rests.lowest)
        child, pattern = rests.child[wanted], rests.pattern[wanted]
        length = rests.end.take(child) - child
        work = np.bincount(pattern - rests.lowest, weights=length) + len(self._data.items)
        chunk = (np.cumsum(work) // _CHUNK).astype(np.int64).take(pattern - rests.lowest)
        if not len(child) or chunk[0] == chunk.max() == chunk.min():
            if len(child):
                yield child, pattern
            return
        order = np.argsort(chunk.astype(np.uint16) if chunk.max() < 1 << 16 else chunk, kind="stable")
        child, pattern, chunk = child.take(order), pattern.take(order), chunk.take(order)
        cuts = np.flatnonzero(np.diff(chunk)) + 1
        yield from zip(np.split(child, cuts), np.split(pattern, cuts), strict=True)
