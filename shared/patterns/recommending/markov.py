"""Markov: what came next depends on the last item alone."""

from collections.abc import Sequence
from typing import Self

from shared.patterns.recommending.followers import Table, count_followers, table_of, table_restored, table_state
from shared.patterns.recommending.model import Model, Ranked, State
from shared.patterns.recommending.popularity import Popularity
from shared.patterns.recommending.session import Session, contexts


class Markov(Model):
    """P(item | last) = count(last, item) / count(last): the maximum likelihood estimate of a first-order chain; popularity
    for what followed nothing yet. The empty prefix is a state of its own."""

    name = "markov"

    def __init__(self, popularity: Popularity, table: Table) -> None:
        self._popularity = popularity
        self._table = table

    @classmethod
    def fit(cls, sessions: Sequence[Session]) -> Self:
        return cls(Popularity.fit(sessions), table_of(count_followers(sessions, 1)))

    def rank(self, prefix: Sequence[str], limit: int = 10) -> list[Ranked]:
        [last] = contexts(prefix, 1)
        followers = self._table.get(last)
        return self._popularity.beneath(followers.counts if followers else {}, limit)

    def state(self) -> State:
        return {"popularity": self._popularity.state(), "table": table_state(self._table, self._popularity.places)}

    @classmethod
    def restored(cls, state: State) -> Self:
        popularity = Popularity.restored(state["popularity"])
        return cls(popularity, table_restored(state["table"], list(popularity.counts)))
