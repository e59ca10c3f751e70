"""Stages make up the whole, which never goes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.jobs.progress import Progress

SHARES = {"downloading": 0.1, "running": 0.7, "uploading": 0.2}


def test_a_stage_counts_with_its_share_after_those_before_it() -> None:
    progress = Progress().planned(SHARES).at(0.5, "running")
    assert progress.fraction == pytest.approx(0.1 + 0.35)
    assert progress.stage == "running"
    assert progress.at(1.0, "uploading").fraction == pytest.approx(1.0)


def test_without_a_plan_the_whole_is_one_stage() -> None:
    assert Progress().at(0.5, "anything").fraction == 0.5


@given(st.lists(st.tuples(st.floats(-1, 2), st.sampled_from(list(SHARES))), max_size=30))
def test_it_never_goes_back_and_never_out_of_bounds(reports: list[tuple[float, str]]) -> None:
    progress = Progress().planned(SHARES)
    for fraction, stage in reports:
        after = progress.at(fraction, stage)
        assert progress.fraction <= after.fraction <= 1.0
        progress = after


def test_stages_that_do_not_make_up_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="add up to"):
        Progress().planned({"downloading": 0.1, "running": 0.7})
    with pytest.raises(ValueError, match="no stage"):
        Progress().planned(SHARES).at(0.5, "dancing")
