"""The blend: each kind of evidence by what it was worth on sessions that it had not seen."""

from collections.abc import Sequence
from typing import Self

from shared.patterns.recommending.followers import Table, count_followers, table_of, table_restored, table_state
from shared.patterns.recommending.mixing import Example, Kind, Weights, learn_weights
from shared.patterns.recommending.model import Model, Ranked, State, best
from shared.patterns.recommending.neighbours import Neighbours
from shared.patterns.recommending.ngram import Ngram
from shared.patterns.recommending.popularity import Popularity
from shared.patterns.recommending.rules import Rules
from shared.patterns.recommending.session import Session, contexts
from shared.patterns.recommending.splitting import folds, predictions

LONGEST = 4
_SAMPLE, _NEIGHBOURS, _LATEST = 64, 40, 6
"""So few that all of a prediction stays under 250 µs."""
_POPULAR = 30
"""Most frequent items that popularity speaks for."""
_TUNING = 4000
"""Predictions that weights are learned from, at most."""

EXPERTS = (
    "popularity",
    *(f"last {length}" for length in range(1, LONGEST + 1)),
    "ngram",
    "rules",
    "neighbours",
    "repetition",
)
_EQUAL: Weights = {(): tuple(1 / len(EXPERTS) for _ in EXPERTS)}


class Blend(Model):
    """A mixture of experts: P(item) = sum over experts of weight * P_expert(item).

    Experts are popularity, the followers of the last 1 to 4 items, the n-gram model, what sequential rules and neighbours say of
    items that the session does not hold yet, and repetition of those that it holds. Weights depend on how much is known of the
    context, and maximise the likelihood of held-out sessions (expectation maximisation, as in the deleted interpolation of
    Jelinek and Mercer, 1980)."""

    name = "blend"

    def __init__(
        self,
        ngram: Ngram,
        table: Table,
        rules: Rules,
        neighbours: Neighbours,
        weights: Weights,
    ) -> None:
        self._ngram = ngram
        self._popularity = ngram.popularity
        self._popular = dict(list(self._popularity.shares.items())[:_POPULAR])
        self._table = table
        self._rules = rules
        self._neighbours = neighbours
        self._weights = weights

    @classmethod
    def fit(cls, sessions: Sequence[Session]) -> Self:
        examples: list[Example] = []
        parts = folds(sessions)
        for learned, held_out in parts:
            model = cls._experts(learned, _EQUAL)
            for prefix, following in predictions(held_out, _TUNING // len(parts)):
                examples.append(model._example(prefix, following))
        return cls._experts(sessions, learn_weights(examples, len(EXPERTS)))

    @classmethod
    def _experts(cls, sessions: Sequence[Session], weights: Weights) -> Self:
        counts = count_followers(sessions, LONGEST)
        return cls(
            Ngram.of_counts(Popularity.fit(sessions), counts),
            table_of(counts),
            Rules.fit(sessions),
            Neighbours.fit(sessions, sample=_SAMPLE, kept=_NEIGHBOURS, latest=_LATEST),
            weights,
        )

    @property
    def weights(self) -> dict[str, float]:
        """The weight of each expert over all kinds of context."""
        return dict(zip(EXPERTS, self._weights[()], strict=True))

    def rank(self, prefix: Sequence[str], limit: int = 10) -> list[Ranked]:
        kind = self._kind(prefix)
        scores: dict[str, float] = {}
        for expert, weight in enumerate(self._weights.get(kind) or self._weights[()]):
            if not weight:
                continue
            said = self._said(expert, prefix)
            if said:
                share = weight / (self._total(expert, prefix, said))
                for item, score in said.items():
                    scores[item] = scores.get(item, 0.0) + share * score
        return best(scores, self._popularity.places, limit)

    def _kind(self, prefix: Sequence[str]) -> Kind:
        """How many of the last items were seen together, and how often."""
        for context in reversed(contexts(prefix, LONGEST)):
            if followers := self._table.get(context):
                return len(context), _amount(followers.total)
        return 0, 0

    def _said(self, expert: int, prefix: Sequence[str]) -> dict[str, float] | dict[str, int]:
        """What an expert says of the items that may follow, each by a number."""
        if expert == 0:
            return self._popular
        if expert <= LONGEST:
            known = contexts(prefix, LONGEST)
            followers = self._table.get(known[expert - 1]) if expert <= len(known) else None
            return followers.counts if followers else {}
        if expert == LONGEST + 1:
            return self._ngram.scores(prefix)
        if expert == LONGEST + 4:
            return self._repetition(prefix)
        scores = self._rules.scores(prefix) if expert == LONGEST + 2 else self._neighbours.scores(prefix)
        for item in prefix:
            scores.pop(item, None)
        return scores

    def _total(self, expert: int, prefix: Sequence[str], said: dict[str, float] | dict[str, int]) -> float:
        """What to divide the numbers of an expert by to have probabilities."""
        if expert == 0 or expert == LONGEST + 1:
            return 1.0
        if expert <= LONGEST:
            return self._table[contexts(prefix, LONGEST)[expert - 1]].total
        return sum(said.values())

    def _repetition(self, prefix: Sequence[str]) -> dict[str, float]:
        places = self._popularity.places
        scores: dict[str, float] = {}
        for distance, item in enumerate(reversed(prefix[-10:]), start=1):
            if item in places:
                scores[item] = scores.get(item, 0.0) + 1 / distance
        return scores

    def _example(self, prefix: Sequence[str], following: str) -> Example:
        """What each expert gives to the item that came."""
        probabilities = [self._popularity.shares.get(following, 0.0)]
        for expert in range(1, len(EXPERTS)):
            said = self._said(expert, prefix)
            probabilities.append(said.get(following, 0.0) / self._total(expert, prefix, said) if said else 0.0)
        return self._kind(prefix), probabilities

    def state(self) -> State:
        return {
            "ngram": self._ngram.state(),
            "table": table_state(self._table, self._popularity.places),
            "rules": self._rules.state(),
            "neighbours": self._neighbours.state(),
            "weights": [[list(kind), list(weights)] for kind, weights in self._weights.items()],
        }

    @classmethod
    def restored(cls, state: State) -> Self:
        ngram = Ngram.restored(state["ngram"])
        return cls(
            ngram,
            table_restored(state["table"], list(ngram.popularity.counts)),
            Rules.restored(state["rules"]),
            Neighbours.restored(state["neighbours"]),
            {tuple(kind): tuple(weights) for kind, weights in state["weights"]},
        )


def _amount(seen: int) -> int:
    """How much was seen of a context: once, a few times, often, very often."""
    return 1 if seen < 2 else 2 if seen < 6 else 3 if seen < 30 else 4
