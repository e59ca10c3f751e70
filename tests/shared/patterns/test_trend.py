"""Rising, steady, falling: told with a figure, and only of what is not chance."""

import random

from hypothesis import given
from hypothesis import strategies as st

from shared.patterns import Trend, TrendDirection

WEEKS = st.lists(st.integers(0, 500), min_size=4, max_size=12)


def test_ten_more_every_week_is_a_rise_by_a_figure() -> None:
    trend = Trend.of([50, 60, 70, 80, 90, 100, 110, 120])
    assert trend.direction is TrendDirection.RISING
    assert trend.change == round(10 / 85, 4)


def test_one_week_out_of_line_changes_nothing() -> None:
    usual = [100, 101, 99, 100, 102, 98, 100, 101, 99, 100, 100, 900]
    assert Trend.of(usual).direction is TrendDirection.STEADY


def test_what_begins_and_what_ends_is_a_trend() -> None:
    began = [0, 0, 0, 0, 0, 0, 0, 0, 40, 41, 39, 44]
    assert Trend.of(began).direction is TrendDirection.RISING
    assert Trend.of(began[::-1]).direction is TrendDirection.FALLING


def test_chance_is_taken_for_a_trend_in_one_of_ten() -> None:
    dice = random.Random(3)
    found = [Trend.of([dice.randint(40, 60) for _ in range(12)]).direction for _ in range(300)]
    assert sum(direction is not TrendDirection.STEADY for direction in found) < 0.13 * len(found)


def test_three_weeks_say_nothing() -> None:
    assert Trend.of([1, 20, 300]).direction is TrendDirection.UNKNOWN


@given(WEEKS)
def test_backwards_it_is_the_opposite(weeks: list[int]) -> None:
    forth, back = Trend.of(weeks), Trend.of(weeks[::-1])
    assert forth.change == -back.change or forth.direction is TrendDirection.UNKNOWN
    opposite = {TrendDirection.RISING: TrendDirection.FALLING, TrendDirection.FALLING: TrendDirection.RISING}
    assert back.direction is opposite.get(forth.direction, forth.direction)


@given(WEEKS, st.integers(2, 9))
def test_the_figure_does_not_depend_on_how_many_people_there_are(weeks: list[int], times: int) -> None:
    one, many = Trend.of(weeks), Trend.of([week * times for week in weeks])
    assert one.direction is many.direction
    assert abs(one.change - many.change) < 1e-3
