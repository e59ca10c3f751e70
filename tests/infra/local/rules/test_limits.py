"""The documented limits, each at its edge."""

import pytest

from infra.local.rules import InvalidRules, LimitExceeded, Operation, Ruleset
from tests.infra.local.rules.language import decide, rules_with

OPEN = "allow get: if true;"


def nested(depth: int, pattern: str = "/a/b") -> str:
    """Match statements inside one another; the one around them all counts too."""
    return f"match {pattern} {{ " * (depth - 1) + OPEN + " }" * (depth - 1)


def chained(count: int) -> str:
    """Functions that call one another, the first through all the others."""
    calls = "".join(f"function f{n}() {{ return f{n + 1}(); }}\n" for n in range(1, count))
    return f"{calls}function f{count}() {{ return true; }}"


def lets(count: int) -> str:
    """A function with this many bindings."""
    return f"function f() {{ {''.join(f'let x{n} = {n};' for n in range(count))} return true; }}"


def parameters(count: int) -> str:
    """A function with this many parameters."""
    return f"function f({', '.join(f'p{n}' for n in range(count))}) {{ return true; }}"


def captures(count: int) -> str:
    """Patterns with this many wildcards, the database counted."""
    return f"match {''.join(f'/{{w{n}}}' for n in range(count - 1))} {{ {OPEN} }}"


def segments(count: int) -> str:
    """A pattern with this many segments, those around counted."""
    return f"match {'/a' * (count - 3)} {{ {OPEN} }}"


LIMITS = {
    "match depth": (nested, 10, "nested 11 deep; at most 10"),
    "call depth": (chained, 20, "go 21 functions deep; at most 20"),
    "let bindings": (lets, 10, "11 let bindings; at most 10"),
    "arguments": (parameters, 7, "8 parameters; at most 7"),
    "wildcards": (captures, 20, "21 wildcards; at most 20"),
    "path segments": (segments, 100, "101 segments; at most 100"),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_source_may_go_to_the_limit_and_no_further(limit: str) -> None:
    make, most, problem = LIMITS[limit]
    Ruleset(rules_with(make(most)))
    with pytest.raises(InvalidRules, match=problem):
        Ruleset(rules_with(make(most + 1)))


def test_a_source_has_at_most_256_kilobytes() -> None:
    text = rules_with(f"match /a/{{b}} {{ {OPEN} }}")
    room = 256 * 1024 - len(text) - len("//\n")
    Ruleset(f"//{'x' * room}\n{text}")
    with pytest.raises(InvalidRules, match=r"1:1: The file has 262145 bytes; at most 262144"):
        Ruleset(f"//{'x' * (room + 1)}\n{text}")


def test_an_operation_evaluates_at_most_1000_expressions() -> None:
    def condition(additions: int) -> str:
        many = ", ".join(["1 + 1"] * additions)
        return rules_with(f"match /a/{{b}} {{ allow get: if [{many}].size() == 0 || true; }}")

    assert decide(condition(900), Operation("get", ("a", "b")))[0].allowed
    with pytest.raises(LimitExceeded, match="1000 expressions"):
        decide(condition(1000), Operation("get", ("a", "b")))


def test_what_is_nested_too_deeply_is_refused_not_a_crash() -> None:
    with pytest.raises(InvalidRules, match="nested too deeply"):
        Ruleset(rules_with(f"match /a/{{b}} {{ allow get: if {'!' * 2000}true; }}"))


def looking(count: int, function: str = "exists") -> str:
    """Rules whose condition looks at `count` documents, of which none is there."""
    looks = " || ".join(f"{function}(/databases/$(database)/documents/seen/$(b + '{n}'))" for n in range(count))
    return rules_with(f"match /a/{{b}} {{ allow get, create: if !({looks}); }}")


def writes(count: int) -> list[Operation]:
    """A batch."""
    return [Operation("create", ("a", f"doc{n}"), after={}) for n in range(count)]


@pytest.mark.parametrize("function", ["exists", "existsAfter"])
def test_a_single_request_looks_at_10_documents(function: str) -> None:
    assert decide(looking(10, function), Operation("get", ("a", "b")))[0].allowed
    with pytest.raises(LimitExceeded, match="more than 10 documents"):
        decide(looking(11, function), Operation("get", ("a", "b")))


def test_a_request_of_many_looks_at_20_documents_and_10_for_each_operation() -> None:
    verdicts = decide(looking(10), *writes(2))
    assert [verdict.allowed for verdict in verdicts] == [True, True]
    with pytest.raises(LimitExceeded, match="The request looks at more than 20"):
        decide(looking(7), *writes(3))
    with pytest.raises(LimitExceeded, match="One operation looks at more than 10"):
        decide(looking(11), *writes(2))


def test_seeing_a_document_again_is_free() -> None:
    same = " && ".join(["!exists(/databases/$(database)/documents/seen/one)"] * 30)
    rules = rules_with(f"match /a/{{b}} {{ allow create: if {same}; }}")
    assert all(verdict.allowed for verdict in decide(rules, *writes(30)))


def test_a_limit_denies_whatever_else_would_allow() -> None:
    looks = " || ".join(f"exists(/databases/$(database)/documents/seen/x{n})" for n in range(11))
    with pytest.raises(LimitExceeded):
        decide(rules_with(f"match /a/{{b}} {{ allow get: if {looks} || true; }}"), Operation("get", ("a", "b")))
