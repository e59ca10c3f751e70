"""Shift: how the weights of somebody, or of a category, differ from those that they come from, and how that is learnt.

What is known before is never thrown away: it is one column of the regression, and each weight's distance from it is drawn to
nothing. How strongly, and whether weights move at all, is decided by how clips would have been foreseen that the fit had not
seen: with little data, or with data that say nothing, the shift changes how sure one is, and no order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from shared.clips.learning.logistic import fit, losses, sigmoid
from shared.clips.ranking import UNKNOWN, Weights
from shared.core.documents import StoredModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Labels = NDArray[np.int64]

_DRAWS = (64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0)
"""What is tried, the strongest first."""
_BIAS_DRAW = 0.05
_SLOPE_DRAW = 0.5
"""Weak: if what is known before is worth less than it says, the slope is to say so, and not the weights."""
_LEAST_SLOPE = 0.1
"""What is known before keeps at least a tenth of its weight: nobody's taste is the opposite of everything."""
_FOLDS = 10
_LEAST_GROUPS = 5
"""With fewer recordings nobody can tell taste from chance."""


class Shift(StoredModel):
    """New weights are `slope` times the old ones plus `values`; so is the bias, plus `bias`.

    `clips`: how many it was learnt from. `gain`: how much less it was surprised by clips kept apart, per clip, than what was
    known before; 0 where only the bias and the slope have changed. `draw`: how strongly weights were drawn to the old ones."""

    bias: float = 0.0
    slope: float = Field(default=1.0, gt=0)
    values: dict[str, float] = Field(default_factory=dict)
    clips: int = 0
    gain: float = 0.0
    draw: float | None = None

    def applied(self, weights: Weights) -> Weights:
        """The weights after it."""
        names = weights.values.keys() | self.values.keys()
        moved = {
            name: self.slope * weights.values.get(name, 0.0) + self.values.get(name, 0.0) for name in sorted(names)
        }
        return Weights(bias=self.slope * weights.bias + self.bias, values=moved)


@dataclass(frozen=True)
class Learnt:
    """A shift, and what it, learnt from the others, foresees of each clip (n), 0 to 1: what an honest report is made of."""

    shift: Shift
    foreseen: "Values"


def learn_shift(
    names: Sequence[str],
    features: "Values",
    before: "Values",
    shares: "Values",
    weights: "Values",
    groups: Sequence[str],
) -> Learnt:
    """Learn from clips: their `features` (n x p, around what is usual), the logits that what is known gives them (`before`, n),
    how they did (`shares`, 0 to 1), how much that counts (`weights`), and what each was chosen from: clips of one group are never
    on both sides of a trial."""
    import numpy as np

    folds = _folds(groups)
    kept = _foreseen(features, before, shares, weights, folds, None)
    best, gain, foreseen = None, 0.0, kept
    for draw in _DRAWS:
        tried = _foreseen(features, before, shares, weights, folds, draw)
        gains = weights * (losses(kept, shares) - losses(tried, shares))
        more = float(gains.sum())
        if more > max(gain, _by_chance(gains, groups)):
            best, gain, foreseen = draw, more, tried
    bias, slope, values = _fitted(features, before, shares, weights, best)
    moved = {name: float(value) for name, value in zip(names, values, strict=True) if value}
    shift = Shift(
        bias=float(bias - UNKNOWN * np.sum(values)),
        slope=slope,
        values=moved,
        clips=len(shares),
        gain=gain / float(weights.sum()) if len(shares) else 0.0,
        draw=best,
    )
    return Learnt(shift, foreseen)


def _foreseen(
    features: "Values", before: "Values", shares: "Values", weights: "Values", folds: "Labels", draw: float | None
) -> "Values":
    """What the fit to all other folds says of each clip."""
    import numpy as np

    found: Values = np.zeros(len(shares))
    for number in range(int(folds.max(initial=0)) + 1):
        out = folds == number
        bias, slope, values = _fitted(features[~out], before[~out], shares[~out], weights[~out], draw)
        found[out] = sigmoid(bias + slope * before[out] + features[out] @ values)
    return found


def _fitted(
    features: "Values", before: "Values", shares: "Values", weights: "Values", draw: float | None
) -> tuple[float, float, "Values"]:
    """Bias, slope and weights; without a draw the weights stay where they are."""
    import numpy as np

    wide = features if draw is not None else features[:, :0]
    draws = np.concatenate([[_BIAS_DRAW, _SLOPE_DRAW], np.full(wide.shape[1], draw or 1.0)])
    middle = np.concatenate([[0.0, 1.0], np.zeros(wide.shape[1])])
    design = np.column_stack([np.ones(len(shares)), before, wide])
    found = fit(design, shares, weights, middle, draws)
    if found[1] < _LEAST_SLOPE:
        draws[1], middle[1] = 1e9, _LEAST_SLOPE
        found = fit(design, shares, weights, middle, draws)
    values = found[2:] if draw is not None else np.zeros(features.shape[1])
    return float(found[0]), float(found[1]), values


def _folds(groups: Sequence[str]) -> "Labels":
    """A fold for each clip: groups are dealt out in the order in which they come."""
    import numpy as np

    number = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    return np.asarray([number[group] % _FOLDS for group in groups], np.int64)


def _by_chance(gains: "Values", groups: Sequence[str]) -> float:
    """What gains of clips add up to by chance alone in one case of a hundred. Clips of a group go together."""
    import numpy as np

    _, number = np.unique(np.asarray(groups), return_inverse=True)
    totals = np.bincount(number, weights=gains)
    if len(totals) < _LEAST_GROUPS:
        return float("inf")
    # Student's t at 99 %, not less than it from four degrees of freedom on.
    quantile = 2.33 + 5.7 / (len(totals) - 1)
    return float(quantile * np.std(totals, ddof=1) * np.sqrt(len(totals)))
