"""Scoring: four views of a moment out of its features, from `views.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.clips.ranking.features import FEATURES, UNKNOWN


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
    """The weighted means of the features that make each view, times 10."""
    return SubScores(
        **{
            view: round(10 * sum(share * features.get(name, UNKNOWN) for name, share in shares.items()), 1)
            for view, shares in _views().items()
        }
    )


@cache
def _views() -> Mapping[str, Mapping[str, float]]:
    import yaml

    raw: dict[str, dict[str, float]] = yaml.safe_load(Path(__file__).with_name("views.yaml").read_text())
    assert all(parts.keys() <= FEATURES.keys() for parts in raw.values())
    return {view: {name: part / sum(parts.values()) for name, part in parts.items()} for view, parts in raw.items()}
