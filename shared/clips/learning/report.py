"""ClipReport: what was predicted of clips against what came of them, and what learning has changed about their order."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from shared.clips.learning.example import Example
from shared.core.documents import StoredModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

_BINS = 5
_CLEAR = 0.05
"""How far two outcomes must be apart for one to have done better."""


class PredictedBin(StoredModel):
    """Clips that much the same was predicted of: the mean of that, the mean of what came of them, and its standard error."""

    predicted: float
    actual: float
    error: float
    clips: int


class ClipOrder(StoredModel):
    """Of two clips of the same recording, how often the one that did better was put first: 0.5 is chance, 1 always.

    `pairs`: how many there were to tell by. `usual`: by the weights that nobody's results have changed; `learnt`: by what is
    known now, of clips that it was not learnt from; `told`: as they were predicted when they were made."""

    pairs: int = 0
    usual: float | None = None
    learnt: float | None = None
    told: float | None = None


class ClipReport(StoredModel):
    """Predicted against actual. `bias`: the mean of predictions less that of outcomes; `error`: how far bins are off in the mean,
    by their clips; `brier`: the mean square of what predictions were off by, `brier_of_mean` that of always saying the mean.

    `told` is of predictions as they were made, `learnt` of what is known now, of clips that it was not learnt from."""

    clips: int = 0
    told: tuple[PredictedBin, ...] = ()
    bias: float | None = None
    error: float | None = None
    brier: float | None = None
    brier_of_mean: float | None = None
    learnt: tuple[PredictedBin, ...] = ()
    learnt_error: float | None = None
    learnt_brier: float | None = None
    order: ClipOrder = Field(default_factory=ClipOrder)


def report_on(examples: Sequence[Example], usual: "Values", foreseen: "Values") -> ClipReport:
    """The report on clips. `usual`: what the weights say that nobody's results have changed, `foreseen`: what learning foresees
    of each that it has not seen; both 0 to 1."""
    import numpy as np

    if not examples:
        return ClipReport()
    actual = np.asarray([each.success for each in examples], np.float64)
    weights = np.asarray([each.weight for each in examples], np.float64)
    known = np.asarray([each.predicted is not None for each in examples], bool)
    told = np.asarray([each.predicted if each.predicted is not None else 0.0 for each in examples], np.float64)
    bins, later = _bins(told[known], actual[known], weights[known]), _bins(foreseen, actual, weights)
    groups = [each.group for each in examples]
    changes = {
        "bias": _mean(told[known] - actual[known], weights[known]),
        "brier": _mean((told[known] - actual[known]) ** 2, weights[known]),
        "brier_of_mean": _spread(actual[known], weights[known]),
    }
    return ClipReport(
        clips=len(examples),
        told=bins,
        **changes,
        error=_error(bins),
        learnt=later,
        learnt_error=_error(later),
        learnt_brier=_mean((foreseen - actual) ** 2, weights),
        order=ClipOrder(
            pairs=_pairs(actual, actual, groups)[0],
            usual=_pairs(usual, actual, groups)[1],
            learnt=_pairs(foreseen, actual, groups)[1],
            told=_pairs(told, actual, groups)[1] if known.all() else None,
        ),
    )


def _bins(predicted: "Values", actual: "Values", weights: "Values") -> tuple[PredictedBin, ...]:
    """Bins with as many clips each, by what was predicted."""
    import numpy as np

    order = np.argsort(predicted, kind="stable")
    found = []
    for part in np.array_split(order, min(_BINS, max(1, len(order) // _BINS))):
        if not len(part):
            continue
        share = weights[part] / weights[part].sum()
        mean = float(share @ actual[part])
        # Of a weighted mean: the spread around it, over the number of clips that count alike.
        spread = float(share**2 @ (actual[part] - mean) ** 2)
        found.append(
            PredictedBin(
                predicted=float(share @ predicted[part]),
                actual=mean,
                error=float(np.sqrt(spread)),
                clips=len(part),
            )
        )
    return tuple(found)


def _error(bins: Sequence[PredictedBin]) -> float | None:
    total = sum(each.clips for each in bins)
    return sum(abs(each.predicted - each.actual) * each.clips for each in bins) / total if total else None


def _pairs(said: "Values", actual: "Values", groups: Sequence[str]) -> tuple[int, float | None]:
    """Pairs of clips of one group of which one did clearly better, and the share of them that `said` puts in that order; what it
    says alike counts half."""
    import numpy as np

    _, number = np.unique(np.asarray(groups), return_inverse=True)
    pairs, right = 0, 0.0
    for group in range(int(number.max(initial=-1)) + 1):
        inside = number == group
        better = actual[inside][:, None] - actual[inside][None] > _CLEAR
        ahead = np.sign(said[inside][:, None] - said[inside][None])
        pairs += int(better.sum())
        right += float(((ahead + 1) / 2)[better].sum())
    return pairs, right / pairs if pairs else None


def _mean(values: "Values", weights: "Values") -> float | None:
    return float(values @ weights / weights.sum()) if len(values) else None


def _spread(values: "Values", weights: "Values") -> float | None:
    mean = _mean(values, weights)
    return _mean((values - mean) ** 2, weights) if mean is not None else None
