"""Anomalies and changes are found where they were planted, and nowhere else."""

from itertools import combinations, pairwise
from math import pi, sin
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.forecasting import Findings, Sampling, Unknown, Watched, examine, examine_all
from shared.forecasting.changes import Lines


def daily(seed: int, count: int = 120, together: float = 0.0) -> list[float]:
    """Days with a week in them and noise of size 1, of which neighbours may go together."""
    return wavy(Random(seed), count, 7, together)


def hourly(seed: int, count: int = 700, together: float = 0.0) -> list[float]:
    """Hours with a day in them."""
    return wavy(Random(seed), count, 24, together)


def wavy(dice: Random, count: int, period: int, together: float) -> list[float]:
    found, before = [], 0.0
    for step in range(count):
        before = dice.gauss(0, 1) + together * before
        found.append(100 + 10 * sin(2 * pi * step / period) + before)
    return found


def examined(values: list[float | None], *periods: int, **chosen: object) -> Findings:
    found = examine(values, periods=periods, **chosen)  # type: ignore[arg-type]
    assert isinstance(found, Findings)
    return found


@pytest.mark.parametrize("together", [0.0, 0.5])
def test_of_ten_thousand_ordinary_values_one_or_two_are_taken_for_anomalies_and_none_for_a_change(
    together: float,
) -> None:
    found = [examined(list(hourly(seed, together=together)), 24) for seed in range(15)]
    assert sum(len(each.anomalies) for each in found) <= 6
    assert sum(len(each.changes) for each in found) == 0


def test_outliers_are_found_with_what_was_to_be_expected_instead() -> None:
    for seed in range(10):
        values = daily(seed)
        as_it_was = dict.fromkeys((17, 60, 61, 119))
        for at in as_it_was:
            as_it_was[at], values[at] = values[at], values[at] + (10 if at != 60 else -10)
        found = {anomaly.at: anomaly for anomaly in examined(list(values), 7).anomalies}
        assert set(as_it_was) <= set(found)
        for at, before in as_it_was.items():
            assert found[at].value == values[at]
            assert found[at].expected == pytest.approx(before, abs=4.5)
            assert (found[at].deviations > 0) == (at != 60)


def test_a_tenth_of_outliers_hides_none_of_them() -> None:
    values, dice = hourly(1), Random(1)
    places = set(dice.sample(range(700), 70))
    for at in places:
        values[at] += dice.choice((-15, 15))
    found = {anomaly.at for anomaly in examined(list(values), 24).anomalies}
    assert len(places & found) >= 68 and len(found - places) <= 2


def test_half_a_day_of_nothing_is_an_anomaly_of_each_hour_and_no_change() -> None:
    values = hourly(2)
    values[300:312] = [0.0] * 12
    found = examined(list(values), 24)
    assert {anomaly.at for anomaly in found.anomalies} >= set(range(300, 312))
    assert found.changes == ()


def test_a_step_is_a_change_and_not_a_row_of_anomalies() -> None:
    for seed in range(10):
        values = hourly(seed)
        values[420:] = [value + 6 for value in values[420:]]
        found = examined(list(values), 24)
        [change] = found.changes
        assert abs(change.at - 420) <= 3
        assert change.after - change.before == pytest.approx(6, abs=1)
        assert len(found.anomalies) <= 2


def test_a_line_that_begins_to_rise_is_a_change_of_slope() -> None:
    dice = Random(3)
    values = [50 + max(0, day - 60) * 0.8 + dice.gauss(0, 1) for day in range(120)]
    [change] = examined(list(values)).changes
    assert abs(change.at - 60) <= 6
    assert (change.slope_before, change.slope_after) == (pytest.approx(0, abs=0.05), pytest.approx(0.8, abs=0.05))


def test_a_straight_line_has_no_change_however_steep() -> None:
    dice = Random(4)
    assert examined([5.0 * day + dice.gauss(0, 1) for day in range(120)], 7).changes == ()


@pytest.mark.parametrize("odd", [(0,), (0, 1), (-1,), (-2, -1)])
def test_odd_values_at_an_end_are_anomalies_and_change_no_level(odd: tuple[int, ...]) -> None:
    for seed in range(5):
        values = [100 + dice.gauss(0, 5) for dice in [Random(seed)] for _ in range(90)]
        for at in odd:
            values[at] = 180
        found = examined(list(values), 7)
        assert {each.at for each in found.anomalies} >= {at % 90 for at in odd}
        assert not found.changes


def test_two_seasons_are_both_ordinary() -> None:
    dice = Random(5)
    values = [
        100 + 10 * sin(2 * pi * hour / 24) - (15 if hour // 24 % 7 > 4 else 0) + dice.gauss(0, 1)
        for hour in range(1000)
    ]
    found = examined(list(values), 24, 168)
    assert found.periods == (24, 168)
    assert len(found.anomalies) <= 1 and found.changes == ()
    assert [level for level in found.levels if level is not None] == pytest.approx([100 - 15 * 2 / 7] * 1000, abs=6)


def test_a_value_of_few_samples_may_be_far_off() -> None:
    values = daily(6)
    values[50] += 12
    weights = [100.0] * 120
    assert [anomaly.at for anomaly in examined(list(values), 7, weights=weights).anomalies] == [50]
    weights[50] = 4
    assert examined(list(values), 7, weights=weights).anomalies == ()


def test_what_is_missing_is_neither_odd_nor_moves_the_others() -> None:
    values: list[float | None] = [None, None, *daily(7)]
    values[40] = values[90] = None
    values[70] = 200.0
    found = examined(values, 7)
    assert [anomaly.at for anomaly in found.anomalies] == [70]
    assert len(found.levels) == 122 and [found.levels[at] for at in (0, 1, 40, 90)] == [None] * 4


def test_one_value_off_among_equal_ones_is_odd() -> None:
    values = [3.0] * 60
    values[20] = 4.0
    assert [anomaly.at for anomaly in examined(list(values), 7).anomalies] == [20]
    assert examined([3.0] * 60, 7).anomalies == ()


def test_of_a_few_values_nothing_is_said() -> None:
    assert examine([1.0, 2.0, 3.0]) == Unknown("There are 3 values; at least 8 are needed.")


@pytest.mark.parametrize("count", range(8, 25))
def test_values_too_few_for_two_lines_have_no_change_though_they_step(count: int) -> None:
    """What comes in on the first days of a deployment: nothing, then something."""
    found = examined([0.0] * (count // 2) + [1.0] * (count - count // 2))
    assert [change.at for change in found.changes] == ([12] if count == 24 else [])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.none() | st.floats(-1e9, 1e9), max_size=60), st.sampled_from([(), (2,), (7,), (3, 12)]))
def test_whatever_the_values_there_is_an_answer(values: list[float | None], periods: tuple[int, ...]) -> None:
    found = examine(values, periods=periods)
    if isinstance(found, Findings):
        assert len(found.levels) == len(values)
        assert all(values[anomaly.at] == anomaly.value for anomaly in found.anomalies)
        assert all(0 < change.at < len(values) for change in found.changes)


def test_many_series_are_examined_together_as_each_is_alone() -> None:
    """Of one length and of several, with gaps and without, with a step in them, and such as nothing can be said of."""
    calm, odd, stepped, short = daily(1), daily(2), daily(3), daily(4, 60)
    odd[50] += 15
    stepped[70:] = [value + 12 for value in stepped[70:]]
    gappy: list[float | None] = [None if day in (3, 4, 40, 90) else value for day, value in enumerate(calm)]
    series = [
        Watched(list(calm)),
        Watched(list(odd), weights=[5.0] * len(odd)),
        Watched(list(stepped)),
        Watched(gappy, sampling=Sampling.COUNT),
        Watched([None, None, *short]),
        Watched([1.0, 2.0]),
    ]
    together = examine_all(series, periods=(7,))
    assert [isinstance(each, Unknown) for each in together] == [False] * 5 + [True]
    assert [len(each.anomalies) for each in together[:5] if isinstance(each, Findings)] == [0, 1, 0, 0, 0]
    assert [len(each.changes) for each in together[:5] if isinstance(each, Findings)] == [0, 0, 1, 0, 0]
    for found, each in zip(together[:5], series, strict=False):
        alone = examined(list(each.values), 7, weights=each.weights, sampling=each.sampling)
        assert isinstance(found, Findings)
        assert [odd.at for odd in found.anomalies] == [odd.at for odd in alone.anomalies]
        assert [turn.at for turn in found.changes] == [turn.at for turn in alone.changes]
        assert found.levels == pytest.approx(alone.levels)


@pytest.mark.parametrize("price", [3.0, 12.0, 40.0])
def test_the_lines_are_those_that_leave_least_with_their_prices(price: float) -> None:
    partitions = [(0, *begins) for number in range(3) for begins in combinations(range(12, 33), number)]
    allowed = [each for each in partitions if all(end - start >= 12 for start, end in pairwise((*each, 44)))]
    for seed in range(12):
        dice = Random(seed)
        size, (up, down) = dice.choice((0, 2, 4)), sorted(dice.sample(range(12, 33), 2))
        values = np.array([dice.gauss(0, 1) + size * (up <= at < down) for at in range(44)])
        least = min(allowed, key=lambda starts: left_by(values, starts, price))
        assert Lines(values, 12, price).partition() == list(least)


def left_by(values: "np.ndarray[tuple[int], np.dtype[np.float64]]", starts: tuple[int, ...], price: float) -> float:
    """The squared errors and the prices of lines that begin there."""
    errors = 0.0
    for start, end in pairwise((*starts, len(values))):
        steps = np.arange(start, end)
        slope, level = np.polyfit(steps, values[start:end], 1)
        errors += float(((values[start:end] - level - slope * steps) ** 2).sum())
    return errors + price * len(starts)
