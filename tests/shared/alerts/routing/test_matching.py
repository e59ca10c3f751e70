"""Matchers: which alerts are meant."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alerts.routing import Matcher, Operator, match_all, parse_matcher, routing_labels
from shared.alerts.routing.indexing import MatcherIndex
from tests.shared.alerts.dispatching.stage import START, firing_alert

LABELS = {"rule": "slow", "platform": "mcp"}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("rule = slow", True),
        ('rule="slow"', True),
        ("rule != slow", False),
        ("platform =~ mcp|api", True),
        ("platform =~ mc", False),
        ("platform =~ m.*", True),
        ("platform !~ m.*", False),
        ("plan = ", True),
        ("plan != free", True),
        ("plan =~ .+", False),
    ],
)
def test_a_pattern_is_the_whole_value_and_a_missing_label_is_empty(text: str, matches: bool) -> None:
    assert parse_matcher(text).matches(LABELS) is matches


@pytest.mark.parametrize(
    "text",
    [
        "rule",
        "= slow",
        "rule == slow",
        "rule =~ (",
        "rule =~ (a+)+",
        "rule =~ (a*)*b",
        "rule =~ .*.*.*.*x",
        'rule = "a',
        "a-b = c",
        r"rule =~ (a)\1",
        "rule =~ (?=a)",
    ],
)
def test_what_makes_no_sense_or_would_take_for_ever_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_matcher(text)


def test_no_pattern_that_is_let_through_takes_long() -> None:
    matcher = parse_matcher("rule =~ .*a.*a.*b")
    started = time.perf_counter()
    matcher.matches({"rule": "a" * 200})
    assert time.perf_counter() - started < 1


@given(
    label=st.from_regex(r"[a-z_]{1,20}", fullmatch=True),
    operator=st.sampled_from(["=", "!="]),
    value=st.text(max_size=50),
)
def test_a_matcher_that_is_written_is_read_as_the_same(label: str, operator: str, value: str) -> None:
    matcher = Matcher(label, Operator(operator), value)
    assert parse_matcher(str(matcher)) == matcher


def test_alerts_are_told_by_their_labels_rule_severity_condition_and_kpi() -> None:
    alert = firing_alert("slow", START, "critical", platform="mcp")
    told = {
        "rule": "slow",
        "severity": "critical",
        "condition": "breached",
        "kpi": "generation_time",
        "platform": "mcp",
    }
    assert routing_labels(alert) == told


words = st.sampled_from(["", "a", "b"])
conditions = st.lists(
    st.builds(Matcher, st.sampled_from(["p", "q", "r"]), st.sampled_from(list(Operator)), words), max_size=3
)


@given(items=st.lists(conditions, max_size=8), labels=st.dictionaries(st.sampled_from(["p", "q", "r"]), words))
def test_an_index_finds_what_asking_every_item_would(items: list[list[Matcher]], labels: dict[str, str]) -> None:
    index = MatcherIndex([(each, number) for number, each in enumerate(items)])
    assert sorted(index.matching(labels)) == [number for number, each in enumerate(items) if match_all(each, labels)]
