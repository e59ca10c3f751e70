"""Audiences that are made up: people whose taste is known, and clips that they are shown."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.clips.learning.example import NAMES, Example
from shared.clips.ranking import UNKNOWN, Weights, default_weights

CATEGORY = "viral"


@dataclass
class Audience:
    """Somebody's viewers. `taste`: how much more, or less, each feature is worth to them than is usual. They do not know it
    themselves: how a clip does is what they like of it, and chance."""

    taste: dict[str, float]
    seed: int = 1
    noise: float = 0.12
    per_recording: int = 6
    category: str = CATEGORY
    person: str = "somebody"
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed} {self.person}")

    @property
    def truth(self) -> Weights:
        """What a clip is really worth to them; of one that is usual in everything they see half."""
        usual = default_weights(self.category)
        values = {name: usual.values.get(name, 0.0) + self.taste.get(name, 0.0) for name in NAMES}
        return Weights(bias=-sum(values.values()) * UNKNOWN, values=values)

    def moment(self) -> dict[str, float]:
        """What a clip is measured to be."""
        return {name: self.chance.betavariate(2, 2) for name in NAMES}

    def liked(self, features: dict[str, float]) -> float:
        """How well a clip does, 0 to 1."""
        return min(1.0, max(0.0, self.truth.score(features) + self.chance.gauss(0, self.noise)))

    def watch(self, recordings: int, predicted_by: Weights | None = None) -> list[Example]:
        """Clips of so many recordings, and how they did."""
        return [
            self._example(f"{self.person}-{number}", predicted_by) for number in range(recordings) for _ in range(6)
        ]

    def _example(self, group: str, predicted_by: Weights | None) -> Example:
        features = self.moment()
        weights = predicted_by or default_weights(self.category)
        return Example(
            features=features,
            category=self.category,
            group=group,
            success=self.liked(features),
            weight=1.0,
            predicted=weights.score(features),
            person=self.person,
        )

    def order(self, weights: Weights, moments: int = 150) -> float:
        """Of any two clips, how often the weights put the one first that they like the better: 0.5 is chance."""
        unseen = random.Random(99)
        clips = [{name: unseen.betavariate(2, 2) for name in NAMES} for _ in range(moments)]
        return concordance([weights.score(each) for each in clips], [self.truth.score(each) for each in clips])


def concordance(said: Sequence[float], actual: Sequence[float]) -> float:
    """The share of pairs that are in the right order."""
    pairs = [(i, j) for i in range(len(said)) for j in range(i) if actual[i] != actual[j]]
    right = sum((said[i] - said[j]) * (actual[i] - actual[j]) > 0 for i, j in pairs)
    return right / len(pairs)


def taste(seed: int, strength: float = 2.0) -> dict[str, float]:
    """What somebody likes more and less than is usual, about this much."""
    chance = random.Random(seed)
    return {name: chance.gauss(0, strength) for name in NAMES}
