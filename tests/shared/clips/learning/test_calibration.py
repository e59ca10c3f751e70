"""Calibration: of clips that are predicted alike, the mean is what was predicted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clips.learning.calibration import Calibration, calibrate, calibrated_apart, pooled

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def told(count: int, seed: int = 1) -> np.ndarray:
    """What is said of so many clips, 0 to 1."""
    return np.random.default_rng(seed).uniform(0.02, 0.98, count)


def test_a_ranker_that_boasts_is_brought_down() -> None:
    said = told(60)
    found = calibrate(said, said / 2, np.ones(60))
    assert found.kind == "platt"
    assert found.likely(0.9) == pytest.approx(0.45, abs=0.1)
    assert found.likely(0.1) < found.likely(0.5) < found.likely(0.9)


def test_a_few_clips_do_not_move_a_prediction_far() -> None:
    found = calibrate(np.array([0.9, 0.8]), np.array([0.0, 0.0]), np.ones(2))
    assert 0.3 < found.likely(0.9) < 0.9


def test_many_clips_show_a_shape_that_no_line_through_the_logits_has() -> None:
    said = told(400)
    steps = np.where(said < 0.3, 0.1, np.where(said < 0.7, 0.5, 0.6))
    found = calibrate(said, steps, np.ones(400))
    assert found.kind == "isotonic"
    for middle, likely in ((0.15, 0.1), (0.5, 0.5), (0.9, 0.6)):
        assert found.likely(middle) == pytest.approx(likely, abs=0.06)


def test_a_line_is_kept_where_it_foresees_as_well() -> None:
    said = told(120)
    noise = np.random.default_rng(2).normal(0, 0.2, 120)
    assert calibrate(said, np.clip(said + noise, 0, 1), np.ones(120)).kind == "platt"


def test_a_ranker_that_is_always_wrong_is_worth_its_mean() -> None:
    said = told(80)
    found = calibrate(said, 1 - said, np.ones(80))
    assert found.likely(0.1) == pytest.approx(found.likely(0.9))
    assert found.likely(0.5) == pytest.approx(0.5, abs=0.05)


def test_nothing_known_changes_nothing() -> None:
    empty = np.array([])
    assert calibrate(empty, empty, empty).likely(0.37) == 0.37
    assert Calibration().likely(1.0) == 1.0


def test_a_clip_that_counts_for_nothing_says_nothing() -> None:
    said, shares = np.array([0.5, 0.5, 0.5]), np.array([0.5, 0.5, 1.0])
    assert calibrate(said, shares, np.array([5.0, 5.0, 0.0])).likely(0.5) == pytest.approx(0.5, abs=1e-6)


@given(SHARES)
def test_pooling_rises_and_keeps_the_mean_and_what_rises_already(shares: list[float]) -> None:
    weights = np.ones(len(shares))
    found = pooled(np.array(shares), weights)
    assert (np.diff(found) >= -1e-12).all()
    assert found.mean() == pytest.approx(np.mean(shares))
    assert pooled(np.array(sorted(shares)), weights) == pytest.approx(sorted(shares))


def test_pooling_goes_by_the_weights() -> None:
    assert pooled(np.array([0.9, 0.3]), np.array([2.0, 1.0])) == pytest.approx([0.7, 0.7])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=130))
def test_whatever_is_learnt_a_prediction_stays_a_share_and_never_falls_as_what_is_said_rises(
    pairs: list[tuple[float, float]],
) -> None:
    said, shares = (np.array(column) for column in zip(*pairs, strict=True))
    found = calibrate(said, shares, np.ones(len(pairs)))
    likely = [found.likely(share) for share in np.linspace(0, 1, 21)]
    assert all(0 <= each <= 1 for each in likely)
    assert (np.diff(likely) >= -1e-9).all()
    apart = calibrated_apart(said, shares, np.ones(len(pairs)))
    assert ((apart >= 0) & (apart <= 1)).all()
