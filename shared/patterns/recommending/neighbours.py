"""Neighbours: what else was run in the sessions that are most like this one."""

from collections import defaultdict, deque
from collections.abc import Sequence
from math import sqrt
from typing import Self

from shared.patterns.recommending.model import Model, Ranked, State
from shared.patterns.recommending.popularity import Popularity
from shared.patterns.recommending.session import Session

SAMPLE = 500
"""The most recent sessions with an item that are looked at."""
NEIGHBOURS = 100
LATEST = 20
"""Different items of the prefix that count, the last ones."""


class Neighbours(Model):
    """Session-based nearest neighbours (Jannach and Ludewig, When Recurrent Neural Networks meet the Neighborhood, 2017, §3.2):

    score(item) = sum of sim(session, neighbour) over the `kept` most similar of the `sample` most recent sessions that share an
    item with this one and hold `item`; sim is the cosine of the sets of items. Popularity settles ties and fills up."""

    name = "neighbours"

    def __init__(
        self,
        popularity: Popularity,
        sessions: Sequence[tuple[tuple[str, ...], int]],
        sample: int,
        kept: int,
        latest: int,
    ) -> None:
        self._popularity = popularity
        self._sessions = list(sessions)
        self._sample = sample
        self._kept = kept
        self._latest = latest
        recent: dict[str, deque[int]] = defaultdict(lambda: deque(maxlen=sample))
        for number, (items, _) in enumerate(sessions):
            for item in items:
                recent[item].append(number)
        self._recent = {item: tuple(numbers) for item, numbers in recent.items()}
        self._roots = [1 / sqrt(len(items)) for items, _ in sessions]

    @classmethod
    def fit(
        cls, sessions: Sequence[Session], *, sample: int = SAMPLE, kept: int = NEIGHBOURS, latest: int = LATEST
    ) -> Self:
        """The model that looks at `sample` sessions and keeps `kept` neighbours; it remembers no session it would not look at."""
        sets = [(tuple(dict.fromkeys(session.items)), session.count) for session in sessions]
        seen: dict[str, int] = defaultdict(int)
        remembered = []
        for items, count in reversed(sets):
            if any(seen[item] < sample for item in items):
                remembered.append((items, count))
            for item in items:
                seen[item] += 1
        return cls(Popularity.fit(sessions), remembered[::-1], sample, kept, latest)

    def rank(self, prefix: Sequence[str], limit: int = 10) -> list[Ranked]:
        return self._popularity.beneath(self.scores(prefix), limit)

    def scores(self, prefix: Sequence[str]) -> dict[str, float]:
        """What the neighbours of `prefix` hold, each item by the similarity of those that hold it."""
        shared: dict[int, int] = {}
        for item in list(dict.fromkeys(reversed(prefix)))[: self._latest]:
            for number in self._recent.get(item, ()):
                shared[number] = shared.get(number, 0) + 1
        near = sorted(shared, reverse=True)[: self._sample] if len(shared) > self._sample else list(shared)
        roots = self._roots
        similar = [(shared[number] * roots[number], number) for number in near]
        similar.sort(reverse=True)
        scores: dict[str, float] = {}
        for similarity, number in similar[: self._kept]:
            items, count = self._sessions[number]
            weight = similarity * count
            for item in items:
                scores[item] = scores.get(item, 0.0) + weight
        return scores

    def state(self) -> State:
        numbers = self._popularity.places
        return {
            "popularity": self._popularity.state(),
            "sample": self._sample,
            "kept": self._kept,
            "latest": self._latest,
            "sessions": [[[numbers[item] for item in items], count] for items, count in self._sessions],
        }

    @classmethod
    def restored(cls, state: State) -> Self:
        popularity = Popularity.restored(state["popularity"])
        names = list(popularity.counts)
        sessions = [(tuple(names[number] for number in items), count) for items, count in state["sessions"]]
        return cls(popularity, sessions, state["sample"], state["kept"], state["latest"])
