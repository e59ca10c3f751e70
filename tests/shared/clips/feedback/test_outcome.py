"""Outcomes: what all signals say of a clip, whatever the order in which they come."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clips.feedback import (
    POINTS,
    AnySignal,
    ClipDiscard,
    ClipEdit,
    ClipExport,
    ClipKeep,
    ClipRate,
    ClipView,
    Outcome,
    evidence,
    resampled,
)

MORNING = datetime(2026, 3, 1, 8, tzinfo=UTC)


def at(hour: int, number: int = 1) -> dict[str, Any]:
    """When a signal was, and its id."""
    return {"event_id": f"s{hour}-{number}", "at": MORNING + timedelta(hours=hour)}


def after(*signals: AnySignal) -> Outcome:
    """The outcome when these have come, in this order."""
    outcome = Outcome()
    for signal in signals:
        outcome = outcome.after(signal)
    return outcome


def test_views_add_up_and_watching_is_their_mean() -> None:
    outcome = after(ClipView(**at(1), views=10, watched=0.9), ClipView(**at(2), views=30, watched=0.5))
    assert outcome.views == 40
    assert outcome.watched == pytest.approx(0.6)
    assert outcome.updated == MORNING + timedelta(hours=2)


def test_views_without_a_word_on_watching_do_not_change_its_mean() -> None:
    outcome = after(ClipView(**at(1), views=10, watched=0.8), ClipView(**at(2), views=990))
    assert (outcome.views, outcome.watched) == (1000, pytest.approx(0.8))


def test_how_much_was_watched_follows_from_the_curve() -> None:
    outcome = after(ClipView(**at(1), views=4, retention=(1.0, 0.5, 0.0)))
    assert outcome.watched == pytest.approx(0.5, abs=0.01)
    assert len(outcome.retention) == POINTS
    assert outcome.retention[:: POINTS // 2] == pytest.approx((1.0, 0.5, 0.0))


def test_curves_of_other_lengths_are_averaged_by_their_views() -> None:
    outcome = after(
        ClipView(**at(1), views=1, retention=(1.0, 1.0)), ClipView(**at(2), views=3, retention=(1.0, 0.6, 0.2, 0.0))
    )
    assert outcome.retention[0] == pytest.approx(1.0)
    assert outcome.retention[-1] == pytest.approx(0.25)


def test_the_last_word_of_its_owner_counts() -> None:
    assert after(ClipKeep(**at(1)), ClipDiscard(**at(2))).decision == "discard"
    assert after(ClipDiscard(**at(2)), ClipKeep(**at(1))).decision == "discard"
    assert after(ClipRate(**at(2), stars=5), ClipRate(**at(1), stars=1)).stars == 5


SIGNALS: list[AnySignal] = [
    ClipKeep(**at(1)),
    ClipDiscard(**at(2)),
    ClipExport(**at(3)),
    ClipEdit(**at(4), share=0.3),
    ClipEdit(**at(5), share=0.1),
    ClipRate(**at(6), stars=4),
    ClipRate(**at(7), stars=2),
    ClipView(**at(8), views=7, watched=0.5),
    ClipView(**at(9), views=2, retention=(1.0, 0.4)),
]


@given(st.permutations(SIGNALS))
def test_the_order_in_which_signals_come_does_not_matter(signals: list[AnySignal]) -> None:
    found, expected = after(*signals).model_dump(), after(*SIGNALS).model_dump()
    for name, value in expected.items():
        assert found[name] == (pytest.approx(value) if isinstance(value, float | tuple) else value), name


@given(st.lists(st.floats(0, 1), min_size=2, max_size=200))
def test_a_curve_keeps_its_ends_and_its_range(curve: list[float]) -> None:
    found = resampled(curve)
    assert len(found) == POINTS
    assert (found[0], found[-1]) == pytest.approx((curve[0], curve[-1]))
    assert min(curve) - 1e-9 <= min(found) and max(found) <= max(curve) + 1e-9


def test_nothing_heard_is_no_evidence() -> None:
    assert evidence(Outcome()).weight == 0
    assert evidence(after(ClipView(**at(1), views=500))).weight == 0


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ([ClipKeep(**at(1))], [ClipDiscard(**at(1))]),
        ([ClipExport(**at(1))], [ClipKeep(**at(1))]),
        ([ClipExport(**at(1))], [ClipExport(**at(1)), ClipEdit(**at(2), share=0.9)]),
        ([ClipRate(**at(1), stars=5)], [ClipRate(**at(1), stars=2)]),
        ([ClipView(**at(1), views=50, watched=0.9)], [ClipView(**at(1), views=50, watched=0.2)]),
        (
            [ClipExport(**at(1)), ClipView(**at(2), views=50, watched=0.9)],
            [ClipExport(**at(1)), ClipView(**at(2), views=50, watched=0.2)],
        ),
    ],
)
def test_what_is_liked_better_did_better(better: list[AnySignal], worse: list[AnySignal]) -> None:
    assert evidence(after(*better)).success > evidence(after(*worse)).success


def test_the_more_people_have_watched_the_more_it_counts_but_never_without_end() -> None:
    weights = [evidence(after(ClipView(**at(1), views=views, watched=0.5))).weight for views in (1, 20, 10**6)]
    assert weights == sorted(weights)
    assert weights[1] == pytest.approx(weights[2] / 2, rel=0.01)


def test_many_views_are_many_only_beside_what_its_owner_usually_has() -> None:
    many = after(ClipView(**at(1), views=1000))
    assert evidence(many, usual_views=50).success > 0.6 > 0.4 > evidence(many, usual_views=20_000).success


def test_a_clip_that_was_passed_over_for_others_did_a_little_worse() -> None:
    passed = evidence(Outcome(), passed_over=True)
    assert passed.success < 0.5
    assert 0 < passed.weight < evidence(after(ClipDiscard(**at(1)))).weight


def test_a_success_is_a_share_whatever_comes() -> None:
    chance = random.Random(1)
    for _ in range(200):
        some = chance.sample(SIGNALS, chance.randint(1, len(SIGNALS)))
        assert 0 <= evidence(after(*some), usual_views=chance.choice([None, 1, 10**9])).success <= 1
