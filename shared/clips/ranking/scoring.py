"""Scoring: four views of a moment out of its features, from `views.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.clips.ranking.features import FEATURES, UNKNOWN
from shared.core.declared import read_declared

_LOW, _HIGH = 0.1, 0.75
"""Means that are as low, and as high, as one sees: no moment has all features."""


@dataclass(frozen=True)
class SubScores:
    """Four views of a moment, each from 0 to 10."""

    hook: float
    engagement: float
    value: float
    shareability: float

    @property
    def mean(self) -> float:
        """Of the four."""
        return (self.hook + self.engagement + self.value + self.shareability) / 4


def sub_scores(features: Mapping[str, float]) -> SubScores:
    """The weighted means of the features that make each view, spread over 0 to 10."""
    return SubScores(
        **{
            view: _spread(sum(share * features.get(name, UNKNOWN) for name, share in shares.items()))
            for view, shares in _views().items()
        }
    )


def _spread(mean: float) -> float:
    return round(10 * min(max((mean - _LOW) / (_HIGH - _LOW), 0.0), 1.0), 1)


@cache
def _views() -> Mapping[str, Mapping[str, float]]:
    raw: dict[str, dict[str, float]] = read_declared(Path(__file__).with_name("views.yaml"))
    assert all(parts.keys() <= FEATURES.keys() for parts in raw.values())
    return {view: {name: part / sum(parts.values()) for name, part in parts.items()} for view, parts in raw.items()}
