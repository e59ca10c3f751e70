"""Slots: time cut at some edges, and in which slot a row is, told in SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from shared.events import Parameter
from shared.insights.composing import Span, enough

BITS = 62
"""Slots to an INT64: none is its sign."""
_LEAST_IN_ROW = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Slots:
    """The slots between edges in ascending order. The first begins at the first edge."""

    edges: Sequence[datetime]

    @classmethod
    def of(cls, spans: Iterable[Span]) -> "Slots":
        """As few as the spans can be told by."""
        return cls(sorted({edge for span in spans for edge in span}))

    @property
    def words(self) -> range:
        """The integers that it takes to have a bit for each slot, or some more: a power of two."""
        return range(enough((len(self.edges) - 2) // BITS + 1))

    def number(self, edge: datetime) -> int:
        """That of the slot that begins at an edge."""
        return self._number[edge]

    @property
    def sql(self) -> str:
        """The number of the slot that a row is in: how many edges it is not before, less one.

        It is computed with a division for edges in a row, which is quick however many there are."""
        rows, cuts = self._parts
        terms = [
            f"CASE WHEN occurred_at < @first_edge_{n} THEN 0 WHEN occurred_at >= @last_edge_{n} THEN @count_{n} "
            f"ELSE 1 + DIV(UNIX_SECONDS(occurred_at) - @begin_{n}, @unit_{n}) END"
            for n in range(len(rows))
        ]
        terms += [f"IF(occurred_at >= @cut_{n}, 1, 0)" for n in range(len(cuts))]
        return " + ".join(terms)

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Those of the text."""
        rows, cuts = self._parts
        told: dict[str, Parameter] = {}
        for n, row in enumerate(rows):
            told |= {f"first_edge_{n}": row[0], f"last_edge_{n}": row[-1], f"count_{n}": len(row)}
            told |= {f"begin_{n}": (row[0] - _EPOCH) // _SECOND, f"unit_{n}": (row[1] - row[0]) // _SECOND}
        return told | {f"cut_{n}": cut for n, cut in enumerate(cuts)}

    @cached_property
    def _number(self) -> dict[datetime, int]:
        return {edge: number for number, edge in enumerate(self.edges)}

    @cached_property
    def _parts(self) -> tuple[list[list[datetime]], list[datetime]]:
        """The edges but the first and the last, which rows are between, in rows where that pays; and the others.

        There are some more of both, at the end, which no row is past: see `enough`."""
        rows: list[list[datetime]] = []
        cuts: list[datetime] = []
        left = list(self.edges[1:-1])
        while left:
            run = _run(left)
            if len(run) >= _LEAST_IN_ROW:
                rows.append(run)
            else:
                run = left[:1]
                cuts += run
            left = left[len(run) :]
        last = self.edges[-1]
        rows += [[last, last + _SECOND]] * (enough(len(rows)) - len(rows))
        cuts += [last] * (enough(max(len(cuts), 2)) - len(cuts))
        return rows, cuts


def _run(edges: Sequence[datetime]) -> list[datetime]:
    """The edges at the beginning that have the same whole seconds between each and the next."""
    whole = [edge for edge in edges[:2] if not edge.microsecond]
    if len(whole) < len(edges[:2]):
        return []
    run = list(edges[:2])
    for edge in edges[2:]:
        if edge - run[-1] != run[1] - run[0]:
            break
        run.append(edge)
    return run
