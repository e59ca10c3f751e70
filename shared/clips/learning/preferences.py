"""Preferences: what was learnt of somebody, or of everybody: how the weights shift, in all categories and in each, and how
what is predicted is calibrated."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import Field

from shared.clips.learning.calibration import Calibration, calibrate, calibrated_apart
from shared.clips.learning.example import NAMES, Example, measured
from shared.clips.learning.logistic import logit, sigmoid
from shared.clips.learning.report import ClipReport, report_on
from shared.clips.learning.shift import Learnt, Shift, learn_shift
from shared.clips.ranking import Weights, default_weights
from shared.core.documents import StoredModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

GENERAL = "general"
"""The shift that counts in every category."""
_ENOUGH = 8
"""Clips of a category before anything is learnt of it."""


class Preferences(StoredModel):
    """What was learnt. `shifts` by category, and of all under `general`, which comes first; `calibrations` by ranker; `reports`
    by category, and on all under `general`. `people`: whose clips it was learnt from."""

    shifts: dict[str, Shift] = Field(default_factory=dict)
    calibrations: dict[str, Calibration] = Field(default_factory=dict)
    reports: dict[str, ClipReport] = Field(default_factory=dict)
    clips: int = 0
    people: int = 0
    learnt: datetime | None = None

    def applied(self, weights: Weights, category: str) -> Weights:
        """The weights after what was learnt."""
        for name in (GENERAL, category):
            if name in self.shifts:
                weights = self.shifts[name].applied(weights)
        return weights

    def likely(self, said: float, ranker: str) -> float:
        """What is likely, 0 to 1, when the ranker says this, 0 to 1."""
        calibration = self.calibrations.get(family(ranker))
        return calibration.likely(said) if calibration is not None else said


def family(ranker: str) -> str:
    """What a ranker is calibrated as: models of one kind go together."""
    return ranker.partition(":")[0]


def learn_preferences(
    examples: Sequence[Example],
    at: datetime,
    before: Preferences | None = None,
    *,
    group: Callable[[Example], str] = lambda example: example.group,
) -> Preferences:
    """What clips and their outcomes say beyond what is known `before` (of everybody; None: only the weights as they come).

    `group`: what goes together when clips are kept apart for a trial: what they were chosen from, or whose they are."""
    import numpy as np

    if not examples:
        return Preferences(learnt=at)
    known = before or Preferences()
    usual = _logits(examples, default_weights)
    logits = _logits(examples, lambda category: known.applied(default_weights(category), category))
    data = _Data(
        measured(examples),
        np.asarray([each.success for each in examples], np.float64),
        np.asarray([each.weight for each in examples], np.float64),
        [group(each) for each in examples],
    )
    shifts, foreseen = _shifts(data, logits, _by_category(examples))
    calibrations, foreseen = _calibrated(examples, data, foreseen, known)
    parts = {GENERAL: list(range(len(examples))), **_by_category(examples)}
    reports = {
        name: report_on([examples[row] for row in rows], sigmoid(usual)[rows], foreseen[rows])
        for name, rows in parts.items()
    }
    people = len({each.person for each in examples})
    return Preferences(
        shifts=shifts,
        calibrations=calibrations,
        reports=reports,
        clips=len(examples),
        people=people,
        learnt=at,
    )


class _Data:
    """Clips as numbers, a row each."""

    def __init__(self, features: "Values", shares: "Values", weights: "Values", groups: Sequence[str]) -> None:
        self.features = features
        self.shares = shares
        self.weights = weights
        self.groups = groups


def _shifts(
    data: _Data, logits: "Values", categories: Mapping[str, Sequence[int]]
) -> tuple[dict[str, Shift], "Values"]:
    """The shift of all categories, where there is more than one to learn from, then that of each; and what is foreseen."""
    shifts: dict[str, Shift] = {}
    foreseen, logits = sigmoid(logits), logits.copy()
    enough = {name: list(rows) for name, rows in categories.items() if len(rows) >= _ENOUGH}
    if len(enough) > 1:
        learnt = _learn(data, logits, list(range(len(data.shares))))
        shifts[GENERAL], foreseen = learnt.shift, learnt.foreseen
        logits = logit(foreseen)
    for name, rows in sorted(enough.items()):
        learnt = _learn(data, logits, rows)
        shifts[name] = learnt.shift
        foreseen[rows] = learnt.foreseen
    return shifts, foreseen


def _learn(data: _Data, logits: "Values", rows: list[int]) -> Learnt:
    groups = [data.groups[row] for row in rows]
    return learn_shift(NAMES, data.features[rows], logits[rows], data.shares[rows], data.weights[rows], groups)


def _calibrated(
    examples: Sequence[Example], data: _Data, foreseen: "Values", known: Preferences
) -> tuple[dict[str, Calibration], "Values"]:
    """The calibration of each ranker, and what is foreseen of each clip after it. A ranker that does not go by the weights is
    calibrated by what it said itself."""
    import numpy as np

    said = np.asarray(
        [
            known.likely(float(share) if each.score is None else each.score, each.ranker)
            for each, share in zip(examples, foreseen, strict=True)
        ],
        np.float64,
    )
    found = {}
    for ranker in dict.fromkeys(family(each.ranker) for each in examples):
        rows = [row for row, each in enumerate(examples) if family(each.ranker) == ranker]
        part = said[rows], data.shares[rows], data.weights[rows]
        found[ranker] = calibrate(*part)
        said[rows] = calibrated_apart(*part)
    return found, said


def _logits(examples: Sequence[Example], weights_of: Callable[[str], Weights]) -> "Values":
    """What weights say of each clip, before it becomes a share."""
    import numpy as np

    weights = {category: weights_of(category) for category in {each.category for each in examples}}
    scores = [weights[each.category].score(each.features) for each in examples]
    return logit(np.asarray(scores, np.float64))


def _by_category(examples: Sequence[Example]) -> Mapping[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, each in enumerate(examples):
        rows[each.category].append(row)
    return rows
