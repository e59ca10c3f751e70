"""The score goes from 0 to 10, and no defect raises it by growing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.media.quality.score import BEST, WEIGHTS, Defects, score, severities

shares = st.floats(0, 1)
WORSE = {
    "black": shares,
    "frozen": shares,
    "silent": shares,
    "length_difference": st.floats(0, 10),
    "true_peak": st.floats(-30, 10),
    "vmaf": st.floats(0, 100),
    "ssim": st.floats(0, 1),
}
RISING = {"black", "frozen", "silent", "length_difference", "true_peak"}
"""What is worse the more there is of it; of the others, the less."""


def any_defects() -> st.SearchStrategy[Defects]:
    optional = {name: st.none() | WORSE[name] for name in ("true_peak", "vmaf", "ssim")}
    return st.builds(Defects, **{**WORSE, **optional, "integrated": st.none() | st.floats(-70, 5)})


@given(any_defects())
def test_it_stays_within_its_bounds(defects: Defects) -> None:
    assert 0 <= score(defects) <= BEST
    assert all(0 <= severity <= 1 for severity in severities(defects).values())


@given(any_defects(), st.data())
@pytest.mark.parametrize("name", WORSE)
def test_no_defect_raises_it_by_growing(name: str, defects: Defects, data: st.DataObject) -> None:
    less, more = sorted(data.draw(st.tuples(WORSE[name], WORSE[name])), reverse=name not in RISING)
    assert score(replace(defects, **{name: more})) <= score(replace(defects, **{name: less}))


@given(any_defects(), st.floats(0, 40), st.floats(0, 40))
def test_loudness_is_worse_the_further_it_is_outside_of_its_range(defects: Defects, near: float, far: float) -> None:
    near, far = sorted((near, far))
    for edge, away in ((-24.0, -1), (-9.0, 1)):
        ours, theirs = (replace(defects, integrated=edge + away * distance) for distance in (near, far))
        assert score(theirs) <= score(ours)


def test_nothing_wrong_is_a_ten_and_what_was_not_measured_costs_nothing() -> None:
    assert score(Defects()) == BEST
    assert score(Defects(integrated=-14, true_peak=-1.5, vmaf=97)) == BEST


def test_each_kind_of_defect_at_its_worst_costs_its_weight() -> None:
    worst = {
        "black": Defects(black=1),
        "frozen": Defects(frozen=1),
        "silent": Defects(silent=1),
        "loudness": Defects(integrated=-70),
        "peak": Defects(true_peak=4),
        "length": Defects(length_difference=5),
        "fidelity": Defects(vmaf=10),
    }
    assert {name: score(defects) for name, defects in worst.items()} == {
        name: BEST - weight for name, weight in WEIGHTS.items()
    }
