"""Verdicts: one for each event, whatever it is, and counted."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.core import settings as core_settings
from shared.core.ids import new_id
from shared.events import Outcome, Series, Stage, Verdict, take_in
from tests.cloud import RunningCloud
from tests.shared.events.counting import counted_outcomes

pytestmark = pytest.mark.usefixtures("cloud")


def event(**changes: Any) -> dict[str, Any]:
    return {
        "eventId": new_id(),
        "timestamp": datetime.now(UTC).isoformat(),
        "platform": "mcp",
        "eventType": "operation",
        "operation": {"type": "trim"},
        **changes,
    }


def told(verdicts: tuple[Verdict, ...]) -> list[tuple[str, str | None]]:
    return [(verdict.outcome.value, verdict.reason) for verdict in verdicts]


@contextmanager
def variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> Iterator[None]:
    """Settings with a variable set otherwise."""
    with monkeypatch.context() as changed:
        changed.setenv(name, value)
        core_settings.settings.cache_clear()
        yield
    core_settings.settings.cache_clear()


def ago(**span: float) -> str:
    return (datetime.now(UTC) - timedelta(**span)).isoformat()


@pytest.mark.parametrize(
    ("changes", "outcome", "reason"),
    [
        ({}, "accepted", None),
        ({"timestamp": ago(days=364)}, "accepted", None),
        ({"timestamp": ago(days=366)}, "invalid", "timestamp_too_old"),
        ({"timestamp": ago(hours=-22)}, "accepted", None),
        ({"timestamp": ago(hours=-24)}, "invalid", "timestamp_in_future"),
        ({"timestamp": 1790000000}, "invalid", "value_error"),
        ({"timestamp": "yesterday"}, "invalid", "datetime_from_date_parsing"),
        ({"timestamp": "2026-11-26T10:00:00"}, "invalid", "timezone_aware"),
        ({"platform": "toaster"}, "invalid", "enum"),
        ({"operation": {"type": "trim", "parameters": {"x": "x" * 1_000_000}}}, "invalid", "too_large"),
    ],
)
def test_every_verdict_has_its_reason(changes: dict[str, Any], outcome: str, reason: str | None) -> None:
    assert told(take_in(new_id(), [event(**changes)]).verdicts) == [(outcome, reason)]


def test_with_analytics_off_or_a_user_opted_out_events_are_filtered(monkeypatch: pytest.MonkeyPatch) -> None:
    from shared.core.clients import firestore_client

    user = new_id()
    with variable(monkeypatch, "ANALYTICS_ENABLED", "false"):
        assert told(take_in(user, [event(), {}]).verdicts)[0] == ("filtered", "analytics_disabled")
    firestore_client().collection("users").document(user).set({"analyticsOptOut": True})
    assert told(take_in(user, [event()]).verdicts) == [("filtered", "opted_out")]


def test_above_the_budget_the_later_events_are_limited_and_can_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    user, events = new_id(), [event() for _ in range(5)]
    flagged = {**events[4], "operation": {"type": "reverse"}}
    with variable(monkeypatch, "KOMPO_EVENTS_PER_MINUTE", "3"):
        receipt = take_in(user, [*events, events[0], events[4], flagged])
    assert told(receipt.verdicts) == [
        *[("accepted", None)] * 3,
        *[("limited", "event_budget")] * 2,
        *[("duplicate", "natural_duplicate")] * 2,
        ("duplicate", "synthetic_duplicate"),
    ]
    assert receipt.retry_after is not None
    assert 1 <= receipt.retry_after <= 60
    later = take_in(user, [events[3], events[4]])
    assert told(later.verdicts) == [("accepted", None)] * 2
    assert later.retry_after is None


def test_verdicts_are_counted_by_reason_and_platform() -> None:
    same = event(platform="komposteur")
    with counted_outcomes() as grown:
        take_in(new_id(), [same, same, event(timestamp="1999-01-01T00:00:00Z"), 7, event(platform="toaster")])
    assert grown == {
        Series(Stage.API, Outcome.ACCEPTED, "", "komposteur"): 1,
        Series(Stage.API, Outcome.DUPLICATE, "natural_duplicate", "komposteur"): 1,
        Series(Stage.API, Outcome.INVALID, "timestamp_too_old", "mcp"): 1,
        Series(Stage.API, Outcome.INVALID, "model_type", "unknown"): 1,
        Series(Stage.API, Outcome.INVALID, "enum", "unknown"): 1,
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELD = st.sampled_from(["eventId", "timestamp", "platform", "eventType", "operation", "metrics", "extra"])
CHANGED = st.builds(lambda name, value: event(**{name: value}), FIELD, JSON)
REPEATED = st.builds(lambda kind: event(eventId="same", operation={"type": kind}), st.sampled_from(["trim", "reverse"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(JSON | CHANGED | REPEATED | st.builds(event), min_size=1, max_size=8), st.booleans())
def test_whatever_is_sent_the_verdicts_add_up_to_it_and_so_do_the_counts(
    cloud: RunningCloud, events: list[Any], scarce: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch, counted_outcomes() as grown:
        limit = variable(patch, "KOMPO_EVENTS_PER_MINUTE", "2" if scarce else "5000")
        with limit:
            verdicts = take_in(new_id(), events).verdicts
    assert len(verdicts) == len(events) == grown.total()
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    assert {name: sum(n for series, n in grown.items() if series.outcome == name) for name in outcomes} == outcomes
    assert all((verdict.reason is None) == (verdict.outcome is Outcome.ACCEPTED) for verdict in verdicts)
    assert not scarce or outcomes[Outcome.ACCEPTED] <= 2
