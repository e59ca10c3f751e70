"""How one conjunction of a query is answered: which index is walked, which others are probed, what is left to check."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .encoding import NULL
from .filters import Comparison, Conjunction, Op
from .index import MAX_VALUE, cut
from .query import Scope
from .snapshot import Snapshot

Condition = tuple[str, list[Any]]
"""SQL about a row `e` of an index or of the documents, and its parameters."""

_PROBE = (
    "EXISTS (SELECT 1 FROM entries p WHERE p.collection = e.collection AND p.field = ? AND p.value = ? AND p.id = e.id)"
)


@dataclass(frozen=True, slots=True)
class Interval:
    """Encoded values from `low` (included) up to `high` (excluded)."""

    low: bytes = b""
    high: bytes = b"\xff"

    def narrowed(self, comparison: Comparison) -> "Interval":
        """What a range comparison, cut as the index is cut, leaves of it."""
        operand = comparison.operand
        if comparison.op is Op.NE or comparison.op is Op.NOT_IN:
            return self.clipped(_after(NULL), b"\xff")
        low, high = operand[:1], bytes([operand[0] + 1])
        match comparison.op:
            case Op.LT:
                high = cut(operand) if is_exact(operand) else _after(cut(operand))
            case Op.LE:
                high = _after(cut(operand))
            case Op.GT:
                low = _after(operand) if is_exact(operand) else cut(operand)
            case Op.GE:
                low = cut(operand)
        return self.clipped(low, high)

    def clipped(self, low: bytes, high: bytes) -> "Interval":
        """The intersection with another interval."""
        return Interval(max(self.low, low), min(self.high, high))


def _after(encoded: bytes) -> bytes:
    """The least bytes greater than an encoded value. A cut value is followed by whatever was cut off."""
    return encoded + (b"\x00" if is_exact(encoded) else b"\xff")


def is_exact(encoded: bytes) -> bool:
    """Whether the index tells this value from all others."""
    return len(encoded) < MAX_VALUE


@dataclass(frozen=True, slots=True)
class Probe:
    """An equality that an index decides: key of the index and (cut) value."""

    key: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """One walk, and what it leaves to do.

    `key` is the index walked, None for the documents themselves; `fixed` is the one value looked up in it, otherwise
    `interval` is walked. `ids` bounds the document ids, both ends included.

    `ordered`: rows come in the order of the query; `by_path`: once they have been sorted by the path of the document, which
    those of a collection group and of a collection with numeric ids are not. `grouped`: the walk is over the first field
    sorted by, so only documents with the same value need sorting. `complete`: every document found has the fields sorted by.
    `residual` must be checked on each document."""

    scope: Scope
    key: str | None
    fixed: bytes | None = None
    interval: Interval = Interval()
    ids: tuple[str | None, str | None] = (None, None)
    probes: tuple[Probe, ...] = ()
    descending: bool = False
    ids_descending: bool = False
    ordered: bool = False
    by_path: bool = False
    grouped: bool = False
    complete: bool = False
    residual: Conjunction = field(default=())

    def describe(self) -> dict[str, str]:
        """The index as Query Explain writes it."""
        direction = "DESC" if self.descending else "ASC"
        names = [f"{probe.key} ASC" for probe in self.probes] + ([f"{self.key} {direction}"] if self.key else [])
        names.append(f"__name__ {'DESC' if self.ids_descending else 'ASC'}")
        return {
            "query_scope": "Collection group" if self.scope.descendants else "Collection",
            "properties": f"({', '.join(names)})",
        }

    def sql(self, snapshot: Snapshot, limit: int | None = None) -> tuple[str, tuple[Any, ...]] | None:
        """The walk in SQL: rows of collection number, document id and indexed value. None if there can be no rows."""
        conditions = list(self._conditions(snapshot))
        where = [condition[0] for condition in conditions if condition is not None]
        if len(where) < len(conditions):
            return None
        parameters = [each for condition in conditions if condition is not None for each in condition[1]]
        value, table = ("e.value", "entries") if self.key is not None else ("x''", "documents")
        sql = f"SELECT e.collection, e.id, {value} FROM {table} e WHERE {' AND '.join(where)}{self._order_by()}"  # noqa: S608
        if limit is not None:
            sql += " LIMIT ?"
            parameters.append(limit)
        return sql, tuple(parameters)

    def _conditions(self, snapshot: Snapshot) -> Iterator[Condition | None]:
        """What rows must meet; None is what no row can."""
        yield _in_scope(self.scope, snapshot)
        if self.key is not None:
            yield _of_field(snapshot, "e.field = ?", self.key)
            if self.fixed is not None:
                yield "e.value = ?", [self.fixed]
            else:
                yield "e.value >= ? AND e.value < ?", [self.interval.low, self.interval.high]
        for operator, bound in zip((">=", "<="), self.ids, strict=True):
            if bound is not None:
                yield f"e.id {operator} ?", [bound]
        for probe in self.probes:
            yield _of_field(snapshot, _PROBE, probe.key, probe.value)

    def _order_by(self) -> str:
        terms = []
        if self.key is not None and self.fixed is None:
            terms.append("e.value DESC" if self.descending else "e.value")
        if not self.scope.descendants:
            terms.append("e.id DESC" if self.ids_descending else "e.id")
        return f" ORDER BY {', '.join(terms)}" if terms else ""


def _in_scope(scope: Scope, snapshot: Snapshot) -> Condition | None:
    if not scope.descendants:
        number = snapshot.collection(scope.database, scope.collection_path)
        return None if number is None else ("e.collection = ?", [number])
    sql, parameters = "SELECT id FROM collections WHERE database = ?", [scope.database]
    if scope.collection_id:
        sql += " AND name = ?"
        parameters.append(scope.collection_id)
    if scope.parent:
        sql += " AND path >= ? AND path < ?"
        parameters += [scope.parent + "/", scope.parent + "0"]  # "0" follows "/"
    return f"e.collection IN ({sql})", parameters


def _of_field(snapshot: Snapshot, sql: str, key: str, *parameters: Any) -> Condition | None:
    """A condition that begins with the number of an index key; None when nothing has ever been indexed under it."""
    row = next(iter(snapshot.rows("SELECT id FROM fields WHERE path = ?", (key,))), None)
    return None if row is None else (sql, [row[0], *parameters])
