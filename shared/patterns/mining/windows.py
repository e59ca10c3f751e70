"""Windows: longer patterns from shorter ones where what follows must follow soon. For gaps that have a longest length.

Where such a pattern goes on depends on each place where it can end, not only on its first match: all are kept, with the number
of ways to get there. What is appended to a pattern has to be frequent after its last item alone, too, or it is not looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.patterns.mining.database import Database
from shared.patterns.mining.findings import ROOT, Findings
from shared.patterns.mining.ways import grouped, summed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.patterns.mining.ways import Ways

    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_CHUNK = 1 << 18
"""Tokens that are looked at at once: about what a processor's cache holds."""
_MOST_PAIRS = 1 << 24
"""Pairs of items that a table is made of."""


@dataclass(frozen=True)
class _Ends:
    """Where some patterns end: the `token`, in how many `ways`, and the `pattern`, by which they are sorted.

    By pattern: its `support`; the first of them is numbered `lowest`."""

    token: "Numbers"
    ways: "Ways"
    pattern: "Numbers"
    support: "Numbers"
    lowest: int


class Windows:
    """The search in one database for patterns with `min_gap` to `max_gap` skipped between neighbours."""

    def __init__(
        self, database: Database, findings: Findings, min_gap: int, max_gap: int, max_length: int | None = None
    ) -> None:
        import numpy as np

        self._data = database
        self._findings = findings
        self._gaps = min_gap, max_gap
        self._max_length = max_length
        self._rank = np.empty(len(database.item), np.int64)
        self._rank[np.argsort(database.item, kind="stable")] = np.arange(len(database.item))
        """The tokens' places in the order of their items: of one item, those of a sequence are together."""
        self._worth: Flags | None = None
        """By pair of items, whether the second is frequent after the first."""

    def run(self) -> None:
        """Find all."""
        import numpy as np

        stack = [(1, self._begin())]
        count = len(self._data.items)
        pairs = np.zeros(count * count, bool) if count * count <= _MOST_PAIRS else None
        while stack:
            length, ends = stack.pop()
            if length == self._max_length:
                continue
            for token, ways, pattern in self._chunks(ends):
                grown = self._grow(token, ways, pattern, pairs if length == 1 else None)
                if grown is not None:
                    stack.append((length + 1, grown))
            if length == 1:
                self._worth = pairs

    def _begin(self) -> _Ends:
        """The patterns of one item."""
        import numpy as np

        data = self._data
        first = np.flatnonzero(data.before < 0)
        weight = data.weight[data.sequence]
        support = np.bincount(data.item[first], weights=weight[first], minlength=len(data.items)).astype(np.int64)
        self._frequent = support >= self._findings.threshold
        kept = np.flatnonzero(self._frequent)
        token = np.flatnonzero(self._frequent[data.item])
        token = token[np.argsort(self._rank[token])]
        pattern = (np.cumsum(self._frequent) - 1)[data.item[token]]
        ways = weight[token].astype(np.float64)
        roots = np.full(len(kept), ROOT)
        self._findings.add(roots, kept, support[kept], summed(pattern, ways, len(kept)))
        return _Ends(token, ways, pattern, support[kept], 0)

    def _grow(self, token: "Numbers", ways: "Ways", pattern: "Numbers", pairs: "Flags | None") -> _Ends | None:
        """What is frequent in the windows behind these ends; None if nothing is. Notes in `pairs` which items followed which."""
        import numpy as np

        data, count = self._data, len(self._data.items)
        lowest = int(pattern.min(initial=0))
        token, ways, pattern, last = self._look(token, ways, pattern - lowest)
        order = np.argsort(pattern * len(data.item) + self._rank.take(token))
        token, pattern, last = token.take(order), pattern.take(order), last.take(order)
        fresh = np.ones(len(token), bool)
        fresh[1:] = (token[1:] != token[:-1]) | (pattern[1:] != pattern[:-1])
        fresh = np.flatnonzero(fresh)
        ways = grouped(ways.take(order), fresh)
        token, pattern, last = token.take(fresh), pattern.take(fresh), last.take(fresh)
        key = pattern * count + data.item.take(token)
        begins = np.ones(len(key), bool)
        begins[1:] = key[1:] != key[:-1]
        sequence = data.sequence.take(token)
        counted = begins.copy()
        counted[1:] |= sequence[1:] != sequence[:-1]
        group = np.cumsum(begins) - 1
        weight = np.where(counted, data.weight.take(sequence), 0)
        support = np.bincount(group, weights=weight).astype(np.int64)
        frequent = support >= self._findings.threshold
        if not frequent.any():
            return None
        keep = np.flatnonzero(frequent.take(group))
        number = (np.cumsum(frequent) - 1).take(group.take(keep))
        token, ways = token.take(keep), ways.take(keep)
        if pairs is not None:
            pairs[data.item.take(last.take(keep)) * count + data.item.take(token)] = True
        kept = key[begins][frequent]
        numbers = self._findings.add(
            lowest + kept // count, kept % count, support[frequent], summed(number, ways, len(kept))
        )
        return _Ends(token, ways, number + numbers[0], support[frequent], int(numbers[0]))

    def _look(self, token: "Numbers", ways: "Ways", pattern: "Numbers") -> "tuple[Numbers, Ways, Numbers, Numbers]":
        """The tokens in the windows behind these ends: each with the ways, the pattern and the token of its end."""
        import numpy as np

        data = self._data
        begin = token + 1 + self._gaps[0]
        length = np.maximum(np.minimum(data.end.take(token), token + 2 + self._gaps[1]) - begin, 0)
        row = np.repeat(np.arange(len(token)), length)
        following = np.arange(len(row)) + (begin - (np.cumsum(length) - length)).take(row)
        item = data.item.take(following)
        if self._worth is None:
            worth = self._frequent.take(item)
        else:
            worth = self._worth.take((data.item.take(token) * len(data.items)).take(row) + item)
        row, following = row[worth], following[worth]
        return following, ways.take(row), pattern.take(row), token.take(row)

    def _chunks(self, ends: _Ends) -> "Iterator[tuple[Numbers, Ways, Numbers]]":
        """The ends of the patterns that are still frequent enough, all of a pattern together, as many as fit."""
        import numpy as np

        wanted = (ends.support >= self._findings.threshold).take(ends.pattern - ends.lowest)
        token, ways, pattern = ends.token[wanted], ends.ways[wanted], ends.pattern[wanted]
        if not len(token):
            return
        width = self._gaps[1] - self._gaps[0] + 1
        ended = np.cumsum(np.bincount(pattern - ends.lowest) * width)
        cuts = np.flatnonzero(np.diff((ended // _CHUNK).take(pattern - ends.lowest))) + 1
        yield from zip(np.split(token, cuts), np.split(ways, cuts), np.split(pattern, cuts), strict=True)
