"""What is usual: robust, and telling of nobody."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.clients import bigquery_client
from shared.patterns.typical import TypicalStep, rounded, typical_parameter, typical_steps
from tests.cloud import RunningCloud
from tests.shared.patterns.histories import every_day, tell_sessions


@pytest.fixture(autouse=True)
def no_events(cloud: RunningCloud) -> Iterator[None]:
    """What is usual is usual in all events of the time."""
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")
    yield


def learned(hour: datetime, *choices: dict[str, Any], users: int = 7) -> TypicalStep | None:
    """What is usual at the first of two steps after each choice was made in a session of its own."""
    for number, parameters in enumerate(choices):
        steps = (("trim", parameters), ("resize", {}))
        tell_sessions(f"s{number % users}", [hour + timedelta(minutes=number)], steps, users=1)
    steps = typical_steps(["trim->resize"], hour - timedelta(days=1), hour + timedelta(days=1))
    return steps.get("trim->resize", {}).get(0)


def values(step: TypicalStep | None) -> dict[str, Any]:
    return {each.name: each.value for each in step.parameters} if step else {}


def test_one_odd_choice_in_seven_changes_nothing(hour: datetime) -> None:
    usual = {"start": 2, "duration": 15, "preset": "fast"}
    odd = {"start": 80_000, "duration": 0.04, "preset": "veryslow"}
    step = learned(hour, *[usual] * 6, odd)
    assert values(step) == usual
    assert step is not None
    assert (step.output, step.input) == ("mp4", "mp4")
    [share] = [each.share for each in step.parameters if each.name == "preset"]
    assert share == pytest.approx(6 / 7, abs=0.001)


def test_what_everybody_chooses_otherwise_is_told_by_its_middle_rounded(hour: datetime) -> None:
    step = learned(hour, *({"start": 10.111 + number} for number in range(9)), users=9)
    assert values(step) == {"start": 14}
    [start] = step.parameters if step else ()
    assert (start.share, start.low, start.high) == (None, 12, 16)


def test_a_word_that_four_people_choose_is_not_told(hour: datetime) -> None:
    step = learned(hour, *[{"preset": "fast"}] * 4, *({"preset": word} for word in ("slow", "slower", "medium")))
    assert values(step) == {}


def test_nothing_is_told_of_four_people(hour: datetime) -> None:
    assert learned(hour, *[{"start": 2, "preset": "fast"}] * 4) is None


def test_parameters_are_those_of_the_usual_format(hour: datetime) -> None:
    tell_sessions("film", every_day(hour, 6), (("trim", {"start": 1}), ("convert", {})), users=6)
    tell_sessions("sound", every_day(hour, 5), (("to_mp3", {"bitrate": 96}), ("trim", {})), users=5)
    found = typical_steps(["trim->convert", "to_mp3->trim"], hour - timedelta(days=9), hour + timedelta(days=1))
    assert found["to_mp3->trim"][0].output == "mp3"
    assert values(found["to_mp3->trim"][0]) == {"bitrate": 96}


@given(st.lists(st.floats(0.001, 1e6), min_size=5, max_size=40))
def test_a_median_is_rounded_to_two_digits(numbers: list[float]) -> None:
    low, middle, high = quantiles(numbers, n=4)
    row = {
        "name": "start",
        "runs": len(numbers),
        "numbers": len(numbers),
        "quartiles": [min(numbers), low, middle, high, max(numbers)],
        "usual_value": None,
        "usual_runs": None,
    }
    told = typical_parameter(row)
    assert told is not None
    assert isinstance(told.value, int | float)
    assert told.value == rounded(middle) == pytest.approx(middle, rel=0.06)
    assert len(f"{told.value:.1e}") == len("1.2e+03")
