"""What every model of the next item offers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from shared.patterns.recommending.session import Session

Ranked = tuple[str, float]
"""An item and the probability that it is the next one."""
State = dict[str, Any]
"""A fitted model as JSON."""


class Model(ABC):
    """Tells what comes next in a session. Deterministic: the same sessions in the same order give the same model.

    Sessions are taken to be ordered by time, the oldest first."""

    name: ClassVar[str]

    @classmethod
    @abstractmethod
    def fit(cls, sessions: Sequence[Session]) -> Self:
        """The model of these sessions; of none, one that ranks nothing."""

    @abstractmethod
    def rank(self, prefix: Sequence[str], limit: int = 10) -> list[Ranked]:
        """At most `limit` items that may follow `prefix` (empty: that may begin a session), the likeliest first.

        Probabilities sum to at most 1. Items of the same probability stand in the order of their frequency, then of their
        names. Items of `prefix` that were never seen are no error."""

    @abstractmethod
    def state(self) -> State:
        """The model as JSON; `restored` makes the same model of it."""

    @classmethod
    @abstractmethod
    def restored(cls, state: State) -> Self:
        """The model that gave `state`."""


def best(scores: Mapping[str, float], places: Mapping[str, int], limit: int) -> list[Ranked]:
    """The `limit` highest scores; equal ones in the order of `places`, the place of each item by frequency."""
    if len(scores) > limit > 0:
        least = sorted(scores.values(), reverse=True)[limit - 1]
        kept = [(item, score) for item, score in scores.items() if score >= least]
    else:
        kept = list(scores.items())
    kept.sort(key=lambda ranked: (-ranked[1], places[ranked[0]]))
    return kept[:limit]
