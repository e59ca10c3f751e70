"""The test against chance keeps its word on people who only happen to be there, however busy some of them are."""

import random
from math import erfc, sqrt

import pytest

from shared.patterns.chance import Sums, chance_of, false_discovery_rates


def sums(people: list[tuple[int, int]]) -> Sums:
    """Of people with x of n sessions each."""
    return Sums(
        x=sum(x for x, _ in people),
        xx=sum(x * x for x, _ in people),
        xn=sum(x * n for x, n in people),
        n=sum(n for _, n in people),
        nn=sum(n * n for _, n in people),
        people=len(people),
    )


def some_people(dice: random.Random, taste: float) -> list[tuple[int, int]]:
    """Sixty people, a few of them with very many sessions; each has a liking of their own for the pattern."""
    found = []
    for _ in range(60):
        liking = min(1.0, dice.gammavariate(1, taste))
        sessions = int(dice.paretovariate(1.1)) % 200 + 1
        found.append((sum(dice.random() < liking for _ in range(sessions)), sessions))
    return found


def test_of_periods_without_a_difference_at_most_one_in_twenty_looks_as_if_there_were_one() -> None:
    dice = random.Random(5)
    chances = [chance_of(sums(some_people(dice, 0.1)), sums(some_people(dice, 0.1))) for _ in range(400)]
    assert sum(chance < 0.05 for chance in chances) / 400 < 0.08


def test_a_test_that_took_sessions_for_independent_would_see_three_times_as_many() -> None:
    dice = random.Random(5)
    naive = 0
    for _ in range(400):
        before, now = sums(some_people(dice, 0.1)), sums(some_people(dice, 0.1))
        common = (before.x + now.x) / (before.n + now.n)
        error = sqrt(common * (1 - common) * (1 / before.n + 1 / now.n))
        naive += erfc(abs(before.ratio - now.ratio) / error / sqrt(2)) < 0.05
    assert naive / 400 > 0.2


def test_a_pattern_that_thrice_as_many_run_is_no_chance() -> None:
    dice = random.Random(5)
    found = [chance_of(sums(some_people(dice, 0.05)), sums(some_people(dice, 0.25))) < 0.05 for _ in range(100)]
    assert sum(found) > 80


def test_one_busy_person_alone_proves_nothing() -> None:
    others = [(0, 5)] * 40
    assert chance_of(sums(others), sums([*others, (80, 80)])) > 0.1


def test_nobody_is_no_finding() -> None:
    assert chance_of(sums([]), sums([(1, 2), (0, 3)])) == 1.0
    assert chance_of(sums([(0, 2), (0, 2)]), sums([(0, 3), (0, 2)])) == 1.0


def test_false_discovery_rates_are_those_of_benjamini_and_hochberg() -> None:
    assert false_discovery_rates([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert false_discovery_rates([]) == []
