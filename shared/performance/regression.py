"""Regression that outliers cannot bend, and intervals that hold what they promise.

The estimator is Huber's, by iteratively reweighted least squares, its scale the median of absolute residuals. The intervals are
conformal: quantiles of what was left over on runs of people that the fit had not seen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Labels = NDArray[np.int64]

_BEND = 1.345
"""Where Huber's loss becomes linear, in standard deviations: 95 % as efficient as least squares on normal errors."""
_MAD = 1.4826
"""Standard deviations in a median absolute deviation of normal errors."""
_STEPS = 50
_RIDGE = 1e-9
FOLDS = 5
Z95 = 1.959964


@dataclass(frozen=True)
class Fit:
    """Coefficients, and the standard error of each."""

    coefficients: "Values"
    errors: "Values"


@dataclass(frozen=True)
class Interval:
    """Between which errors so many of new runs lie, and of how many that was true of runs kept apart for that.

    `middle`: half of them were smaller, whatever their sign."""

    low: float
    high: float
    coverage: float
    middle: float


def robust_fit(design: "Values", target: "Values") -> Fit:
    """The coefficients that fit `target` (n) by `design` (n x p), n > p."""
    import numpy as np

    weights: Values = np.ones(len(target))
    coefficients: Values = np.zeros(design.shape[1])
    scale = 1.0
    for _ in range(_STEPS):
        weighted = design * weights[:, None]
        normal = design.T @ weighted + _RIDGE * np.eye(design.shape[1])
        before = coefficients
        coefficients = np.asarray(np.linalg.solve(normal, weighted.T @ target), np.float64)
        left = target - design @ coefficients
        scale = max(_MAD * float(np.median(np.abs(left))), 1e-9)
        weights = np.clip(_BEND * scale / np.maximum(np.abs(left), 1e-12), 0.0, 1.0)
        if np.allclose(before, coefficients, rtol=1e-8, atol=1e-10):
            break
    bent = np.clip(left / scale, -_BEND, _BEND)
    straight = float(np.mean(np.abs(left) <= _BEND * scale)) or 1.0
    variance = scale**2 * float(np.sum(bent**2)) / max(1, len(target) - design.shape[1]) / straight**2
    inverse = np.linalg.inv(design.T @ design + _RIDGE * np.eye(design.shape[1]))
    return Fit(coefficients, np.sqrt(np.maximum(variance * np.diag(inverse), 0.0)))


def conformal(
    design: "Values",
    target: "Values",
    person: "Labels",
    level: float,
    left_over: "Callable[[Values, Values, Values, Values], Values]",
) -> Interval:
    """The interval of `level` around a prediction for somebody new.

    `left_over(design, target, new design, new target)` fits the first two and gives what is left over of the new ones. People are
    parted into folds; what is left over of each fold, with the others fitted, gives the interval, and the interval of all
    other folds is tried on it for the coverage."""
    import numpy as np

    fold = person % FOLDS
    left = np.zeros(len(target))
    for number in range(FOLDS):
        out = fold == number
        if out.any() and not out.all():
            left[out] = left_over(design[~out], target[~out], design[out], target[out])
    inside = 0
    for number in range(FOLDS):
        out = fold == number
        if out.any() and not out.all():
            low, high = _bounds(left[~out], level)
            inside += int(((left[out] >= low) & (left[out] <= high)).sum())
    low, high = _bounds(left, level)
    return Interval(low, high, inside / len(target), float(np.median(np.abs(left))))


def _bounds(left: "Values", level: float) -> tuple[float, float]:
    """The quantiles with the correction for a finite sample."""
    import numpy as np

    ordered = np.sort(left)
    count = len(ordered)
    tail = (1 - level) / 2
    low = max(0, int(np.floor(tail * (count + 1))) - 1)
    high = min(count - 1, int(np.ceil((1 - tail) * (count + 1))) - 1)
    return float(ordered[low]), float(ordered[high])
