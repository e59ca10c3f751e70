"""What labels add to a change adds up to it, and no mix can turn it around unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.insights.reports.contribution import Share, of_rate, of_sum

shares = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.integers(0, 1000), st.integers(1, 1000)).map(lambda pair: Share(min(pair), max(pair))),
    min_size=1,
)


def rate(of: dict[str, Share]) -> float:
    return sum(share.numerator for share in of.values()) / sum(share.denominator for share in of.values())


@given(shares, shares)
def test_contributions_add_up_to_the_change(before: dict[str, Share], after: dict[str, Share]) -> None:
    made = of_rate(before, after)
    assert sum(part.total for part in made) == pytest.approx(rate(after) - rate(before), abs=1e-9)
    assert {part.label for part in made} == {*before, *after}


@given(shares, shares)
def test_they_are_the_same_the_other_way_round(before: dict[str, Share], after: dict[str, Share]) -> None:
    there = {part.label: part for part in of_rate(before, after)}
    for part in of_rate(after, before):
        assert part.rate == pytest.approx(-there[part.label].rate, abs=1e-9)
        assert part.mix == pytest.approx(-there[part.label].mix, abs=1e-9)


def test_where_every_label_improves_and_the_whole_falls_the_mix_is_to_blame() -> None:
    before = {"easy": Share(900, 1000), "hard": Share(50, 100)}
    after = {"easy": Share(95, 100), "hard": Share(600, 1000)}
    made = of_rate(before, after)
    assert rate(after) < rate(before)
    assert all(part.rate > 0 for part in made)
    assert sum(part.mix for part in made) < 0


def test_where_only_rates_change_the_mix_adds_nothing() -> None:
    made = of_rate({"a": Share(9, 10), "b": Share(5, 10)}, {"a": Share(18, 20), "b": Share(2, 20)})
    assert [part.label for part in made] == ["b", "a"]
    assert [part.mix for part in made] == [0, 0]
    assert made[0].rate == pytest.approx(-0.2)


def test_a_label_that_comes_or_goes_is_a_matter_of_the_mix() -> None:
    made = {part.label: part for part in of_rate({"a": Share(9, 10)}, {"a": Share(9, 10), "new": Share(0, 10)})}
    assert made["new"].rate == 0
    assert made["new"].mix < 0


def test_without_work_in_a_period_nothing_is_said() -> None:
    assert of_rate({}, {"a": Share(1, 2)}) == []
    assert of_rate({"a": Share(0, 0)}, {"a": Share(1, 2)}) == []


def test_a_sum_changes_by_what_its_parts_do() -> None:
    made = of_sum({"a": 10, "gone": 4}, {"a": 7, "new": 20})
    assert [(part.label, part.total) for part in made] == [("new", 20), ("gone", -4), ("a", -3)]
