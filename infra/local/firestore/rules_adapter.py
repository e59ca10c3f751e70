"""From Firestore's protobuf messages to the values that conditions compute with. The only module that knows both."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from infra.local.rules import values
from infra.local.rules.errors import EvaluationError
from infra.local.rules.query import Both, Constraint, Either, Filter, Op, Query
from infra.local.rules.ruleset import Operation
from infra.local.rules.values import NANOS, LatLng, Lazy, Path, Timestamp

from .authorization import Access, Caller
from .errors import InvalidArgument
from .field_paths import parse_field_path
from .messages import Document, StructuredQuery, Value
from .names import DocumentName

_FIELD = StructuredQuery.FieldFilter
_UNARY = StructuredQuery.UnaryFilter
_OPS = {
    _FIELD.LESS_THAN: Op.LT,
    _FIELD.LESS_THAN_OR_EQUAL: Op.LE,
    _FIELD.GREATER_THAN: Op.GT,
    _FIELD.GREATER_THAN_OR_EQUAL: Op.GE,
    _FIELD.EQUAL: Op.EQ,
    _FIELD.NOT_EQUAL: Op.NE,
    _FIELD.IN: Op.IN,
    _FIELD.NOT_IN: Op.NOT_IN,
    _FIELD.ARRAY_CONTAINS: Op.CONTAINS,
    _FIELD.ARRAY_CONTAINS_ANY: Op.CONTAINS_ANY,
}
_UNARY_OPS: dict[int, tuple[Op, values.Value]] = {
    _UNARY.IS_NULL: (Op.EQ, None),
    _UNARY.IS_NOT_NULL: (Op.NE, None),
    _UNARY.IS_NAN: (Op.EQ, math.nan),
    _UNARY.IS_NOT_NAN: (Op.NE, math.nan),
}


def to_auth(caller: Caller) -> dict[str, values.Value] | None:
    """`request.auth`: None for a caller whose token names nobody."""
    claims: Mapping[str, Any] = caller.claims or {}
    uid = claims.get("user_id") or claims.get("sub")
    return {"uid": uid, "token": dict(claims)} if uid else None


class Contents:
    """The fields of the documents of one request. The writes of a batch look at each other's documents: each is taken apart
    once, whoever asks."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Document, dict[str, values.Value]]] = {}

    def of(self, document: Document | None) -> dict[str, values.Value] | None:
        """A document's fields, the same for the same object."""
        if document is None:
            return None
        if id(document) not in self._known:  # which stays its own, since the document is kept
            self._known[id(document)] = (document, _map(document.fields))
        return self._known[id(document)][1]


def to_operation(access: Access, contents: Contents) -> Operation:
    """What the rules are asked about."""
    path = tuple(access.path.split("/")) if access.path else ()
    query = to_query(path, access.query) if access.query is not None else None
    return Operation(access.method.value, path, contents.of(access.before), contents.of(access.after), query)


def to_name(path: Path, database: str) -> DocumentName:
    """The document of `database` (`projects/P/databases/D`) that a path names. Raises EvaluationError if it names none."""
    segments = path.segments
    prefix = ("databases", database.rpartition("/")[2], "documents")
    if segments[:3] != prefix or len(segments) < 5 or len(segments) % 2 == 0:
        raise EvaluationError(f"{path} is no path of a document: write /databases/$(database)/documents/….")
    return DocumentName(database, "/".join(segments[3:-1]), segments[-1])


def to_query(parent: tuple[str, ...], query: StructuredQuery) -> Query:
    """A query below the document `parent`. Cursors are left out: they only make the result smaller."""
    selector = query.from_[0] if query.from_ else None
    limit = query.limit.value if query.HasField("limit") else None
    if query.HasField("find_nearest"):
        limit = query.find_nearest.limit.value if query.find_nearest.HasField("limit") else limit
    return Query(
        parent=parent,
        collection_id=selector.collection_id if selector else "",
        descendants=selector.all_descendants if selector else True,
        where=_filter(query.where),
        order_by=tuple(
            (parse_field_path(order.field.field_path), order.direction == StructuredQuery.DESCENDING)
            for order in query.order_by
        ),
        limit=limit,
        offset=query.offset,
    )


def _filter(where: Any) -> Filter:
    match where.WhichOneof("filter_type"):
        case "composite_filter":
            parts = tuple(_filter(part) for part in where.composite_filter.filters)
            return (Either if where.composite_filter.op == StructuredQuery.CompositeFilter.OR else Both)(parts)
        case "unary_filter":
            unary = where.unary_filter
            op, operand = _UNARY_OPS[unary.op]
            return Constraint(parse_field_path(unary.field.field_path), op, operand)
        case "field_filter":
            each = where.field_filter
            if each.op not in _OPS:
                raise InvalidArgument("A field filter must have an operator.")
            return Constraint(parse_field_path(each.field.field_path), _OPS[each.op], _operand(each.value))
    return Both(())


def _operand(value: Value) -> values.Value:
    """A filter's operand: the values of `in` and its like are looked at one by one."""
    made = to_value(value)
    return values.items_of(made) if isinstance(made, list) else made


def to_value(value: Value) -> values.Value:
    """A field's value. What is inside a list or map is made when it is looked at."""
    kind = value.WhichOneof("value_type")
    make = _MADE.get(kind)
    return getattr(value, kind) if make is None else make(value)


def _map(fields: Mapping[str, Value]) -> dict[str, values.Value]:
    return {name: Lazy(fields[name], to_value) for name in fields}


_MADE: dict[str | None, Callable[[Value], values.Value]] = {
    None: lambda _: None,
    "null_value": lambda _: None,
    "map_value": lambda value: _map(value.map_value.fields),
    "array_value": lambda value: [Lazy(member, to_value) for member in value.array_value.values],
    "timestamp_value": lambda value: to_timestamp(value.timestamp_value),
    "reference_value": lambda value: Path(tuple(value.reference_value.split("/")[2:])),
    "geo_point_value": lambda value: LatLng(value.geo_point_value.latitude, value.geo_point_value.longitude),
}
"""What is made of the kinds of values that are not the rules' own already."""


def to_timestamp(timestamp: Any) -> Timestamp:
    """A protobuf Timestamp."""
    return Timestamp(timestamp.seconds * NANOS + timestamp.nanos)
