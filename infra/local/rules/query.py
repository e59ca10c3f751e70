"""Queries as conditions see them: where they look, what their filters fix, how they are limited."""

import math
from dataclasses import dataclass, replace
from enum import Enum
from itertools import product
from typing import TypeAlias

from .abstract import UNKNOWN, Abstract, Bound, Facts
from .errors import EvaluationError
from .operators import BINARY
from .values import Path, Value, equal, type_name

FieldPath: TypeAlias = tuple[str, ...]

DOCUMENT_NAME = ("__name__",)
"""The path that stands for a document's own name; it is compared with a Path."""


class Op(Enum):
    """The operators of filters."""

    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    EQ = "=="
    NE = "!="
    IN = "in"
    NOT_IN = "not-in"
    CONTAINS = "array-contains"
    CONTAINS_ANY = "array-contains-any"


@dataclass(frozen=True, slots=True)
class Constraint:
    """One filter on one field."""

    path: FieldPath
    op: Op
    value: Value


@dataclass(frozen=True, slots=True)
class Both:
    """All of the filters."""

    filters: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the filters."""

    filters: tuple["Filter", ...]


Filter: TypeAlias = Constraint | Both | Either
Alternative: TypeAlias = tuple[Constraint, ...]

NO_FILTER = Both(())


@dataclass(frozen=True, slots=True)
class Query:
    """A query below the document `parent` (`()` is the root).

    Without `descendants` it looks into the one collection of that id, with it into all of that id at any depth, and with an
    empty id into all collections."""

    parent: tuple[str, ...]
    collection_id: str
    descendants: bool = False
    where: Filter = NO_FILTER
    order_by: tuple[tuple[FieldPath, bool], ...] = ()
    """Fields, and whether they descend."""
    limit: int | None = None
    offset: int | None = None

    def alternatives(self) -> tuple[Alternative, ...]:
        """The filters in disjunctive normal form: every result meets at least one of these."""
        return _alternatives(self.where)

    def properties(self) -> dict[str, Value]:
        """`request.query`"""
        orders = (f"{'.'.join(path)} {'DESC' if descending else 'ASC'}" for path, descending in self.order_by)
        return {"limit": self.limit, "offset": self.offset, "orderBy": ", ".join(orders) or None}

    def facts(self, alternative: Alternative, prefix: tuple[str, ...]) -> Facts:
        """`resource` of every result that meets one alternative. `prefix` comes before a document's path in its name."""
        tree = _Node()
        for constraint in alternative:
            tree.at(constraint.path).constraints.append(constraint)
        for path, _ in self.order_by:
            tree.at(path)
        name: Value = _pinned(tree.children.pop("__name__", None))
        if isinstance(name, Path) and name.segments[: len(prefix)] != prefix:
            name = Path(prefix + name.segments)
        identity = name.segments[-1] if isinstance(name, Path) else UNKNOWN
        data = replace(tree.facts(), kind="map")
        return Facts("map", fields={"data": data, "id": identity, "__name__": name})


def _alternatives(where: Filter) -> tuple[Alternative, ...]:
    match where:
        case Both(filters):
            choices = product(*(_alternatives(part) for part in filters))
            return tuple(tuple(constraint for part in choice for constraint in part) for choice in choices)
        case Either(filters):
            return tuple(alternative for part in filters for alternative in _alternatives(part))
        case Constraint(path, Op.IN, list() as values):
            return tuple((Constraint(path, Op.EQ, value),) for value in values)
        case Constraint(path, Op.CONTAINS_ANY, list() as values):
            return tuple((Constraint(path, Op.CONTAINS, value),) for value in values)
    return ((where,),)


class _Node:
    """What is known of a field, and of the fields inside it."""

    def __init__(self) -> None:
        self.constraints: list[Constraint] = []
        self.children: dict[str, _Node] = {}

    def at(self, path: FieldPath) -> "_Node":
        node = self
        for step in path:
            node = node.children.setdefault(step, _Node())
        return node

    def value(self) -> Value:
        """The field's value where it is fixed, else facts."""
        for constraint in self.constraints:
            if constraint.op is Op.EQ and _is_exact(constraint.value):
                return constraint.value
        return self.facts()

    def facts(self) -> Facts:
        if self.children:
            return Facts("map", fields={name: child.value() for name, child in self.children.items()})
        facts = Facts()
        for constraint in self.constraints:
            facts = _narrowed(facts, constraint)
        return facts


def _is_exact(value: Value) -> bool:
    """Whether what Firestore finds equal to this is the same to the rules: 1 finds 1.0 too, also inside containers."""
    return type_name(value) not in ("int", "float", "list", "map")


def _pinned(node: _Node | None) -> Value:
    value = node.value() if node else UNKNOWN
    return UNKNOWN if isinstance(value, Abstract) else value


def _narrowed(facts: Facts, constraint: Constraint) -> Facts:
    value, kind = constraint.value, _kind(constraint.value)
    match constraint.op:
        case Op.EQ if kind != "number" or math.isnan(value):
            return replace(facts, kind=kind)
        case Op.EQ:
            return replace(facts, kind=kind, low=Bound(value, inclusive=True), high=Bound(value, inclusive=True))
        case Op.GT | Op.GE:
            bound = Bound(value, constraint.op is Op.GE)
            return replace(facts, kind=kind, low=_tighter(facts.low, bound, ">"))
        case Op.LT | Op.LE:
            bound = Bound(value, constraint.op is Op.LE)
            return replace(facts, kind=kind, high=_tighter(facts.high, bound, "<"))
        case Op.NE:
            return replace(facts, excluded=(*facts.excluded, value, None))
        case Op.NOT_IN:
            return replace(facts, excluded=(*facts.excluded, *value, None))
        case Op.CONTAINS:
            return replace(facts, kind="list", members=(*facts.members, value))
    return facts


def _tighter(known: Bound | None, new: Bound, symbol: str) -> Bound:
    """The stricter of two bounds on the same side; `symbol` is the comparison in which the stricter one stands left."""
    if known is None or _kind(known.value) != _kind(new.value):
        return new
    if equal(known.value, new.value):
        return known if not known.inclusive else new
    try:
        return known if BINARY[symbol](known.value, new.value) else new
    except EvaluationError:
        return known


def _kind(value: Value) -> str:
    name = type_name(value)
    return "number" if name in ("int", "float") else name
