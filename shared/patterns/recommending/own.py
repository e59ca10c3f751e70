"""Own: what a person did before, beside what all people do."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.patterns.recommending.followers import Counts, count_followers
from shared.patterns.recommending.model import Ranked
from shared.patterns.recommending.session import contexts, sessions_of

LONGEST = 2
_LOOKED_AT = 50
"""Items of the model that one's own history can lift."""


@dataclass(frozen=True)
class Habit:
    """What a person did after the longest known context: each item how often, of how often in all."""

    context: tuple[str, ...]
    counts: dict[str, int]
    total: int


class OwnHistory:
    """The last sessions of a person, the oldest first."""

    def __init__(self, sessions: Sequence[Sequence[str]]) -> None:
        self._followers: Counts = count_followers(sessions_of(sessions), LONGEST)

    def habit(self, prefix: Sequence[str]) -> Habit | None:
        """What the person did after this, if anything."""
        for context in reversed(contexts(prefix, LONGEST)):
            if counts := self._followers.get(context):
                return Habit(context, counts, sum(counts.values()))
        return None


def personal(ranked: Sequence[Ranked], habit: Habit | None, worth: float) -> list[Ranked]:
    """The ranks of a model with a person's habit added: the model counts as much as `worth` operations of the person.

    P(item) = (own(item) + worth * P_model(item)) / (own in all + worth): the mean of the posterior under a Dirichlet prior that
    is the model (MacKay and Peto, A hierarchical Dirichlet language model, 1995)."""
    if habit is None:
        return list(ranked)
    whole = habit.total + worth
    scores = {item: worth * probability / whole for item, probability in ranked}
    places = {item: place for place, (item, _) in enumerate(ranked)}
    for item, count in habit.counts.items():
        scores[item] = scores.get(item, 0.0) + count / whole
    return sorted(scores.items(), key=lambda score: (-score[1], places.get(score[0], _LOOKED_AT), score[0]))


def looked_at(limit: int) -> int:
    """How many items of the model to ask for so that `limit` of them can be told with a habit added."""
    return max(limit, _LOOKED_AT)
