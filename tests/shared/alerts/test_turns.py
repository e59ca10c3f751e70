"""One evaluator at a time; every minute has its turn, and what was late or skipped is known."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.alerts.turns import COLLECTION, turn_of
from shared.core.clients import firestore_client
from tests.cloud import RunningCloud

START = datetime(2026, 3, 1, 0, 0, 2, tzinfo=UTC)
"""Two seconds after the minute, as schedules are."""


@pytest.fixture(autouse=True)
def no_turns(cloud: RunningCloud) -> Iterator[None]:
    firestore_client().recursive_delete(firestore_client().collection(COLLECTION))
    yield


def after(**time: float) -> datetime:
    return START + timedelta(**time)


def delays(*moments: datetime, window: int = 10) -> list[float | None]:
    """What each of these turns tells of the last minutes; None for no turn."""
    told: list[float | None] = []
    for moment in moments:
        with turn_of(moment) as turn:
            told.append(turn.delay(window).value if turn is not None else None)
    return told


def test_a_minute_has_one_turn_though_the_schedule_fires_twice() -> None:
    assert delays(START, after(seconds=20), after(minutes=1)) == [2, None, 2]


def test_nobody_evaluates_while_another_does() -> None:
    with turn_of(START) as first, turn_of(after(seconds=1)) as second:
        assert first is not None
        assert second is None
    assert delays(after(seconds=2)) == [None], "the minute had its turn"


def test_what_a_killed_evaluator_has_left_is_free_in_the_next_minute() -> None:
    killed = turn_of(START)
    killed.__enter__()
    assert delays(after(seconds=30)) == [None]
    assert delays(after(minutes=1)) == [2], "it never said that its minute was evaluated: nobody knows of that minute"


def test_a_turn_that_fails_leaves_its_minute_to_the_next() -> None:
    with pytest.raises(OSError), turn_of(START):
        raise OSError
    assert delays(after(seconds=5)) == [7]


def test_a_late_minute_and_skipped_ones_are_told_while_they_are_in_the_window() -> None:
    assert delays(START, after(minutes=1, seconds=50), after(minutes=2), window=2) == [2, 52, 52]
    assert delays(after(minutes=6), after(minutes=7), after(minutes=8), window=3) == [122, 62, 2]
    with turn_of(after(minutes=9)) as turn:
        assert turn is not None
        whole = turn.delay(60)
    assert (whole.value, whole.samples) == (182, 10)
    assert whole.detail == "3 min were not evaluated, the first 2026-03-01 00:03 UTC"


def test_a_clock_that_is_set_back_a_little_is_waited_for_and_by_much_is_believed() -> None:
    assert delays(after(hours=5), after(hours=5, minutes=-3)) == [2, None]
    assert delays(after(minutes=1), after(minutes=2)) == [2, 2]


def test_a_lease_that_a_wrong_clock_took_does_not_stop_anybody() -> None:
    turn_of(after(days=1)).__enter__()
    assert delays(START) == [2]


def test_the_record_does_not_grow() -> None:
    for minute in range(0, 300, 20):
        delays(after(minutes=minute))
    kept = firestore_client().collection(COLLECTION).document("current").get().to_dict()
    assert kept is not None
    assert len(kept["evaluated"]) <= 120 / 20 + 1
