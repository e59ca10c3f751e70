"""What a transcode will take follows from how fast its stages are."""

from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.media.chunking import Speeds, Work, encode_speeds, even_splits, plan_chunks, predict
from shared.media.chunking.prediction import loads
from shared.media.machines import moved

RATE = Fraction(30)
HOUR = 3600 * 30
EVEN = {
    "transfer": 1e12,
    "start": 10.0,
    "plan": 5.0,
    "finish": 1.0,
    "join": 1e12,
    "sound": 1e12,
    "sprites": 1e12,
    "piece": 0.0,
}


@dataclass(frozen=True)
class Film:
    width: int = 100
    height: int = 100
    codec: str = "h264"
    preset: str = "veryfast"


def work(chunks: int, frames: int = HOUR) -> Work:
    return Work(
        [Film()],
        plan_chunks(frames, 1, RATE, chunks, [Fraction(n, 30) for n in range(frames)]),
        3600,
        1,
        1,
        ("sound", "sprites"),
    )


def test_sixty_tasks_take_a_sixtieth_of_the_time_to_encode() -> None:
    speeds = Speeds({**EVEN, "encode/cpu/h264/veryfast": 100 * 100 * 15})
    one, sixty = (predict(work(60), speeds, tasks, 0.01) for tasks in (1, 60))
    assert one.stages["encode"] == pytest.approx(7200, rel=0.01)
    assert sixty.stages["encode"] == pytest.approx(120, rel=0.01)
    assert sixty.seconds == pytest.approx(10 + 5 + 120 + 1, rel=0.01)


def test_tasks_cost_what_they_work_for_whatever_their_number() -> None:
    speeds = Speeds({**EVEN, "encode/cpu/h264/veryfast": 100 * 100 * 15})
    one, sixty = (predict(work(60), speeds, tasks, 0.01) for tasks in (1, 60))
    assert one.cost_usd == pytest.approx(72.06, rel=0.01)
    assert sixty.cost_usd == pytest.approx(one.cost_usd, rel=0.01)


def test_a_film_in_one_piece_is_neither_planned_nor_joined() -> None:
    prediction = predict(work(1, 300), Speeds(EVEN), 1, 0.01)
    assert (prediction.stages["plan"], prediction.stages["join"]) == (0, 0)


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=100), st.integers(1, 60))
def test_tasks_that_take_the_largest_piece_left_are_at_most_a_third_over_the_best(
    pieces: list[float], tasks: int
) -> None:
    bound = max(*pieces, sum(pieces) / tasks) if len(pieces) > 1 else pieces[0]
    assert sum(loads(pieces, tasks)) == pytest.approx(sum(pieces))
    assert max(loads(pieces, tasks)) <= bound * 2


@given(st.integers(1, 60), st.integers(0, 4))
def test_some_split_keeps_all_tasks_busy(tasks: int, whole: int) -> None:
    assert any((count + whole) % tasks == 0 for count in even_splits(tasks, whole)) or whole >= tasks
    assert all(count >= 1 for count in even_splits(tasks, whole))


def test_only_what_came_last_is_fetched_at_the_end() -> None:
    slow = Speeds({**EVEN, "transfer": 0.1, "encode/cpu/h264/veryfast": 1e9})
    few, many = (predict(work(chunks), slow, 10, 0.01).stages["join"] for chunks in (10, 40))
    assert many == pytest.approx(few / 4, rel=0.01)


def test_what_was_measured_foresees_the_same_again() -> None:
    speeds = Speeds(encode_speeds([Film(), Film(200, 200)], 300, 20.0))
    assert speeds.encode([Film(), Film(200, 200)], 300) == pytest.approx(20.0)


def test_one_odd_run_is_soon_forgotten() -> None:
    known = {"sound": 60.0}
    for _ in range(5):
        known = moved(known, {"sound": 10.0})
    assert known["sound"] == pytest.approx(10.0, abs=2)
