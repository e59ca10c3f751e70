"""Sequential rules: what comes somewhere after an item, the nearer the more it counts."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Self

from shared.patterns.recommending.model import Model, Ranked, State
from shared.patterns.recommending.popularity import Popularity
from shared.patterns.recommending.session import Session

_REACH = 10
"""How far behind an item others count."""
_KEPT = 50
"""Followers that are kept for an item."""
_LATEST = 3
"""Items of the prefix that count."""

Rule = tuple[tuple[str, float], ...]


class Rules(Model):
    """Sequential rules (Ludewig and Jannach, Evaluation of session-based recommendation algorithms, 2018, §3.1):

    weight(a -> b) = sum of 1 / distance over all places in sessions where b comes after a. An item's score is the sum over the
    last three items of the prefix, these again weighted by 1 / distance; of each item's rules normed to 1."""

    name = "rules"

    def __init__(self, popularity: Popularity, rules: dict[str, Rule]) -> None:
        self._popularity = popularity
        self._rules = rules

    @classmethod
    def fit(cls, sessions: Sequence[Session]) -> Self:
        weights: dict[str, dict[str, float]] = defaultdict(dict)
        for session in sessions:
            items = session.items
            for place in range(max(session.known, 1), len(items)):
                item = items[place]
                for distance in range(1, min(place, _REACH) + 1):
                    after = weights[items[place - distance]]
                    after[item] = after.get(item, 0.0) + session.count / distance
        return cls(Popularity.fit(sessions), {item: _rule(after) for item, after in weights.items()})

    def rank(self, prefix: Sequence[str], limit: int = 10) -> list[Ranked]:
        return self._popularity.beneath(self.scores(prefix), limit)

    def scores(self, prefix: Sequence[str]) -> dict[str, float]:
        """What the rules of the last items say."""
        scores: dict[str, float] = {}
        for distance, item in enumerate(reversed(prefix[-_LATEST:]), start=1):
            for follower, weight in self._rules.get(item, ()):
                scores[follower] = scores.get(follower, 0.0) + weight / distance
        return scores

    def state(self) -> State:
        numbers = self._popularity.places
        return {
            "popularity": self._popularity.state(),
            "rules": [
                [numbers[item], [[numbers[follower], weight] for follower, weight in rule]]
                for item, rule in self._rules.items()
            ],
        }

    @classmethod
    def restored(cls, state: State) -> Self:
        popularity = Popularity.restored(state["popularity"])
        names = list(popularity.counts)
        return cls(
            popularity,
            {
                names[item]: tuple((names[follower], weight) for follower, weight in rule)
                for item, rule in state["rules"]
            },
        )


def _rule(after: dict[str, float]) -> Rule:
    total = sum(after.values())
    ordered = sorted(after.items(), key=lambda weighed: (-weighed[1], weighed[0]))
    return tuple((item, weight / total) for item, weight in ordered[:_KEPT])
