"""A trend is told when it is one, a crossing when it is to be expected, each with an interval that holds what it promises."""

from collections.abc import Callable
from math import inf
from random import Random

import numpy as np
import pytest

from shared.forecasting import (
    Crossing,
    Direction,
    Findings,
    Sampling,
    Unknown,
    Watched,
    crossing,
    examine_all,
    trend_of,
)


def line(dice: Random, slope: float, count: int, *, size: float = 4.0, together: float = 0.0) -> list[float | None]:
    """A line through noise, of which neighbours may go together."""
    found: list[float | None] = []
    before = 0.0
    for step in range(count):
        before = dice.gauss(0, size) + together * before
        found.append(50 + slope * step + before)
    return found


@pytest.mark.parametrize("together", [0.0, 0.5])
def test_of_series_without_a_trend_one_in_twenty_seems_to_have_one(together: float) -> None:
    told = [trend_of(line(Random(seed), 0.0, 80, together=together)).direction for seed in range(200)]
    assert sum(direction is not Direction.STEADY for direction in told) / 200 <= 0.09


def test_of_counts_that_are_mostly_0_hardly_any_seems_to_have_one() -> None:
    rare = [[float(dice.random() < 0.1) for _ in range(90)] for dice in map(Random, range(60))]
    found = examine_all([Watched(values, sampling=Sampling.COUNT) for values in rare], periods=(7,))
    told = [trend_of(each.levels).direction for each in found if isinstance(each, Findings)]
    assert sum(direction is not Direction.STEADY for direction in told) / 60 <= 0.15


@pytest.mark.parametrize(("slope", "direction"), [(0.2, Direction.RISING), (-0.2, Direction.FALLING)])
def test_a_trend_is_told_with_its_slope(slope: float, direction: Direction) -> None:
    told = [trend_of(line(Random(seed), slope, 100)) for seed in range(100)]
    assert all(trend.direction is direction for trend in told)
    assert np.mean([trend.low <= slope <= trend.high for trend in told]) >= 0.9


def test_outliers_do_not_turn_a_trend_around() -> None:
    values = line(Random(1), 0.5, 100)
    values[90:96] = [-500.0] * 6
    trend = trend_of(values)
    assert trend.direction is Direction.RISING and trend.slope == pytest.approx(0.5, abs=0.15)


def test_too_few_values_have_no_trend() -> None:
    assert trend_of([1.0, None, 2.0, 3.0]).direction is Direction.UNKNOWN


@pytest.mark.parametrize("together", [0.0, 0.5])
def test_four_of_five_crossings_lie_in_their_intervals(together: float) -> None:
    inside = []
    for seed in range(150):
        found = crossing(line(Random(seed), 0.5, 90, together=together), 120.0, upward=True)
        assert isinstance(found, Crossing)
        inside.append(found.earliest <= (120 - 50) / 0.5 - 89 <= (found.latest or inf))
    assert 0.68 <= np.mean(inside) <= 0.92


def test_a_crossing_downward_is_one_too() -> None:
    found = crossing(line(Random(1), -0.5, 80, size=1), 0.0, upward=False)
    assert isinstance(found, Crossing) and found.steps == pytest.approx(21, abs=3)


def test_only_what_came_since_counts() -> None:
    values = [*line(Random(1), 0.0, 60, size=1), *[50 + 2.0 * step for step in range(20)]]
    found = crossing(values, 100.0, upward=True, since=60)
    assert isinstance(found, Crossing) and found.steps == pytest.approx(6, abs=0.1)


def test_a_weak_trend_may_never_cross() -> None:
    found = crossing(line(Random(3), 0.06, 60), 60.0, upward=True)
    assert isinstance(found, Crossing) and found.latest is None


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: line(Random(1), -1.0, 50), "does not move towards"),
        (lambda: line(Random(1), 3.0, 50), "past the threshold already"),
        (lambda: [1.0, 2.0], "There are 2 values"),
    ],
)
def test_where_there_is_no_crossing_the_reason_is_told(make: Callable[[], list[float | None]], reason: str) -> None:
    found = crossing(make(), 120.0, upward=True)
    assert isinstance(found, Unknown) and reason in found.reason
