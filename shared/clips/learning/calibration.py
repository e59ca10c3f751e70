"""Calibration: what is predicted is brought to what came of it, so that of clips predicted at 0.7, 0.7 is the mean.

Two ways: Platt's, a line through the logits, which a few clips are enough for; and isotonic regression by pooling adjacent
violators, which follows any shape that rises, and needs many. Whichever foresees clips kept apart the better is taken."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from shared.clips.learning.example import odds_to_share
from shared.clips.learning.logistic import fit, logit, losses, sigmoid
from shared.core.documents import StoredModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

_FOLDS = 5
_ENOUGH = 100
"""Clips that isotonic regression needs at least."""
_BIAS_DRAW = 0.5
_SLOPE_DRAW = 4.0
"""A few clips do not move a prediction far."""


class Calibration(StoredModel):
    """From what is said to what is likely. `kind` platt: the logit times `slope` plus `bias`; isotonic: straight between
    `points`, (said, likely) with both rising; identity: as it is. `clips`: how many it was learnt from."""

    kind: Literal["identity", "platt", "isotonic"] = "identity"
    bias: float = 0.0
    slope: float = Field(default=1.0, ge=0)
    points: tuple[tuple[float, float], ...] = ()
    clips: int = 0

    def likely(self, said: float) -> float:
        """What is likely, 0 to 1, when this is said, 0 to 1. Never falls when `said` rises."""
        if self.kind == "identity":
            return said
        if self.kind == "platt":
            return odds_to_share(self.bias + self.slope * float(logit(_one(said))[0]))
        return _between(self.points, said)


Way = Callable[["Values", "Values", "Values"], Calibration]


def calibrate(said: "Values", shares: "Values", weights: "Values") -> Calibration:
    """The calibration that clips ask for: what was said of each (n, 0 to 1), what came of it, and how much that counts."""
    if not len(said):
        return Calibration()
    if len(said) < _ENOUGH:
        return _platt(said, shares, weights)
    surprise = {way: float(weights @ losses(_apart(way, said, shares, weights), shares)) for way in (_platt, _isotonic)}
    return min(surprise, key=lambda way: surprise[way])(said, shares, weights)


def calibrated_apart(said: "Values", shares: "Values", weights: "Values") -> "Values":
    """What is likely of each clip by a calibration that has not seen it: what an honest report is made of."""
    return _apart(calibrate, said, shares, weights)


def pooled(shares: "Values", weights: "Values") -> "Values":
    """The values that rise, or stay, and are nearest to `shares` in the weighted mean of squares (pool adjacent violators)."""
    import numpy as np

    # Each block: its mean, its weight, how many it holds.
    blocks: list[tuple[float, float, int]] = []
    for share, weight in zip(shares.tolist(), weights.tolist(), strict=True):
        blocks.append((share, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (left, much, many), (right, more, number) = blocks[-2:]
            total = much + more
            mean = (left * much + right * more) / total if total else (left + right) / 2
            blocks[-2:] = [(mean, total, many + number)]
    return np.repeat([mean for mean, _, _ in blocks], [number for _, _, number in blocks])


def _platt(said: "Values", shares: "Values", weights: "Values") -> Calibration:
    import numpy as np

    design = np.column_stack([np.ones(len(said)), logit(said)])
    found = fit(design, shares, weights, np.array([0.0, 1.0]), np.array([_BIAS_DRAW, _SLOPE_DRAW]))
    bias, slope = float(found[0]), float(found[1])
    if slope < 0:  # What is said is worth nothing: all that is known is the mean.
        total = float(weights.sum())
        bias, slope = float(logit(np.array([weights @ shares / total if total else 0.5]))[0]), 0.0
    return Calibration(kind="platt", bias=bias, slope=slope, clips=len(said))


def _isotonic(said: "Values", shares: "Values", weights: "Values") -> Calibration:
    import numpy as np

    order = np.argsort(said, kind="stable")
    rising = pooled(shares[order], weights[order])
    levels, first = np.unique(rising, return_index=True)
    last = np.append(first[1:], len(rising)) - 1
    # A level is at the middle of what was said below it: between two of them it is a straight line.
    middles = (said[order][first] + said[order][last]) / 2
    points = tuple((float(x), float(y)) for x, y in zip(middles, levels, strict=True))
    return Calibration(kind="isotonic", points=points, clips=len(said))


def _apart(way: Way, said: "Values", shares: "Values", weights: "Values") -> "Values":
    """What each clip is calibrated to by the others: a fifth of them, from all over what is said, is kept apart at a time."""
    import numpy as np

    fold = np.empty(len(said), np.int64)
    fold[np.argsort(said, kind="stable")] = np.arange(len(said)) % _FOLDS
    found: Values = np.zeros(len(said))
    for number in range(min(_FOLDS, len(said))):
        out = fold == number
        found[out] = _many(way(said[~out], shares[~out], weights[~out]), said[out])
    return found


def _many(calibration: Calibration, said: "Values") -> "Values":
    import numpy as np

    if calibration.kind == "identity":
        return said
    if calibration.kind == "platt":
        return sigmoid(calibration.bias + calibration.slope * logit(said))
    x, y = zip(*calibration.points, strict=True)
    return np.asarray(np.interp(said, x, y), np.float64)


def _between(points: tuple[tuple[float, float], ...], said: float) -> float:
    below = [point for point in points if point[0] <= said]
    above = [point for point in points if point[0] > said]
    if not below or not above:
        return (below[-1] if below else above[0])[1]
    (x0, y0), (x1, y1) = below[-1], above[0]
    return y0 + (y1 - y0) * (said - x0) / (x1 - x0)


def _one(value: float) -> "Values":
    import numpy as np

    return np.asarray([value], np.float64)
