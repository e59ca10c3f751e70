"""Popularity: what is run most is expected next, whatever came before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Self

from shared.patterns.recommending.model import Model, Ranked, State, best
from shared.patterns.recommending.session import Session

_BENEATH = 1e-6
"""Weight of popularity beneath what another model knows: it settles ties and fills up."""


class Popularity(Model):
    """P(item) = its share of all items of all sessions."""

    name = "popularity"

    def __init__(self, counts: Mapping[str, int]) -> None:
        total = sum(counts.values())
        ordered = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
        self.counts = dict(ordered)
        self.places = {item: place for place, (item, _) in enumerate(ordered)}
        self.shares: dict[str, float] = {item: count / total for item, count in ordered}
        self._ranked = list(self.shares.items())

    @classmethod
    def fit(cls, sessions: Sequence[Session]) -> Self:
        counts: Counter[str] = Counter()
        for session in sessions:
            for item in session.items[session.known :]:
                counts[item] += session.count
        return cls(counts)

    def rank(self, prefix: Sequence[str], limit: int = 10) -> list[Ranked]:  # noqa: ARG002
        return self._ranked[:limit]

    def beneath(self, scores: Mapping[str, float], limit: int) -> list[Ranked]:
        """What `scores` rank, made probabilities, with popularity beneath; popularity alone where there are none."""
        popular = self._ranked[:limit]
        if not scores:
            return popular
        certain = (1 - _BENEATH) / sum(scores.values())
        mixed = {item: _BENEATH * share for item, share in popular}
        for item, score in scores.items():
            mixed[item] = certain * score + _BENEATH * self.shares.get(item, 0.0)
        return best(mixed, self.places, limit)

    def state(self) -> State:
        return {"counts": self.counts}

    @classmethod
    def restored(cls, state: State) -> Self:
        return cls(state["counts"])
