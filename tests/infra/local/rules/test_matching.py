"""Match trees, wildcards, functions and their scopes, methods, and looking at other documents."""

import pytest

from infra.local.rules import Operation, Query
from infra.local.rules.values import Path
from tests.infra.local.rules.language import decide, evaluate, may_get, rules_with


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/things/{id}", "things/1", True),
        ("/things/{id}", "things/1/parts/2", False),
        ("/things/{id}", "others/1", False),
        ("/things/one", "things/one", True),
        ("/things/one", "things/two", False),
        ("/{collection}/{id}", "things/1", True),
        ("/{rest=**}", "things/1/parts/2", True),
        ("/things/{rest=**}", "things/1", True),
        ("/things/1/{rest=**}", "things/1", True),
        ("/{path=**}/parts/{id}", "parts/1", True),
        ("/{path=**}/parts/{id}", "things/1/parts/2", True),
        ("/{path=**}/parts/{id}", "things/1/parts/2/screws/3", False),
        ("/things/{id}/{rest=**}", "things/1/parts/2", True),
        ("/things/{id}/{rest=**}/screws/{screw}", "things/1/parts/2/screws/3", True),
    ],
)
def test_a_pattern_matches_whole_paths(pattern: str, path: str, matches: bool) -> None:
    assert may_get(rules_with(f"match {pattern} {{ allow get; }}"), path) is matches


def test_a_recursive_wildcard_is_the_path_that_it_stands_for_maybe_an_empty_one() -> None:
    rules = rules_with("match /{path=**}/parts/{id} { allow get: if path == /things/1 && id == '2'; }")
    assert may_get(rules, "things/1/parts/2")
    empty = rules_with("match /things/1/{rest=**} { allow get: if rest is path && rest != /x; }")
    assert may_get(empty, "things/1")


def test_nested_patterns_continue_the_ones_around_and_grant_nothing_above_or_below() -> None:
    rules = rules_with("match /a/{x} { match /b/{y} { allow get: if x == '1' && y == '2'; } }")
    assert may_get(rules, "a/1/b/2")
    assert not may_get(rules, "a/2/b/2")
    assert not may_get(rules, "a/1")
    assert not may_get(rules, "a/1/b/2/c/3")


def test_any_allow_that_is_true_wins_wherever_it_stands() -> None:
    rules = rules_with("match /a/{x} { allow get: if false; } match /{all=**} { allow get: if true; }")
    assert may_get(rules, "a/1")


def test_what_nothing_matches_is_denied() -> None:
    assert decide(rules_with(""), Operation("get", ("a", "b")))[0].findings == ()


@pytest.mark.parametrize(
    ("methods", "granted"),
    [
        ("read", {"get", "list"}),
        ("write", {"create", "update", "delete"}),
        ("get", {"get"}),
        ("create, delete", {"create", "delete"}),
        ("read, write", {"get", "list", "create", "update", "delete"}),
    ],
)
def test_read_and_write_stand_for_their_parts(methods: str, granted: set[str]) -> None:
    rules = rules_with(f"match /a/{{b}} {{ allow {methods}: if true; }}")
    operations = {
        "get": Operation("get", ("a", "b"), {}),
        "list": Operation("list", (), query=Query((), "a")),
        "create": Operation("create", ("a", "b"), None, {}),
        "update": Operation("update", ("a", "b"), {}, {}),
        "delete": Operation("delete", ("a", "b"), {}, None),
    }
    assert {name for name, operation in operations.items() if decide(rules, operation)[0].allowed} == granted


def test_functions_see_the_wildcards_around_them_and_inner_names_hide_outer_ones() -> None:
    rules = rules_with("""
        function db() { return database; }
        function hidden(id) { return id; }
        match /a/{id} {
          function outer() { return id; }
          match /b/{id} {
            function inner() { return id; }
            allow get: if outer() == '1' && inner() == '2' && id == '2' && db() == '(default)' && hidden('3') == '3';
          }
        }""")
    assert may_get(rules, "a/1/b/2")


def test_functions_may_be_used_before_they_are_declared_and_stand_outside_the_service_too() -> None:
    declared = "function first() { return second(); }\nfunction second() { return true; }"
    rules = rules_with("match /a/{b} { allow get: if first() && top(); }\n" + declared)
    top = "rules_version = '2';\nfunction top() { return true; }"
    assert may_get(rules.replace("rules_version = '2';", top), "a/b")


def test_bindings_are_made_in_order_and_can_use_earlier_ones() -> None:
    rules = rules_with(
        "function f(x) { let y = x + 1; let z = y * 2; return z; } match /a/{b} { allow get: if f(1) == 4; }"
    )
    assert may_get(rules, "a/b")


def test_get_gives_documents_and_null_where_there_is_none() -> None:
    documents = {"users/me": {"role": "boss"}}
    here = "/databases/$(database)/documents/users"
    assert evaluate(f"get({here}/$(request.auth.uid)).data.role", before=documents) == "boss"
    assert evaluate(f"get({here}/me).id", before=documents) == "me"
    assert evaluate(f"get({here}/me).__name__", before=documents) == Path(
        ("databases", "(default)", "documents", "users", "me")
    )
    assert evaluate(f"get({here}/nobody) == null", before=documents) is True
    assert evaluate(f"exists({here}/me) && !exists({here}/nobody)", before=documents) is True


def test_after_a_batch_is_what_the_batch_leaves() -> None:
    rules = rules_with("""
        match /orders/{id} {
          allow create: if getAfter(/databases/$(database)/documents/stock/one).data.left
              == get(/databases/$(database)/documents/stock/one).data.left - 1
            && exists(/databases/$(database)/documents/offers/$(id))
            && !existsAfter(/databases/$(database)/documents/offers/$(id));
        }
        match /stock/{id} { allow update: if existsAfter(/databases/$(database)/documents/orders/new); }
        match /offers/{id} { allow delete; }""")
    before = {"stock/one": {"left": 5}, "offers/new": {}}
    batch = [
        Operation("create", ("orders", "new"), None, {}),
        Operation("update", ("stock", "one"), {"left": 5}, {"left": 4}),
        Operation("delete", ("offers", "new"), {}),
    ]
    after = {"stock/one": {"left": 4}, "orders/new": {}}
    assert all(verdict.allowed for verdict in decide(rules, *batch, before=before, after=after))
    half = {"stock/one": {"left": 5}, "orders/new": {}}
    assert not decide(rules, *batch, before=before, after=half)[0].allowed


def test_signed_out_users_have_no_auth() -> None:
    rules = rules_with("match /a/{b} { allow get: if request.auth == null; allow create: if request.auth.uid != 'x'; }")
    assert may_get(rules, "a/b", auth=None)
    assert not decide(rules, Operation("create", ("a", "b"), None, {}), auth=None)[0].allowed


def test_a_write_shows_the_document_before_and_after() -> None:
    rules = rules_with("""
        match /a/{b} {
          allow create: if resource == null && request.resource.data.n == 1 && request.resource.id == 'b';
          allow update: if resource.data.n == 1 && request.resource.data.n == 2;
          allow delete: if resource.data.n == 2 && request.resource == null;
        }""")
    assert decide(rules, Operation("create", ("a", "b"), None, {"n": 1}))[0].allowed
    assert decide(rules, Operation("update", ("a", "b"), {"n": 1}, {"n": 2}))[0].allowed
    assert decide(rules, Operation("delete", ("a", "b"), {"n": 2}))[0].allowed
