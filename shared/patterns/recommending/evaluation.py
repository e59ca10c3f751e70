"""Evaluation: how often the item that came was among those recommended, on sessions that a model has not seen."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from shared.patterns.recommending.model import Model
from shared.patterns.recommending.splitting import Prediction

CUTOFF = 10


@dataclass(frozen=True)
class Quality:
    """How well a model predicted, over `predictions` of them.

    hit1 and hit10 are the shares in which the item that came stood first, or among the first ten; mrr10 the mean of 1 / place, 0
    beyond ten. An item that the model never saw is a miss. `calibration` is the expected calibration error of the first place:
    how far, on average, its probability is from its share of hits. `microseconds` is the median time of a prediction."""

    hit1: float
    hit10: float
    mrr10: float
    calibration: float
    predictions: int
    microseconds: float

    @property
    def worth(self) -> float:
        """What models are chosen by: the mean of hit10 and mrr10."""
        return (self.hit10 + self.mrr10) / 2


def evaluate(model: Model, predictions: Sequence[Prediction]) -> Quality:
    """Predict each item from its prefix."""
    places: list[int] = []
    times: list[float] = []
    firsts: list[tuple[float, bool]] = []
    for prefix, following in predictions:
        started = time.perf_counter()
        ranked = model.rank(prefix, CUTOFF)
        times.append(time.perf_counter() - started)
        places.append(next((place for place, (item, _) in enumerate(ranked, start=1) if item == following), 0))
        if ranked:
            firsts.append((ranked[0][1], ranked[0][0] == following))
    count = max(len(predictions), 1)
    return Quality(
        hit1=sum(place == 1 for place in places) / count,
        hit10=sum(place > 0 for place in places) / count,
        mrr10=sum(1 / place for place in places if place) / count,
        calibration=_calibration_error(firsts),
        predictions=len(predictions),
        microseconds=median(times) * 1e6 if times else 0.0,
    )


def _calibration_error(said: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Guo et al., On Calibration of Modern Neural Networks, 2017, eq. 3."""
    sums = [[0.0, 0.0, 0.0] for _ in range(bins)]
    for probability, right in said:
        bin_ = sums[min(int(probability * bins), bins - 1)]
        bin_[0] += probability
        bin_[1] += right
    return sum(abs(probability - right) for probability, right, _ in sums) / max(len(said), 1)
