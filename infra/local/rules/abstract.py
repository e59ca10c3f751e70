"""Values of documents that nobody has looked at: what is known of every possible result of a query.

Rules are no filters. A list query is allowed if its condition is true of whatever documents the query could return, so the
condition is evaluated once, on facts: what the query's own filters fix. A fact that does not decide gives `UNKNOWN`, which
stands for any value and for the error of a missing one; `&&` and `||` treat it as Kleene's logic does.

As Google's service does, ranges of numbers leave NaN out of account."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import EvaluationError
from .operators import BINARY
from .values import RuleSet, Value, contains, items_of, type_name

_COMPARISONS = frozenset({"<", "<=", ">", ">="})
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Abstract:
    """A value that is not known in full."""

    __slots__ = ()


class _Unknown(Abstract):
    __slots__ = ()

    def __str__(self) -> str:
        return "unknown"


UNKNOWN = _Unknown()
"""Nothing is known, not even that there is a value."""


@dataclass(frozen=True, slots=True)
class Bound:
    """An end of a range."""

    value: Value
    inclusive: bool


@dataclass(frozen=True, slots=True, eq=False)
class Facts(Abstract):
    """There is a value, and this is what is known of it.

    `kind` is its type ("number" for int or float, "" if that is open); `low` and `high` bound it; it equals none of
    `excluded`; `members` are among its own, if it is a list or a set; `fields` are some of its entries, if it is a map."""

    kind: str = ""
    low: Bound | None = None
    high: Bound | None = None
    excluded: tuple[Value, ...] = ()
    members: tuple[Value, ...] = ()
    fields: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        ends = [f"{sign} {bound.value}" for sign, bound in ((">=", self.low), ("<=", self.high)) if bound]
        return " ".join([f"some {self.kind or 'value'}", *ends])


def property_of(value: Abstract, name: str) -> Value:
    """`value.name`, and `value["name"]`"""
    return value.fields.get(name, UNKNOWN) if isinstance(value, Facts) else UNKNOWN


def has_type(value: Abstract, name: str) -> Value:
    """`value is name`: True, False or UNKNOWN."""
    if not isinstance(value, Facts) or not value.kind:
        return UNKNOWN
    if value.kind == name:
        return True
    return UNKNOWN if value.kind == "number" and name in ("int", "float") else False


def binary(symbol: str, left: Value, right: Value) -> Value:
    """`left symbol right`, at least one of them abstract."""
    match symbol:
        case "==":
            return _same(left, right)
        case "!=":
            return negation(_same(left, right))
        case "in":
            return _member(left, right)
    if symbol in _COMPARISONS:
        return _compare(_MIRRORED[symbol], right, left) if isinstance(right, Facts) else _compare(symbol, left, right)
    return UNKNOWN


def negation(value: Value) -> Value:
    """`!value` of True, False or UNKNOWN."""
    return UNKNOWN if isinstance(value, Abstract) else not value


def method(value: Value, name: str, arguments: list[Value]) -> Value:
    """`value.name(…)`, the value or one of the arguments abstract."""
    match value, name, arguments:
        case Facts(kind="map"), "get", [str() | list() as key, _]:
            return _entry(value, [key] if isinstance(key, str) else key)
        case Facts(kind="map"), "keys", []:
            return Facts("set", members=tuple(value.fields))
        case Facts(kind="list" | "set"), "size", []:
            return Facts("number", low=Bound(len(RuleSet.of(value.members).items), inclusive=True))
        case Facts(kind="list" | "set"), "hasAny", [list() | RuleSet() as wanted]:
            return _sure(any(contains(value.members, each) for each in _listed(wanted)))
        case Facts(kind="list" | "set"), "hasAll", [list() | RuleSet() as wanted]:
            return _sure(all(contains(value.members, each) for each in _listed(wanted)))
        case ((list() | RuleSet()), "hasAny", [Facts() as other]):
            return _sure(any(contains(_listed(value), each) for each in other.members))
    return UNKNOWN


def _entry(value: Facts, keys: list[Value]) -> Value:
    step: Value = value
    for key in keys:
        step = step.fields.get(key, UNKNOWN) if isinstance(step, Facts) else UNKNOWN
    return step


def _sure(proven: bool) -> Value:
    return True if proven else UNKNOWN


def _listed(collection: Value) -> list[Value]:
    return list(collection.items) if isinstance(collection, RuleSet) else items_of(collection)


def _same(left: Value, right: Value) -> Value:
    facts, other = (left, right) if isinstance(left, Facts) else (right, left)
    if not isinstance(facts, Facts) or isinstance(other, Abstract):
        return UNKNOWN
    if facts.kind and facts.kind not in _kinds(other):
        return False
    if contains(facts.excluded, other):
        return False
    if isinstance(other, list) and not all(contains(items_of(other), each) for each in facts.members):
        return False
    at_least, at_most = _compare("<=", facts, other), _compare(">=", facts, other)
    if at_least is False or at_most is False:
        return False
    return _sure(at_least is True and at_most is True)


def _kinds(value: Value) -> tuple[str, ...]:
    name = type_name(value)
    return (name, "number") if name in ("int", "float") else (name,)


def _member(value: Value, container: Value) -> Value:
    if isinstance(container, Facts):
        if isinstance(value, Abstract):
            return UNKNOWN
        known = container.fields if container.kind == "map" else container.members
        return _sure(contains(known, value))
    if not isinstance(container, list | RuleSet) or not isinstance(value, Facts):
        return UNKNOWN
    answers = [_same(value, each) for each in _listed(container)]
    if any(answer is True for answer in answers):
        return True
    return False if all(answer is False for answer in answers) else UNKNOWN


def _compare(symbol: str, facts: Value, other: Value) -> Value:
    """Whether every value within the bounds, or none, stands in this relation to `other`."""
    if not isinstance(facts, Facts) or isinstance(other, Abstract):
        return UNKNOWN
    below = symbol in ("<", "<=")
    near, far = (facts.high, facts.low) if below else (facts.low, facts.high)
    strict = symbol in ("<", ">")
    side = -1 if below else 1
    at_near = _order(near.value, other) if near else None
    if near and (at_near == side or (at_near == 0 and not (strict and near.inclusive))):
        return True
    at_far = _order(far.value, other) if far else None
    if far and (at_far == -side or (at_far == 0 and (strict or not far.inclusive))):
        return False
    return UNKNOWN


def _order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1 as left is less, equal or more; None where the rules' comparisons are errors (or never true, with NaN)."""
    try:
        return next((sign for symbol, sign in _ORDERS if BINARY[symbol](left, right)), None)
    except EvaluationError:
        return None


_ORDERS = (("<", -1), ("==", 0), (">", 1))
