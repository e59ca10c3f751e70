"""Choosing: every model on the same held-out sessions, and which of them serves."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from shared.patterns.recommending.blend import Blend
from shared.patterns.recommending.evaluation import Quality, evaluate
from shared.patterns.recommending.markov import Markov
from shared.patterns.recommending.model import Model
from shared.patterns.recommending.neighbours import Neighbours
from shared.patterns.recommending.ngram import Ngram
from shared.patterns.recommending.popularity import Popularity
from shared.patterns.recommending.rules import Rules
from shared.patterns.recommending.session import Session
from shared.patterns.recommending.splitting import predictions

MODELS: tuple[type[Model], ...] = (Popularity, Markov, Ngram, Rules, Neighbours, Blend)
"""The simplest first."""


@dataclass(frozen=True)
class Candidate:
    """A model fitted to the sessions that were learned from, how well it did on those held out, and seconds that fitting took."""

    model: Model
    quality: Quality
    seconds: float

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name


def compare(learned: Sequence[Session], held_out: Sequence[Session], most: int | None = None) -> list[Candidate]:
    """Fit every model to `learned` and let it predict the items of `held_out`, at most `most` of them.

    What models tune (the weights of the blend) they tune within `learned`."""
    asked = predictions(held_out, most)
    candidates = []
    for kind in MODELS:
        started = time.perf_counter()
        model = kind.fit(learned)
        seconds = time.perf_counter() - started
        candidates.append(Candidate(model, evaluate(model, asked), seconds))
    return candidates


def chosen(candidates: Sequence[Candidate]) -> Candidate:
    """The best by the mean of hit@10 and MRR@10; of equals, the simplest."""
    return max(candidates, key=lambda candidate: round(candidate.quality.worth, 6))
