"""A proof holds for every document: what a query is allowed for is true of whatever the query could return."""

from itertools import product
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from infra.local.rules import Both, Constraint, Either, Op, Operation, Query, Ruleset
from infra.local.rules.query import Filter
from tests.infra.local.rules.language import decide, rules_with

FIELDS = ("a", "b", "m.c")
SCALARS = [None, True, False, 0, 1, 2, 1.0, 2.5, "", "x", "y"]

scalars = st.sampled_from(SCALARS)
MISSING = object()
VALUES = [MISSING, *SCALARS, [], ["x"], ["x", 1], [1, 2.5], [None]]
MAPS = [MISSING, 1, {}, {"c": 1}, {"c": "x"}, {"c": ["x"]}, {"c": None}]
DOCUMENTS = [
    {name: value for name, value in {"a": a, "b": b, "m": m}.items() if value is not MISSING}
    for a, b, m in product(VALUES, [MISSING, 1, "x", ["y"]], MAPS)
]
"""Enough documents for some to tell a wrong proof."""


def spelled(value: Any) -> str:
    """A value as rules write it."""
    if isinstance(value, list):
        return f"[{', '.join(map(spelled, value))}]"
    words = {"None": "null", "True": "true", "False": "false"}
    return words.get(repr(value), repr(value))


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    """A condition on one field."""
    field, value = f"resource.data.{draw(st.sampled_from(FIELDS))}", spelled(draw(scalars))
    name = field.rpartition(".")[2]
    some = spelled(draw(st.lists(scalars, max_size=2)))
    shapes = [f"{field} {op} {value}" for op in ("==", "!=", "<", "<=", ">", ">=")]
    shapes += [f"{value} {op} {field}" for op in ("==", "<", ">=", "in")]
    shapes += [f"{field} in {some}", f"{field}.hasAny({some})", f"{field}.hasAll({some})", f"{field}.hasOnly({some})"]
    shapes += [f"{field} is {kind}" for kind in ("string", "int", "number", "list", "map", "bool")]
    shapes += [f"'{name}' in resource.data", f"resource.data.get('{name}', {value}) == {value}", f"{field}.size() > 0"]
    shapes += [
        f"resource.data.keys().hasAny(['{name}'])",
        f"{some}.hasAny({field})",
        f"resource.data.m.get('c', 1) == {value}",
    ]
    return draw(st.sampled_from(shapes))


conditions = st.recursive(
    comparisons(),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(" ".join).map("({})".format)
        | inner.map("!({})".format)
        | st.tuples(inner, inner, inner).map(lambda parts: "({} ? {} : {})".format(*parts))
    ),
    max_leaves=4,
)


@st.composite
def constraints(draw: st.DrawFn) -> Constraint:
    """A filter as Firestore takes it."""
    path, op = tuple(draw(st.sampled_from(FIELDS)).split(".")), draw(st.sampled_from(list(Op)))
    many = op in (Op.IN, Op.NOT_IN, Op.CONTAINS_ANY)
    ranged = op in (Op.LT, Op.LE, Op.GT, Op.GE)
    alone = st.sampled_from([value for value in SCALARS if value is not None]) if ranged else scalars
    return Constraint(path, op, draw(st.lists(scalars, min_size=1, max_size=3) if many else alone))


filters: st.SearchStrategy[Filter] = st.recursive(
    constraints(),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(Both)
        | st.lists(inner, min_size=1, max_size=2).map(tuple).map(Either)
    ),
    max_leaves=4,
)


def is_result(document: Any, where: Filter) -> bool:
    """Whether Firestore returns the document."""
    match where:
        case Both(parts):
            return all(is_result(document, part) for part in parts)
        case Either(parts):
            return any(is_result(document, part) for part in parts)
        case Constraint(path, op, wanted):
            value = document
            for step in path:
                if not isinstance(value, dict) or step not in value:
                    return False
                value = value[step]
            return _meets(value, op, wanted)
    raise AssertionError(where)


def _meets(value: Any, op: Op, wanted: Any) -> bool:
    match op:
        case Op.EQ:
            return _same(value, wanted)
        case Op.IN:
            return any(_same(value, each) for each in wanted)
        case Op.NE:
            return value is not None and not _same(value, wanted)
        case Op.NOT_IN:
            return value is not None and None not in wanted and not any(_same(value, each) for each in wanted)
        case Op.CONTAINS:
            return isinstance(value, list) and any(_same(each, wanted) for each in value)
        case Op.CONTAINS_ANY:
            return isinstance(value, list) and any(_same(each, other) for each in value for other in wanted)
    if _kind(value) != _kind(wanted):
        return False
    return {Op.LT: value < wanted, Op.LE: value <= wanted, Op.GT: value > wanted, Op.GE: value >= wanted}[op]


def _kind(value: Any) -> type:
    return float if type(value) is int else type(value)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return _kind(left) is _kind(right) and bool(left == right)


@given(condition=conditions, where=filters)
@settings(max_examples=400, deadline=None)
@example("resource.data.a is int", Constraint(("a",), Op.EQ, 1))
@example("resource.data.a != 'x'", Constraint(("a",), Op.CONTAINS, "x"))
@example("!(resource.data.a == 2)", Constraint(("a",), Op.GE, 2))
@example("!(resource.data.a > true)", Constraint(("a",), Op.LT, True))
@example("!(resource.data.b in [])", Constraint(("a",), Op.EQ, 1))
@example("resource.data.a.hasAll([])", Constraint(("a",), Op.LT, True))
@example("resource.data.a == 'x' || resource.data.b == 1", Constraint(("a",), Op.EQ, "x"))
def test_what_is_allowed_for_a_query_is_true_of_each_of_its_results(condition: str, where: Filter) -> None:
    rules = Ruleset(rules_with(f"match /things/{{id}} {{ allow read: if {condition}; }}"))
    if not decide(rules, Operation("list", (), query=Query((), "things", where=where)))[0].allowed:
        return
    results = [document for document in DOCUMENTS if is_result(document, where)]
    gets = [decide(rules, Operation("get", ("things", "one"), document))[0].allowed for document in results]
    assert all(gets), results[gets.index(False)]
