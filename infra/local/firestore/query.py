"""Structured queries, parsed and checked: what is asked for, in what order, between which cursors."""

from collections.abc import Collection
from dataclasses import dataclass

from .encoding import complement, encode, encode_reference
from .errors import InvalidArgument
from .field_paths import NAME, FieldPath, parse_field_path
from .filters import INEQUALITIES, Disjunction, Op, comparisons, matches, parse_filter
from .messages import Cursor, StructuredQuery
from .names import check_collection_id
from .records import Record

MAX_INEQUALITIES = 10
"""Range and inequality filters of a query."""
MAX_PARTS = 100
"""Filters of a query in disjunctive normal form, its orders, and one for a parent document."""

_DESCENDING = StructuredQuery.DESCENDING


@dataclass(frozen=True, slots=True)
class Order:
    """One field to sort by."""

    path: FieldPath
    descending: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """Where documents are looked for: below the document `parent` (`""` is the root of the database).

    Without `descendants` in the one collection `collection_id`; with it in all collections of that name at any depth, and
    with an empty name in all collections."""

    database: str
    parent: str
    collection_id: str
    descendants: bool

    @property
    def collection_path(self) -> str:
        """The path of the one collection."""
        return f"{self.parent}/{self.collection_id}" if self.parent else self.collection_id

    def covers(self, database: str, collection: str) -> bool:
        """Whether documents of the collection with this path are in scope."""
        if database != self.database:
            return False
        if not self.descendants:
            return collection == self.collection_path
        if self.collection_id and collection.rpartition("/")[2] != self.collection_id:
            return False
        return not self.parent or collection.startswith(self.parent + "/")


@dataclass(frozen=True, slots=True)
class Bound:
    """A cursor as the beginning of a sort key; `inclusive` tells whether documents that begin with it are in."""

    key: bytes
    values: tuple[bytes, ...]
    inclusive: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A query. `orders` is complete: it ends with the document's name. `limit` is None for all."""

    scope: Scope
    where: Disjunction
    orders: tuple[Order, ...]
    start: Bound | None
    end: Bound | None
    offset: int
    limit: int | None
    select: tuple[FieldPath, ...] | None

    def sort_key(self, record: Record) -> bytes | None:
        """Bytes that sort as the query does; None for a document that lacks a field to sort by."""
        parts = []
        for order in self.orders:
            value = record.value(order.path)
            if value is None:
                return None
            parts.append(complement(value) if order.descending else value)
        return b"".join(parts)

    def within(self, key: bytes) -> bool:
        """Whether a sort key lies between the cursors."""
        if self.start and (key < self.start.key or (not self.start.inclusive and key.startswith(self.start.key))):
            return False
        if self.end is None:
            return True
        return key < self.end.key or (self.end.inclusive and key.startswith(self.end.key))

    def selects(self, record: Record) -> bool:
        """Whether a document in scope is a result, limit and offset aside."""
        if not matches(self.where, record):
            return False
        key = self.sort_key(record)
        return key is not None and self.within(key)


def parse_query(database: str, parent: str, query: StructuredQuery, aggregated: Collection[FieldPath] = ()) -> Query:
    """Check a query and make it explicit; `aggregated` are fields whose sums are asked for. Raises InvalidArgument."""
    where = parse_filter(query.where)
    _check_filters(where, query)
    _check_complexity(where, query, parent)
    orders = _orders(query, where, aggregated)
    if query.offset < 0:
        raise InvalidArgument("offset must not be negative.")
    limit = query.limit.value if query.HasField("limit") else None
    if limit is not None and limit < 0:
        raise InvalidArgument("limit must not be negative.")
    return Query(
        scope=parse_scope(database, parent, query),
        where=where,
        orders=orders,
        start=_bound(query.start_at, orders, query.start_at.before) if query.HasField("start_at") else None,
        end=_bound(query.end_at, orders, not query.end_at.before) if query.HasField("end_at") else None,
        offset=query.offset,
        limit=limit,
        select=_selection(query) if query.HasField("select") else None,
    )


def parse_scope(database: str, parent: str, query: StructuredQuery) -> Scope:
    """Where a query looks. Raises InvalidArgument."""
    selectors = query.from_
    if len(selectors) > 1:
        raise InvalidArgument("A query must have at most one collection selector.")
    if not selectors:
        return Scope(database, parent, "", True)
    selector = selectors[0]
    if selector.collection_id:
        check_collection_id(selector.collection_id)
    elif not selector.all_descendants:
        raise InvalidArgument("A collection selector without a collection id must select all descendants.")
    return Scope(database, parent, selector.collection_id, selector.all_descendants)


def _check_filters(where: Disjunction, query: StructuredQuery) -> None:
    exclusions = {comparison for comparison in comparisons(where) if comparison.op in (Op.NE, Op.NOT_IN)}
    if len(exclusions) > 1:
        raise InvalidArgument("Only a single NOT_EQUAL, NOT_IN, IS_NOT_NAN or IS_NOT_NULL filter is allowed per query.")
    if any(c.op is Op.NOT_IN for c in exclusions) and len(where) > 1:
        raise InvalidArgument("NOT_IN cannot be combined with OR, IN or ARRAY_CONTAINS_ANY.")
    for conjunction in where:
        if sum(comparison.op is Op.CONTAINS for comparison in conjunction) > 1:
            raise InvalidArgument("A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction.")
    if query.HasField("find_nearest") and exclusions:
        raise InvalidArgument("FindNearest cannot be combined with inequality filters.")


def _check_complexity(where: Disjunction, query: StructuredQuery, parent: str) -> None:
    """Source: https://firebase.google.com/docs/firestore/query-data/queries#query_limitations"""
    inequalities = {comparison for comparison in comparisons(where) if comparison.op in INEQUALITIES}
    if len(inequalities) > MAX_INEQUALITIES:
        raise InvalidArgument(
            f"A query can have {MAX_INEQUALITIES} range and inequality filters, not {len(inequalities)}."
        )
    parts = sum(len(conjunction) for conjunction in where) + len(query.order_by) + (1 if parent else 0)
    if parts > MAX_PARTS:
        raise InvalidArgument(
            f"The filters of the query's disjunctive normal form, its orders and its parent are {parts}; at most {MAX_PARTS} "
            "are supported."
        )


def _orders(query: StructuredQuery, where: Disjunction, aggregated: Collection[FieldPath]) -> tuple[Order, ...]:
    """The orders named, then the fields of inequalities that are not among them, then the document's name.

    Sums are taken from the index over their field: which documents a limit leaves is decided in that order."""
    orders = [
        Order(parse_field_path(order.field.field_path), order.direction == _DESCENDING) for order in query.order_by
    ]
    named = [order.path for order in orders]
    if len(set(named)) < len(named):
        raise InvalidArgument("order by clause cannot contain the same field twice")
    descending = bool(orders) and orders[-1].descending
    implied = (
        {comparison.path for comparison in comparisons(where) if comparison.op in INEQUALITIES} - set(named) - {NAME}
    )
    orders += [Order(path, descending) for path in sorted(implied)]
    if NAME not in named:
        if query.HasField("limit") or query.offset:
            orders += [Order(path, descending) for path in sorted(set(aggregated) - {order.path for order in orders})]
        orders.append(Order(NAME, descending))
    return tuple(orders)


def _bound(cursor: Cursor, orders: tuple[Order, ...], inclusive: bool) -> Bound:
    if len(cursor.values) > len(orders):
        raise InvalidArgument("order by clause cannot have fewer fields than the cursor has values.")
    values = []
    for order, value in zip(orders, cursor.values, strict=False):
        if order.path == NAME:
            if value.WhichOneof("value_type") != "reference_value":
                raise InvalidArgument("Cursor position for __name__ must be a reference.")
            values.append(encode_reference(value.reference_value))
        else:
            values.append(encode(value))
    parts = [complement(value) if order.descending else value for order, value in zip(orders, values, strict=False)]
    return Bound(b"".join(parts), tuple(values), inclusive)


def _selection(query: StructuredQuery) -> tuple[FieldPath, ...]:
    return tuple(parse_field_path(field.field_path) for field in query.select.fields)
