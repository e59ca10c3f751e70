"""Patterns that are new, gone, or run more or less are told with their proof; what is as it was, is not, and nobody is shown."""

import itertools
from datetime import datetime, timedelta

import pytest

from shared.core.clients import bigquery_client
from shared.core.clock import now
from shared.core.errors import InvalidInput, NotFound
from shared.patterns import Example, Move, PatternMove, open_session, watch_patterns
from tests.cloud import RunningCloud
from tests.shared.patterns.histories import Step, session
from tests.shared.told import tell_all

WEEK = timedelta(days=7)
_minutes = itertools.count()


def tell_week(name: str, start: datetime, operations: str, *, sessions: int, users: int) -> None:
    """So many sessions of the same operations within six days, by so many people in turn."""
    tell_all(
        (
            f"{name} {number % users}",
            session(f"{name}{number}", start + timedelta(days=6) * number / sessions, steps(operations)),
        )
        for number in range(sessions)
    )


def steps(operations: str) -> list[Step]:
    """Operations without parameters."""
    return [(name, {}) for name in operations.split()]


@pytest.fixture
def end(cloud: RunningCloud) -> datetime:
    """The end of two weeks in each of which twenty people trim and resize in sixty sessions."""
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")
    # Events are known by when they were: tests of one second would tell the same ones, which BigQuery takes once.
    until = now().replace(microsecond=0) - timedelta(minutes=next(_minutes))
    for week in (1, 2):
        tell_week(f"w{week}", until - week * WEEK, "trim resize", sessions=60, users=20)
    return until


def watched(end: datetime) -> dict[str, PatternMove]:
    return {move.pattern: move for move in watch_patterns(end, WEEK)}


def test_a_week_like_the_one_before_has_nothing_to_tell(end: datetime) -> None:
    assert watch_patterns(end, WEEK) == []


def test_a_new_pattern_is_told_whole_with_its_support_and_sessions_that_can_be_opened(end: datetime) -> None:
    tell_week("new", end - WEEK, "crop fade to_gif", sessions=40, users=20)
    found = watched(end)
    move = found["crop->fade->to_gif"]
    assert move.move is Move.NEW
    assert not {"crop->fade", "fade->to_gif"} & set(found), "they are new in just the same sessions"
    assert (move.before.sessions, move.now.sessions, move.now.people) == (0, 40, 20)
    assert move.now.share == pytest.approx(0.4)
    assert (move.magnitude, move.change) == (40, None)
    assert move.chance < 0.001 and move.false_discovery_rate < 0.05
    assert len(move.examples) == 3
    for example in move.examples:
        assert [each.operation for each in open_session(example)] == ["crop", "fade", "to_gif"]


def test_a_pattern_that_is_gone_has_examples_of_when_it_was_there(end: datetime) -> None:
    tell_week("gone", end - 2 * WEEK, "crop fade", sessions=40, users=20)
    move = watched(end)["crop->fade"]
    assert (move.move, move.change, move.magnitude) == (Move.VANISHED, -1.0, 40)
    assert all(example.at < end - WEEK for example in move.examples)


def test_a_pattern_that_is_run_three_times_as_much_drifts(end: datetime) -> None:
    tell_week("few", end - 2 * WEEK, "crop fade", sessions=15, users=15)
    tell_week("many", end - WEEK, "crop fade", sessions=60, users=20)
    move = watched(end)["crop->fade"]
    assert move.move is Move.DRIFTING and move.is_more
    assert move.change == pytest.approx((60 / 120) / (15 / 75) - 1)
    assert move.magnitude == move.change


def test_one_person_alone_makes_no_pattern_new(end: datetime) -> None:
    tell_week("lonely", end - WEEK, "crop fade", sessions=40, users=1)
    assert "crop->fade" not in watched(end)


def test_how_often_fewer_than_five_people_ran_it_before_is_not_told(end: datetime) -> None:
    tell_week("two", end - 2 * WEEK, "crop fade", sessions=4, users=2)
    tell_week("many", end - WEEK, "crop fade", sessions=60, users=20)
    move = watched(end)["crop->fade"]
    assert (move.before.sessions, move.before.people, move.before.share, move.change) == (None, None, None, None)
    assert (move.move, move.is_more, move.magnitude) == (Move.DRIFTING, True, 1.0)


def test_after_too_little_history_nothing_is_new(end: datetime) -> None:
    tell_week("new", end - WEEK, "crop fade", sessions=40, users=20)
    assert watch_patterns(end - WEEK, WEEK) == []


def test_a_session_that_is_not_there_and_an_id_that_is_none_are_told_apart(end: datetime) -> None:
    with pytest.raises(NotFound, match="no such session"):
        open_session(Example("0" * 64, end))
    with pytest.raises(InvalidInput, match="64 hexadecimal"):
        open_session(Example("x", end))
