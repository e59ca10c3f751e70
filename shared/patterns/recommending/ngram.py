"""N-grams: what came next after the last three items, after the last two, after the last one, each as far as it is known."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Self

from shared.patterns.recommending.followers import (
    Counts,
    Table,
    count_followers,
    table_of,
    table_restored,
    table_state,
)
from shared.patterns.recommending.model import Model, Ranked, State, best
from shared.patterns.recommending.popularity import Popularity
from shared.patterns.recommending.session import START, Session, contexts

LONGEST = 3
_FILL = 20
"""Most frequent items that fill up behind those seen in context."""


class Ngram(Model):
    """Interpolated Kneser–Ney of order 4 (Chen and Goodman, An Empirical Study of Smoothing Techniques, 1998, §2.7):

    P(w | c) = max(n(c w) - D, 0) / n(c) + D distinct(c) / n(c) * P(w | c without its first item),

    where n counts occurrences for the longest contexts and those that begin a session, and different items before for all
    others, and D = n1 / (n1 + 2 n2) of the n-grams of that length. The shortest, P(w), is popularity."""

    name = "ngram"

    def __init__(self, popularity: Popularity, table: Table, discounts: Sequence[float]) -> None:
        self.popularity = popularity
        self._table = table
        self._discounts = list(discounts)

    @classmethod
    def fit(cls, sessions: Sequence[Session]) -> Self:
        return cls.of_counts(Popularity.fit(sessions), count_followers(sessions, LONGEST))

    @classmethod
    def of_counts(cls, popularity: Popularity, counts: Counts) -> Self:
        """The model of followers that are counted already, of contexts of three items at least; longer ones are not used."""
        smoothed = _continuations({context: each for context, each in counts.items() if len(context) <= LONGEST})
        discounts = [_discount(followers for context, followers in smoothed.items() if len(context) == length)
                     for length in range(1, LONGEST + 1)]  # fmt: skip
        return cls(popularity, table_of(smoothed), discounts)

    def rank(self, prefix: Sequence[str], limit: int = 10) -> list[Ranked]:
        return best(self.scores(prefix, limit), self.popularity.places, limit)

    def scores(self, prefix: Sequence[str], limit: int = 10) -> dict[str, float]:
        """The probabilities of the items seen in context, and of the most frequent ones."""
        scores: dict[str, float] = {}
        rest = 1.0
        for context in reversed(contexts(prefix, LONGEST)):
            followers = self._table.get(context)
            if followers is None:
                continue
            discount = self._discounts[len(context) - 1]
            weight = rest / followers.total
            for item, count in followers.counts.items():
                if count > discount:
                    scores[item] = scores.get(item, 0.0) + weight * (count - discount)
            rest *= discount * followers.distinct / followers.total
        shares = self.popularity.shares
        for item in scores:
            scores[item] += rest * shares[item]
        for item, share in self.popularity.rank(prefix, max(limit, _FILL)):
            scores.setdefault(item, rest * share)
        return scores

    def state(self) -> State:
        return {
            "popularity": self.popularity.state(),
            "discounts": self._discounts,
            "table": table_state(self._table, self.popularity.places),
        }

    @classmethod
    def restored(cls, state: State) -> Self:
        popularity = Popularity.restored(state["popularity"])
        return cls(popularity, table_restored(state["table"], list(popularity.counts)), state["discounts"])


def _continuations(counts: Counts) -> Counts:
    """The counts with those of shorter contexts replaced by the number of different items that stood before."""
    before: Counts = defaultdict(dict)
    for context, followers in counts.items():
        if len(context) > 1:
            shorter = before[context[1:]]
            for item in followers:
                shorter[item] = shorter.get(item, 0) + 1
    smoothed: Counts = {}
    for context, followers in counts.items():
        longest = len(context) == LONGEST or context[0] == START
        different = before.get(context, {})
        smoothed[context] = followers if longest else {item: different.get(item, 1) for item in followers}
    return smoothed


def _discount(tables: Iterable[dict[str, int]]) -> float:
    """What an n-gram is discounted by, between 0 and 1; 1/2 where too little was seen to tell."""
    seen = Counter(count for followers in tables for count in followers.values() if count <= 2)
    return seen[1] / (seen[1] + 2 * seen[2]) if seen[1] and seen[2] else 0.5
