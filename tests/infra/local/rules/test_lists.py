"""List queries are allowed if the condition is proven for whatever documents they could return; rules are no filters."""

from typing import Any

import pytest

from infra.local.rules import Both, Constraint, Either, Op, Operation, Query
from infra.local.rules.query import Filter
from infra.local.rules.values import Path, Timestamp
from tests.infra.local.rules.language import decide, may_list, rules_with


def where(*filters: Any) -> Filter:
    """All of the filters, each `field operator value`."""
    return Both(tuple(each if not isinstance(each, tuple) else constraint(*each) for each in filters))


def constraint(path: str, op: str, value: Any) -> Constraint:
    """One filter."""
    return Constraint(tuple(path.split(".")), Op(op), value)


def proven(condition: str, *filters: Any, **options: Any) -> bool:
    """Whether a query of things/ with these filters proves the condition."""
    return may_list(condition.replace("$", "resource.data"), Query((), "things", where=where(*filters), **options))


IN = ("state", "in", ["open", "new"])
ANY = ("tags", "array-contains-any", ["a", "b"])

PROVEN = [
    ("$.state == 'open'", ("state", "==", "open")),
    ("$.state != 'shut'", ("state", "==", "open")),
    ("$.state in ['open', 'new']", ("state", "==", "open")),
    ("$.state is string && $.state.size() == 4", ("state", "==", "open")),
    ("$.state.matches('o.*')", ("state", "==", "open")),
    ("$['state'] == 'open' && 'state' in $", ("state", "==", "open")),
    ("$.get('state', 'none') == 'open'", ("state", "==", "open")),
    ("$.keys().hasAll(['state'])", ("state", "==", "open")),
    ("$.gone == null", ("gone", "==", None)),
    ("$.yes", ("yes", "==", True)),
    ("!$.no", ("no", "==", False)),
    ("$.age > 10", ("age", ">=", 18)),
    ("$.age >= 18", ("age", ">=", 18)),
    ("$.age > 18", ("age", ">", 18)),
    ("$.age != 3", ("age", ">", 18)),
    ("18 <= $.age", ("age", ">=", 18)),
    ("$.age < 100.5", ("age", "<=", 100)),
    ("!($.age < 18)", ("age", ">=", 18)),
    ("$.age == 18 && $.age is number", ("age", "==", 18)),
    ("$.age > 10 && $.age < 70", ("age", ">=", 18), ("age", "<", 65)),
    ("$.age > 20", ("age", ">", 10), ("age", ">", 20)),
    ("$.name >= 'a' && $.name is string", ("name", ">", "m")),
    ("$.at < request.time", ("at", "<", Timestamp(5))),
    ("$.state != 'shut'", ("state", "!=", "shut")),
    ("$.state != null && 'state' in $", ("state", "!=", "shut")),
    ("$.state != 'a' && $.state != 'b'", ("state", "not-in", ["a", "b"])),
    ("'me' in $.people", ("people", "array-contains", "me")),
    ("request.auth.uid in $.people && $.people is list", ("people", "array-contains", "me")),
    ("$.people.hasAny(['me', 'you']) && $.people.hasAll(['me'])", ("people", "array-contains", "me")),
    ("['me'].hasAny($.people) && $.people.size() > 0", ("people", "array-contains", "me")),
    ("$.state in ['open', 'new', 'shut']", IN),
    ("$.state == 'open' || $.state == 'new'", IN),
    ("'a' in $.tags || 'b' in $.tags", ANY),
    ("$.tags.hasAny(['a', 'b'])", ANY),
    ("$.a.b.c == 1 && $.a.b is map", ("a.b.c", "==", 1)),
    ("$.sharing.visibility == 'public'", ("sharing.visibility", "==", "public"), ("age", ">", 3)),
    ("$.missing == 1 || $.state == 'open'", ("state", "==", "open")),
    ("$.missing == 1 || !($.state == 'x' && $.other)", ("state", "==", "open")),
    ("id == 'one' && resource.id == 'one'", ("__name__", "==", Path(("things", "one")))),
    ("resource != null && request.method == 'list'",),
]

UNPROVEN = [
    ("$.state == 'open'",),
    ("$.state != 'open'",),
    ("$.state == 'open'", ("state", "==", "shut")),
    ("$.state == 'open'", ("other", "==", "open")),
    ("$.state != null",),
    ("!($.state == 'open')",),
    ("'state' in $",),
    ("!('state' in $)",),
    ("$.state is string",),
    ("$.age > 18", ("age", ">=", 18)),
    ("$.age > 30", ("age", ">=", 18)),
    ("$.age < 30", ("age", ">=", 18)),
    ("$.age is int", ("age", "==", 18)),
    ("$.age == 18", ("age", ">=", 18)),
    ("$.age > 10", ("age", ">", 5), ("age", "<", 20)),
    ("$.state == 'open'", ("state", "!=", "shut")),
    ("$.state != 'other'", ("state", "!=", "shut")),
    ("'you' in $.people", ("people", "array-contains", "me")),
    ("!('you' in $.people)", ("people", "array-contains", "me")),
    ("$.people.hasOnly(['me'])", ("people", "array-contains", "me")),
    ("$.people == ['me']", ("people", "array-contains", "me")),
    ("$.state == 'open'", IN),
    ("'a' in $.tags", ANY),
    ("$.sharing.visibility == 'public'", ("sharing.other", "==", "public")),
    ("$.missing || $.missing == false",),
    ("($.flag ? true : true)",),
    ("id == 'one'",),
    ("$.size() == 1", ("state", "==", "open")),
    ("$.keys().hasOnly(['state'])", ("state", "==", "open")),
    ("$ == {'state': 'open'}", ("state", "==", "open")),
]


@pytest.mark.parametrize("case", PROVEN, ids=lambda case: " | ".join(map(str, case)))
def test_what_the_filters_fix_is_known(case: tuple[Any, ...]) -> None:
    assert proven(*case)


@pytest.mark.parametrize("case", UNPROVEN, ids=lambda case: " | ".join(map(str, case)))
def test_what_the_filters_leave_open_is_denied(case: tuple[Any, ...]) -> None:
    condition, *filters = case
    assert not proven(condition, *filters)


def test_every_side_of_an_or_must_be_proven() -> None:
    mine, public = constraint("owner", "==", "me"), constraint("open", "==", True)
    assert proven("$.owner == 'me' || $.open", Either((mine, public)))
    assert not proven("$.owner == 'me'", Either((mine, public)))


def test_each_side_may_be_allowed_by_another_statement() -> None:
    rules = rules_with("""match /things/{id} {
        allow list: if resource.data.owner == request.auth.uid;
        allow list: if resource.data.open == true; }""")
    both = Either((constraint("owner", "==", "me"), constraint("open", "==", True)))
    assert decide(rules, Operation("list", (), query=Query((), "things", where=both)))[0].allowed


def test_an_order_shows_that_a_field_is_there() -> None:
    assert proven("'age' in $", order_by=((("age",), True),))
    assert not proven("$.age != null", order_by=((("age",), True),))


def test_limit_offset_and_order_are_known() -> None:
    assert proven("request.query.limit <= 10 && request.query.offset == null", limit=10)
    assert not proven("request.query.limit <= 10", limit=11)
    assert not proven("request.query.limit <= 10")
    assert proven("request.query.orderBy == 'a.b ASC, c DESC'", order_by=((("a", "b"), False), (("c",), True)))


def test_documents_that_do_not_depend_on_the_results_can_be_looked_at() -> None:
    role = "get(/databases/$(database)/documents/users/$(request.auth.uid)).data.role == 'admin'"
    assert may_list(role, Query((), "things"), before={"users/me": {"role": "admin"}})
    assert not may_list(role, Query((), "things"), before={"users/me": {"role": "viewer"}})


def test_documents_that_depend_on_what_is_unknown_are_unknown() -> None:
    found = "get(/databases/$(database)/documents/users/$(resource.data.owner)).data.open"
    owned = where(("owner", "==", "me"))
    documents = {"users/me": {"open": True}}
    assert not may_list(found, Query((), "things"), before=documents)
    assert may_list(found, Query((), "things", where=owned), before=documents)


JOBS = """
    match /users/{uid}/jobs/{id} { allow list: if uid == request.auth.uid; }
    match /{path=**}/jobs/{id} { allow list: if resource.data.open == true; }"""


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        (Query(("users", "me"), "jobs"), True),
        (Query(("users", "you"), "jobs"), False),
        (Query(("users", "you"), "jobs", where=where(("open", "==", True))), True),
        (Query((), "jobs", descendants=True), False),
        (Query((), "jobs", descendants=True, where=where(("open", "==", True))), True),
        (Query(("users", "me"), "jobs", descendants=True), False),
        (Query((), "", descendants=True, where=where(("open", "==", True))), False),
    ],
)
def test_collection_groups_need_a_recursive_wildcard_in_front(query: Query, allowed: bool) -> None:
    assert decide(rules_with(JOBS), Operation("list", query.parent, query=query))[0].allowed is allowed


def test_a_pattern_for_one_document_does_not_cover_a_collection() -> None:
    rules = rules_with("match /things/one { allow list; }")
    assert not decide(rules, Operation("list", (), query=Query((), "things")))[0].allowed
    pinned = where(("__name__", "==", Path(("things", "one"))))
    assert decide(rules, Operation("list", (), query=Query((), "things", where=pinned)))[0].allowed
