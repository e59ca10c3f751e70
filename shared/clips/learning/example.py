"""Examples: clips whose outcome is known, as numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp
from statistics import median
from typing import TYPE_CHECKING

from shared.clips.feedback import evidence
from shared.clips.ranking import FEATURES, UNKNOWN
from shared.clips.stored import StoredClip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

NAMES = tuple(FEATURES)
EMBEDDED = "embedded"
"""The ranker that goes by the weights."""


@dataclass(frozen=True)
class Example:
    """A clip: what it was measured to be, and how it did. `group`: what it was chosen from; `predicted`: what was expected of it
    when it was made, None where that is not known. `success` is 0 to 1; `weight` says how much that is to be trusted."""

    features: Mapping[str, float]
    category: str
    group: str
    success: float
    weight: float
    ranker: str = EMBEDDED
    score: float | None = None
    """Of a ranker that does not go by the weights, what it said: 0 to 1."""
    predicted: float | None = None
    person: str = ""


def examples_of(clips: Iterable[StoredClip]) -> list[Example]:
    """The clips of a user of which something is known."""
    found = list(clips)
    decided = {clip.job_id for clip in found if clip.outcome.decision is not None or clip.outcome.exports}
    views = [clip.outcome.views for clip in found if clip.outcome.views]
    usual = median(views) if len(views) > 1 else None
    examples = []
    for clip in found:
        known = evidence(clip.outcome, usual_views=usual, passed_over=clip.job_id in decided)
        if known.weight:
            examples.append(
                Example(
                    features=clip.clip.features,
                    category=clip.category,
                    group=clip.job_id,
                    success=known.success,
                    weight=known.weight,
                    ranker=clip.ranker,
                    score=None if clip.ranker == EMBEDDED else clip.clip.scores.overall / 100,
                    predicted=clip.predicted,
                    person=clip.user_id,
                )
            )
    return examples


def capped(examples: Sequence[Example], most: float) -> list[Example]:
    """The same with no person counting for more than `most`: one who posts every hour is still one."""
    total: dict[str, float] = {}
    for example in examples:
        total[example.person] = total.get(example.person, 0.0) + example.weight
    return [replace(each, weight=each.weight * min(1.0, most / total[each.person])) for each in examples]


def measured(examples: Sequence[Example]) -> "Values":
    """The features of examples around what is usual (n x number of features), -0.5 to 0.5."""
    import numpy as np

    rows = [[each.features.get(name, UNKNOWN) - UNKNOWN for name in NAMES] for each in examples]
    return np.asarray(rows, np.float64).reshape(len(examples), len(NAMES))


def odds_to_share(logit: float) -> float:
    """A probability from the logarithm of its odds."""
    return 1 / (1 + exp(-max(-60.0, min(60.0, logit))))
