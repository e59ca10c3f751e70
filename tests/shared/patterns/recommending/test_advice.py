"""Advice about workflows: only what is sure is said, with the evidence for it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.patterns.recommending.chains import Chain, achieved, alternatives
from shared.patterns.recommending.intervals import LogTimes, difference, ratio, share
from shared.patterns.recommending.risks import Outcome, risks


def test_a_share_has_wilsons_interval() -> None:
    # Newcombe, Two-sided confidence intervals for the single proportion (1998), table I: 81 of 263.
    found = share(81, 263)
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_a_difference_has_newcombes_interval() -> None:
    # Newcombe, Interval estimation for the difference between independent proportions (1998), table II: 56/70 - 48/80.
    found = difference(share(56, 70), share(48, 80))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval(counts: tuple[int, int]) -> None:
    found = share(*counts)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


def test_a_ratio_of_times_is_that_of_their_geometric_means() -> None:
    found = ratio(LogTimes(100, 1.0, 0.5), LogTimes(100, 2.0, 0.5))
    assert found.value == pytest.approx(0.3679, abs=1e-4)
    assert found.low < found.value < found.high < 1
    assert ratio(LogTimes(4, 1.0, 2.0), LogTimes(4, 2.0, 2.0)).high > 1


def chain(operations: str, runs: int, failures: int = 0, seconds: float = 10.0, **formats: str) -> Chain:
    from math import log

    known = {"input_format": "mp4", "output_format": "mp4", **formats}
    return Chain(operations=tuple(operations.split()), runs=runs, failures=failures, timed=runs - failures,
                 log_mean=log(seconds * 1000), log_deviation=0.4, **known)  # fmt: skip


def test_the_same_in_another_order_that_fails_less_is_an_alternative() -> None:
    now, better = chain("reverse trim", 200, 60), chain("trim reverse", 150, 3)
    [found] = alternatives([now, better], now)
    assert found.chain == better
    assert (found.safer, found.faster) == (True, False)
    assert found.sentence == (
        "trim, then reverse, for the same purpose, failed in 2% of 150 sessions, this one in 30%."
    )


def test_one_operation_that_does_the_work_of_two_is_an_alternative() -> None:
    now, better = (
        chain("trim leica_look convert", 100, seconds=20),
        chain("apply_leica_and_trim convert", 100, seconds=8),
    )
    [found] = alternatives([now, better], now)
    assert (found.safer, found.faster) == (False, True)
    assert found.slower is not None
    assert found.slower.value == pytest.approx(0.4)
    assert found.slower.low < 0.4 < found.slower.high < 1


@pytest.mark.parametrize(
    "other",
    [
        chain("trim reverse", 19),
        chain("trim reverse", 100, 25),
        chain("trim reverse", 150, 3, seconds=30),
        chain("trim reverse", 150, 3, output_format="webm"),
        chain("trim reverse reverse", 150, 3),
        chain("trim", 150, 3),
        chain("trim film_noir", 150, 3),
    ],
    ids=["few", "no surer", "slower", "another format", "more", "less", "another look"],
)
def test_what_is_thin_worse_or_for_another_purpose_is_no_alternative(other: Chain) -> None:
    now = chain("reverse trim", 200, 60)
    assert alternatives([now, other], now) == []


def test_times_that_differ_by_a_hair_are_the_same() -> None:
    now, hair = chain("reverse trim", 200, 60), chain("trim reverse", 150, 3, seconds=10.0000001)
    steady = [replace(each, log_deviation=0.0) for each in (now, hair)]
    [found] = alternatives(steady, steady[0])
    assert (found.safer, found.faster, found.worse) == (True, False, False)


def test_of_a_chain_that_few_ran_nothing_is_said() -> None:
    now = chain("reverse trim", 19, 10)
    assert alternatives([now, chain("trim reverse", 500)], now) == []


def test_what_is_achieved_counts_in_any_order_as_often_as_it_is() -> None:
    assert achieved(["trim", "leica_look"]) == achieved(["apply_leica_and_trim"])
    assert achieved(["convert", "convert"]) != achieved(["convert"])


def known(*rows: tuple[str, str, str, int, int]) -> dict[tuple[str, str, str], Outcome]:
    return {(outcome := Outcome(*row)).key: outcome for row in rows}


RESIZE = known(("resize", "", "", 1000, 75), ("resize", "reverse", "", 150, 45), ("resize", "", "over 1 GB", 100, 10))


def test_an_operation_that_fails_after_another_is_a_risk() -> None:
    [risk] = risks(RESIZE, ["trim", "reverse", "resize"])
    assert (risk.place, risk.outcome.runs) == (2, 150)
    assert risk.elsewhere.value == pytest.approx(30 / 850)
    assert risk.sentence == (
        "resize failed in 30% of 150 runs right after reverse (95 % sure: 23% to 38%), elsewhere in 4%."
    )


def test_elsewhere_it_is_none() -> None:
    assert risks(RESIZE, ["reverse", "trim", "resize"]) == []


def test_both_together_are_said_only_where_they_are_worse_than_each_alone() -> None:
    sizes = RESIZE | known(("resize", "reverse", "over 1 GB", 60, 40))
    [large] = risks(sizes, ["reverse", "resize"], 2_000_000_000)
    assert (large.outcome.before, large.outcome.size) == ("reverse", "over 1 GB")
    [small] = risks(sizes, ["reverse", "resize"], 1000)
    assert (small.outcome.before, small.outcome.size) == ("reverse", "")
    alike = RESIZE | known(("resize", "reverse", "over 1 GB", 60, 20))
    assert risks(alike, ["reverse", "resize"], 2_000_000_000)[0].outcome.size == ""


@pytest.mark.parametrize(
    "row", [("trim", "reverse", "", 20, 4), ("trim", "reverse", "", 2000, 120)], ids=["thin evidence", "rare failures"]
)
def test_what_is_thin_or_rare_is_no_risk(row: tuple[str, str, str, int, int]) -> None:
    assert risks(known(("trim", "", "", 5000, 150), row), ["reverse", "trim"]) == []
