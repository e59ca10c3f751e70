"""Figures of quality mean what they say, and the best model is chosen by them."""

from collections.abc import Sequence
from typing import Self

import pytest

from shared.patterns.recommending.choosing import chosen, compare
from shared.patterns.recommending.evaluation import evaluate
from shared.patterns.recommending.model import Model, Ranked, State
from shared.patterns.recommending.session import Session, sessions_of
from shared.patterns.recommending.splitting import split


class Fixed(Model):
    """Always says the same."""

    name = "fixed"

    @classmethod
    def fit(cls, sessions: Sequence[Session]) -> Self:
        return cls()

    def rank(self, prefix: Sequence[str], limit: int = 10) -> list[Ranked]:
        return [(item, 0.5 / 2**place) for place, item in enumerate("abcdefghijklmnop"[:limit])]

    def state(self) -> State:
        return {}

    @classmethod
    def restored(cls, state: State) -> Self:
        return cls()


def test_hits_and_reciprocal_ranks_are_means_over_predictions() -> None:
    # In first, second, fourth and eleventh place, and never seen.
    quality = evaluate(Fixed(), [((), item) for item in ("a", "b", "d", "k", "unseen")])
    assert (quality.hit1, quality.hit10, quality.predictions) == (1 / 5, 3 / 5, 5)
    assert quality.mrr10 == pytest.approx((1 + 1 / 2 + 1 / 4) / 5)


def test_a_probability_that_holds_is_calibrated() -> None:
    assert evaluate(Fixed(), [((), "a"), ((), "b")]).calibration == 0
    assert evaluate(Fixed(), [((), "a"), ((), "a")]).calibration == 0.5


CHAIN = ["ab", "bc", "ca"] * 40
SETS = [["abcd", "efgh", "ijkl"][n % 3][n % 4 :] + ["abcd", "efgh", "ijkl"][n % 3][: n % 4] for n in range(120)]


@pytest.mark.parametrize("sequences", [CHAIN, SETS, ["xxxy"] * 20 + ["yx"] * 20], ids=["chain", "sets", "popular"])
def test_the_chosen_model_is_as_good_as_each_baseline(sequences: list[str]) -> None:
    candidates = compare(*split(sessions_of(sequences)))
    best = chosen(candidates)
    assert all(best.quality.worth >= candidate.quality.worth - 1e-6 for candidate in candidates)


def test_of_models_that_are_equally_good_the_simplest_is_chosen() -> None:
    assert chosen(compare(*split(sessions_of(["aa"] * 20)))).name == "popularity"
