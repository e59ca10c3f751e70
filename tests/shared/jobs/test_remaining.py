"""The time that is left follows from the rate, is not told before anybody can know, and does not jump."""

import itertools
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.jobs.remaining import QUIET, SETTLING, SLOWEST, Remaining

TICK = 0.25


def told(progress: list[float]) -> list[float | None]:
    remaining = Remaining()
    return [remaining.update(each, number * TICK) for number, each in enumerate(progress)]


@pytest.mark.parametrize("seconds", [8, 60, 600])
def test_a_steady_job_is_foretold_to_a_tenth(seconds: int) -> None:
    ticks = int(seconds / TICK)
    shown = told([number / ticks for number in range(ticks)])
    for number, left in enumerate(shown):
        true = seconds - number * TICK
        if number * TICK > max(QUIET, 0.03 * seconds):
            assert left == pytest.approx(true, rel=0.1, abs=0.5)


def test_nothing_is_said_before_it_is_known() -> None:
    assert told([0.0] * 100) == [None] * 100
    assert told([0.5] * 7) == [None] * 7


def test_a_job_that_slows_down_is_believed_to_after_a_while() -> None:
    fast = [number / 200 for number in range(100)]  # Half in 25 s: 25 s are left.
    slow = [0.5 + number / 2000 for number in range(400)]  # Now a tenth as fast: 5 minutes for the other half.
    shown = told(fast + slow)
    assert shown[99] == pytest.approx(25, abs=2)
    assert shown[-1] is not None
    assert shown[-1] > 100


@given(st.lists(st.floats(0, 0.05), min_size=20, max_size=200))
def test_it_moves_only_as_far_as_settling_allows(steps: list[float]) -> None:
    progress = [min(1.0, done) for done in itertools.accumulate(steps)]
    last = None
    for number, left in enumerate(told(progress)):
        if last is not None and left is not None:
            run_down, done = max(0.0, last - TICK), progress[number] - progress[0]
            longest = (1 - progress[number]) * number * TICK / (SLOWEST * done)
            assert 0 <= left <= run_down + (1 - exp(-TICK / SETTLING)) * longest + 1e-6
            assert left >= run_down * exp(-TICK / SETTLING) - 1e-6
        last = left
