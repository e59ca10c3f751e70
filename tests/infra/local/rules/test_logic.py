"""Errors, and the operators that do not need all of their parts."""

import pytest

from infra.local.rules import EvaluationError
from tests.infra.local.rules.language import evaluate, may_get, rules_with

ERROR = "resource.data.missing"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (f"false && {ERROR}", False),
        (f"{ERROR} && false", False),
        (f"true || {ERROR}", True),
        (f"{ERROR} || true", True),
        (f"{ERROR} || {ERROR} || true", True),
        (f"true && {ERROR} && false", False),
        (f"(true ? 1 : {ERROR}) == 1", True),
    ],
)
def test_the_side_that_decides_saves_the_other(expression: str, value: bool) -> None:
    assert evaluate(expression, {}) is value


@pytest.mark.parametrize(
    "expression",
    [f"true && {ERROR}", f"{ERROR} && true", f"false || {ERROR}", f"{ERROR} || false", f"!({ERROR} && true)"],
)
def test_what_nothing_decides_stays_an_error(expression: str) -> None:
    with pytest.raises(EvaluationError, match="undefined"):
        evaluate(expression, {})


@pytest.mark.parametrize("value", [1, "true", None, [True]])
def test_only_booleans_can_be_connected(value: object) -> None:
    with pytest.raises(EvaluationError, match="&& takes bool"):
        evaluate("resource.data.v && true", {"v": value})


def test_an_error_makes_its_allow_false_and_leaves_the_others_alone() -> None:
    rules = rules_with("match /things/{id} { allow get: if resource.data.missing; allow get: if resource.data.open; }")
    assert may_get(rules, "things/1", {"open": True})
    assert not may_get(rules, "things/1", {"open": False})


@pytest.mark.parametrize("value", [1, "true", None, {}])
def test_a_condition_allows_only_if_it_is_true(value: object) -> None:
    assert not may_get(rules_with("match /things/{id} { allow get: if resource.data.v; }"), "things/1", {"v": value})
