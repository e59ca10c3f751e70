"""Mining in BigQuery finds exactly what a plain count over the sessions finds."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import fmean, median_low

import pytest

from shared.core.clients import bigquery_client
from shared.events import Event
from shared.patterns import PatternAnalyzer, SequencePattern
from shared.patterns.pattern import closed
from tests.cloud import RunningCloud
from tests.shared.patterns.histories import tell_sessions
from tests.shared.told import operation, tell, tell_all

Session = list[tuple[str, bool, float]]
WORDS = ("trim", "crop", "fade")
"""Name, success and milliseconds of each operation."""


@pytest.fixture(autouse=True)
def no_events(cloud: RunningCloud) -> Iterator[None]:
    """Mining looks 90 days back: nothing of other tests may be there."""
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")
    yield


def run(start: datetime, session: Session, session_id: str | None) -> list[Event]:
    """Events of a session, each operation beginning when the one before has ended."""
    events = []
    end = start
    for kind, success, ms in session:
        end += timedelta(milliseconds=ms)
        events.append(operation(end, kind, success=success, ms=ms, session=session_id))
    return events


def counted(sessions: list[tuple[str, Session]]) -> list[SequencePattern]:
    """The same by brute force."""
    runs: dict[tuple[str, ...], list[tuple[int, str, bool, float]]] = defaultdict(list)
    names = [[operation[0] for operation in session] for _, session in sessions]
    for number, (user, session) in enumerate(sessions):
        for length in range(2, 6):
            for first in range(len(session) - length + 1):
                part = session[first : first + length]
                facts = (number, user, all(op[1] for op in part), sum(op[2] for op in part))
                runs[tuple(op[0] for op in part)].append(facts)
    found = [
        SequencePattern(
            operations=operations,
            frequency=len({number for number, *_ in facts}),
            occurrences=len(facts),
            user_count=len({user for _, user, *_ in facts}),
            success_rate=sum(success for *_, success, _ in facts) / len(facts),
            avg_duration=sum(ms for *_, ms in facts) / len(facts),
            median_duration=median_low(
                [
                    fmean(ms for number, *_, ms in facts if number == session)
                    for session in {number for number, *_ in facts}
                ]
            ),
            with_gaps=sum(holds(session, operations, 2) for session in names),
        )
        for operations, facts in runs.items()
    ]
    kept = [p for p in found if p.frequency >= 5 and p.user_count >= 3 and p.success_rate >= 0.8]
    return sorted(closed(kept), key=lambda p: (-p.frequency, p.pattern))


def holds(session: list[str], pattern: tuple[str, ...], most: int) -> bool:
    """Whether a session holds the pattern with at most so many others between one operation and the next."""
    places = {place for place, name in enumerate(session) if name == pattern[0]}
    for wanted in pattern[1:]:
        after = {place + step for place in places for step in range(1, most + 2)}
        places = {place for place in after if place < len(session) and session[place] == wanted}
    return bool(places)


def test_it_finds_what_brute_force_finds(hour: datetime) -> None:
    dice = random.Random(7)
    sessions: list[tuple[str, Session]] = []
    for number in range(60):
        length = dice.randint(1, 9)
        session = [(dice.choice(WORDS), dice.random() > 0.04, float(dice.randint(1, 2000))) for _ in range(length)]
        sessions.append((f"user {number % 7}", session))
    # Sessions without an id begin an hour apart; those with one may overlap.
    tell_all(
        (user, run(hour + timedelta(hours=number), session, f"s{number}" if number % 2 == 0 else None))
        for number, (user, session) in enumerate(sessions)
    )
    expected = counted(sessions)
    assert len(expected) > 10
    found = PatternAnalyzer(hour + timedelta(days=5)).analyze_operation_sequences()
    assert [(p.pattern, p.frequency, p.occurrences, p.user_count) for p in found] == [
        (p.pattern, p.frequency, p.occurrences, p.user_count) for p in expected
    ]
    for mined, plain in zip(found, expected, strict=True):
        assert mined.success_rate == pytest.approx(plain.success_rate)
        assert mined.avg_duration == pytest.approx(plain.avg_duration)
        assert mined.median_duration == pytest.approx(plain.median_duration)
        assert mined.with_gaps == plain.with_gaps


@pytest.mark.parametrize(
    ("pause", "together"), [(timedelta(minutes=9, seconds=59), True), (timedelta(minutes=11), False)]
)
def test_without_a_session_id_ten_idle_minutes_end_a_session(hour: datetime, pause: timedelta, together: bool) -> None:
    for number in range(5):
        start = hour + timedelta(hours=number)
        # The second takes half an hour: idle time counts from the end of the one to the start of the next.
        second = operation(start + pause + timedelta(minutes=30), "resize", ms=30 * 60_000)
        tell(f"user {number}", operation(start, "trim"), second)
    found = PatternAnalyzer(hour + timedelta(days=1)).analyze_operation_sequences()
    assert [pattern.pattern for pattern in found] == (["trim->resize"] if together else [])


def test_patterns_of_too_few_sessions_users_or_successes_are_left_out(hour: datetime) -> None:
    def tell_pairs(name: str, sessions: int, users: int, failures: int) -> None:
        pairs: list[Session] = [
            [(f"{name}_one", True, 1.0), (f"{name}_two", number >= failures, 1.0)] for number in range(sessions)
        ]
        tell_all(
            (f"user {number % users}", run(hour + timedelta(minutes=number), pair, f"{name}-{number}"))
            for number, pair in enumerate(pairs)
        )

    tell_pairs("trim", sessions=5, users=3, failures=1)
    tell_pairs("crop", sessions=4, users=3, failures=0)
    tell_pairs("fade", sessions=9, users=2, failures=0)
    tell_pairs("broken", sessions=10, users=5, failures=3)
    found = PatternAnalyzer(hour + timedelta(days=1)).analyze_operation_sequences()
    assert [pattern.pattern for pattern in found] == ["trim_one->trim_two"]


def test_it_is_told_when_where_and_for_what(hour: datetime) -> None:
    pair = (("trim", {}), ("reverse", {}))
    times = [hour - timedelta(days=day) for day in (1, 1, 9, 10, 11, 29)]
    tell_sessions("pair", times, pair, users=6, workflow_type="music_video")
    [found] = PatternAnalyzer(hour).analyze_operation_sequences()
    assert found.weeks == (1, 0, 0, 3, 2)[-len(found.weeks) :]
    assert (found.platforms, found.stated) == (("mcp",), {"music_video": 6})
    assert (found.recent_occurrences, found.recent_successes) == (5, 5)
    assert found.first_seen == hour - timedelta(days=29) + timedelta(seconds=30)
    assert found.last_seen == hour - timedelta(days=1) + timedelta(seconds=30)
    assert found.workflow is not None
    assert found.workflow.type == "music_video"


def test_before_anything_is_learned_what_is_built_in_is_recommended(cloud: RunningCloud) -> None:
    found = PatternAnalyzer().recommend_operations(None, ["trim", "resize"], limit=3)
    assert 1 <= len(found) <= 3
    assert all(0 < each.probability <= 1 for each in found)
