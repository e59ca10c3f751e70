"""How one conjunction of a query is answered: which index is walked, which others are probed, what is left to check."""

from dataclasses import dataclass, field
from typing import Any

from .encoding import NULL
from .filters import Comparison, Conjunction, Op
from .index import MAX_VALUE, cut
from .query import Scope
from .snapshot import Snapshot


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
    a collection group's are not. `grouped`: the walk is over the first field sorted by, so only documents with the same value
    need sorting. `complete`: every document found has the fields sorted by. `residual` must be checked on each document."""

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
        where, parameters = [], list[Any]()
        source = _Collections(self.scope).condition(snapshot)
        if source is None:
            return None
        where.append(source[0])
        parameters += source[1]
        if self.key is not None:
            number = _field_number(snapshot, self.key)
            if number is None:
                return None
            where.append("e.field = ?")
            parameters.append(number)
            if self.fixed is not None:
                where.append("e.value = ?")
                parameters.append(self.fixed)
            else:
                where.append("e.value >= ? AND e.value < ?")
                parameters += [self.interval.low, self.interval.high]
        for operator, bound in zip((">=", "<="), self.ids, strict=True):
            if bound is not None:
                where.append(f"e.id {operator} ?")
                parameters.append(bound)
        for probe in self.probes:
            number = _field_number(snapshot, probe.key)
            if number is None:
                return None
            where.append(
                "EXISTS (SELECT 1 FROM entries p"
                " WHERE p.collection = e.collection AND p.field = ? AND p.value = ? AND p.id = e.id)"
            )
            parameters += [number, probe.value]
        value, table = ("e.value", "entries") if self.key is not None else ("x''", "documents")
        sql = f"SELECT e.collection, e.id, {value} FROM {table} e WHERE {' AND '.join(where)}{self._order_by()}"  # noqa: S608
        if limit is not None:
            sql += " LIMIT ?"
            parameters.append(limit)
        return sql, tuple(parameters)

    def _order_by(self) -> str:
        terms = []
        if self.key is not None and self.fixed is None:
            terms.append("e.value DESC" if self.descending else "e.value")
        if not self.scope.descendants:
            terms.append("e.id DESC" if self.ids_descending else "e.id")
        return f" ORDER BY {', '.join(terms)}" if terms else ""


@dataclass(frozen=True, slots=True)
class _Collections:
    """The collections in scope, as a condition on the column `collection` of `e`."""

    scope: Scope

    def condition(self, snapshot: Snapshot) -> tuple[str, list[Any]] | None:
        scope = self.scope
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


def _field_number(snapshot: Snapshot, key: str) -> int | None:
    row = next(iter(snapshot.rows("SELECT id FROM fields WHERE path = ?", (key,))), None)
    return row[0] if row else None
