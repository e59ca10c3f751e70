"""The regression is not bent by outliers, and its intervals hold what they promise."""

import numpy as np
import pytest

from shared.performance.regression import Z95, conformal, robust_fit


def line(count: int, seed: int, outliers: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """y = 2 + 0.7 x with noise; outliers are far above."""
    dice = np.random.default_rng(seed)
    x = dice.uniform(0, 5, count)
    y = 2 + 0.7 * x + dice.normal(0, 0.3, count)
    y[: int(outliers * count)] += 20
    return np.column_stack([np.ones(count), x]), y


def test_a_tenth_of_outliers_hardly_moves_it() -> None:
    design, target = line(1_000, 1, outliers=0.1)
    assert robust_fit(design, target).coefficients == pytest.approx([2, 0.7], abs=0.08)
    plain = np.linalg.lstsq(design, target, rcond=None)[0]
    assert abs(plain[0] - 2) > 1


def test_nine_and_a_half_of_ten_confidence_intervals_hold_the_truth() -> None:
    held = 0
    for seed in range(300):
        fit = robust_fit(*line(120, seed))
        held += abs(fit.coefficients[1] - 0.7) <= Z95 * fit.errors[1]
    assert 0.91 <= held / 300 <= 0.98


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_intervals_hold_as_many_new_values_as_they_say(level: float) -> None:
    def left_over(design: np.ndarray, target: np.ndarray, new: np.ndarray, new_target: np.ndarray) -> np.ndarray:
        return np.asarray(new_target - new @ robust_fit(design, target).coefficients)

    design, target = line(2_000, 3)
    # Errors that are anything but normal: two humps.
    target += np.where(np.arange(2_000) % 2, 1.0, -1.0)
    held = conformal(design, target, np.arange(2_000), level, left_over)
    assert held.coverage == pytest.approx(level, abs=0.03)
    new, new_target = line(2_000, 4)
    new_target += np.where(np.arange(2_000) % 2, 1.0, -1.0)
    left = new_target - new @ robust_fit(design, target).coefficients
    assert ((left >= held.low) & (left <= held.high)).mean() == pytest.approx(level, abs=0.04)
