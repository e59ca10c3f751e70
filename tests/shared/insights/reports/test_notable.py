"""A change is told when it is large and more than chance."""

import random

import pytest

from shared.insights import Measurement, kpi
from shared.insights.reports.notable import is_notable


def rate(successes: int, of: int) -> Measurement:
    return Measurement("success_rate", (), None, successes / of, successes, of, of)


def mean(name: str, value: float, samples: int) -> Measurement:
    return Measurement(name, (), None, value, value * samples, samples, samples)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (rate(990, 1000), rate(950, 1000), True),
        (rate(99, 100), rate(95, 100), False),  # As large, and could be chance.
        (rate(990_000, 1_000_000), rate(989_700, 1_000_000), False),  # No chance, and too small to matter.
        (rate(20, 20), rate(5, 20), False),  # Too few.
        (rate(1000, 1000), rate(1000, 1000), False),
        (rate(1000, 1000), rate(900, 1000), True),
    ],
)
def test_rates(before: Measurement, after: Measurement, told: bool) -> None:
    assert is_notable(kpi("success_rate"), before, after) is told


@pytest.mark.parametrize(
    ("name", "before", "after", "samples", "told"),
    [
        ("generation_time", 40, 60, 1000, True),
        ("generation_time", 40, 41, 1000, False),
        ("generation_time", 40, 60, 40, False),
        ("satisfaction", 4.5, 3.9, 500, True),
        ("satisfaction", 4.5, 3.9, 40, False),
        ("nps", 20, 18, 1000, False),
        ("nps", 20, -5, 1000, True),
    ],
)
def test_means(name: str, before: float, after: float, samples: int, told: bool) -> None:
    assert is_notable(kpi(name), mean(name, before, samples), mean(name, after, samples)) is told


@pytest.mark.parametrize(
    ("name", "before", "after", "days", "told"),
    [
        ("operations", 31_000, 28_000, (31, 28), False),  # A February like the January before it.
        ("operations", 31_000, 22_000, (31, 28), True),
        ("operations", 1000, 3000, (1, 3), False),  # A weekend and a Friday, after a Thursday.
        ("operations", 1000, 2000, (1, 3), False),  # More, and less by the day.
        ("operations", 1000, 9000, (1, 3), True),
        ("unique_users", 100, 250, (1, 3), False),
        ("monthly_actives", 1000, 1500, (1, 3), True),  # Of thirty days, whatever the period.
        ("revenue", 31_000, 28_000, (31, 28), False),
    ],
)
def test_what_becomes_more_with_time_has_not_moved_because_a_period_is_longer(
    name: str, before: int, after: int, days: tuple[int, int], told: bool
) -> None:
    values = (Measurement(name, (), None, value, value, None, value) for value in (before, after))
    assert is_notable(kpi(name), *values, days[1] / days[0]) is told


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("operations", 1000, 0, True),  # That there are none is news, and no lack of data.
        ("operations", 1000, 12, True),
        ("function_errors", 0, 40, True),
        ("unique_users", 31, 29, False),
        ("unique_users", 29, 3, False),  # Few in both.
    ],
)
def test_how_many_there_are(name: str, before: int, after: int, told: bool) -> None:
    counted = [Measurement(name, (), None, count, count, None, count) for count in (before, after)]
    assert is_notable(kpi(name), counted[0], counted[1]) is told


def test_what_only_chance_moves_is_told_of_in_less_than_one_of_a_hundred_reports() -> None:
    dice = random.Random(7)

    def week() -> Measurement:
        return rate(sum(dice.random() < 0.9 for _ in range(400)), 400)

    told = sum(is_notable(kpi("success_rate"), week(), week()) for _ in range(400))
    assert told <= 4


def test_nothing_is_said_of_what_was_not_measured() -> None:
    nothing = Measurement("success_rate", (), None, None, 0, 0, 0)
    assert not is_notable(kpi("success_rate"), nothing, rate(1, 1000))
