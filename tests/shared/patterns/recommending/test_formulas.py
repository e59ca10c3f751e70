"""The models' formulas, on examples that are computed by hand."""

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.patterns.recommending.followers import count_followers
from shared.patterns.recommending.markov import Markov
from shared.patterns.recommending.mixing import learn_weights
from shared.patterns.recommending.neighbours import Neighbours
from shared.patterns.recommending.ngram import Ngram
from shared.patterns.recommending.popularity import Popularity
from shared.patterns.recommending.rules import Rules
from shared.patterns.recommending.session import Session, sessions_of


def ranked(model: Popularity | Markov | Ngram | Neighbours | Rules, *prefix: str) -> dict[str, float]:
    return dict(model.rank(prefix))


def test_popularity_is_the_share_of_all_items() -> None:
    assert ranked(Popularity.fit(sessions_of(["aab", "b", "ca"]))) == pytest.approx(
        {"a": 1 / 2, "b": 1 / 3, "c": 1 / 6}
    )


def test_markov_divides_by_what_followed_the_last_item() -> None:
    model = Markov.fit(sessions_of(["ab", "ab", "ac", "ba"]))
    assert ranked(model, "b", "a") == pytest.approx({"b": 2 / 3, "c": 1 / 3, "a": 0}, abs=1e-5)
    assert ranked(model) == pytest.approx({"a": 3 / 4, "b": 1 / 4, "c": 0}, abs=1e-5)


def test_markov_falls_back_to_popularity() -> None:
    model = Markov.fit(sessions_of(["ab", "ab", "ac"]))
    assert model.rank(["c"]) == Popularity.fit(sessions_of(["ab", "ab", "ac"])).rank([])


def test_ngram_interpolates_as_kneser_and_ney_say() -> None:
    # After "a", which begins each session: b twice, c once. Counts are of contexts (START, a), seen three times, and (a), where
    # b and c each came behind one different item, START.
    model = Ngram.fit(sessions_of(["ab", "ab", "ac"]))
    # Discounts: length 1 sees n1 = 2 (b, c after a), n2 = 0 -> 1/2 ... START -> a is counted 3. Length 2: n1 = 1, n2 = 1 -> 1/3.
    popular = {"a": 1 / 2, "b": 1 / 3, "c": 1 / 6}
    after_a = {item: (1 - 0.5) / 2 * (item != "a") + 0.5 * 2 / 2 * share for item, share in popular.items()}
    d = 1 / 3
    expected = {
        "a": d * 2 / 3 * after_a["a"],
        "b": (2 - d) / 3 + d * 2 / 3 * after_a["b"],
        "c": (1 - d) / 3 + d * 2 / 3 * after_a["c"],
    }
    assert ranked(model, "a") == pytest.approx(expected)


SEQUENCES = st.lists(st.lists(st.sampled_from("abcde"), min_size=1, max_size=7), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(SEQUENCES, st.lists(st.sampled_from("abcdez"), max_size=5))
def test_ngram_probabilities_of_all_items_sum_to_one(sequences: list[list[str]], prefix: list[str]) -> None:
    assert sum(ranked(Ngram.fit(sessions_of(sequences)), *prefix).values()) == pytest.approx(1)


def test_neighbours_weigh_sessions_by_the_cosine_of_their_sets() -> None:
    model = Neighbours.fit(sessions_of(["abc", "ad", "xyz"]))
    near, far = 2 / sqrt(3), 1 / sqrt(2)  # The prefix has the same length for both, and is left out.
    total = 3 * near + 2 * far
    expected = {"a": near + far, "b": near, "c": near, "d": far}
    found = ranked(model, "a", "b")
    assert {item: found[item] for item in expected} == pytest.approx(
        {item: score / total for item, score in expected.items()}, abs=1e-5
    )
    assert found["x"] < 1e-6


def test_neighbours_look_at_the_most_recent_sessions_alone() -> None:
    model = Neighbours.fit(sessions_of(["ab", "ac", "ad"]), sample=2)
    assert {item for item, probability in model.rank(["a"]) if probability > 1e-3} == {"a", "c", "d"}


def test_rules_weigh_by_distance() -> None:
    # a -> b at distance 1, a -> c at distance 2, b -> c at distance 1.
    model = Rules.fit(sessions_of(["abc"]))
    assert ranked(model, "a") == pytest.approx({"b": 2 / 3, "c": 1 / 3, "a": 0}, abs=1e-5)
    # b's rule counts whole, that of a half.
    assert ranked(model, "a", "b") == pytest.approx({"c": (1 + 1 / 6) / 1.5, "b": (1 / 3) / 1.5, "a": 0}, abs=1e-5)


def test_a_session_that_came_often_counts_as_often() -> None:
    thrice, copies = [Session(("a", "b"), 3), Session(("a", "c"))], sessions_of(["ab", "ab", "ab", "ac"])
    for kind in (Popularity, Markov, Ngram, Rules, Neighbours):
        assert ranked(kind.fit(thrice), "a") == pytest.approx(ranked(kind.fit(copies), "a"))


def test_what_another_part_has_told_is_context_alone() -> None:
    parts = [Session(("a", "b")), Session(("b", "c"), known=1, begins=False)]
    assert count_followers(parts, 1) == count_followers([Session(("a", "b", "c"))], 1)
    assert ranked(Popularity.fit(parts)) == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})


def test_weights_follow_the_expert_that_was_right() -> None:
    right_then_wrong = [((1,), [0.9, 0.1])] * 200 + [((2,), [0.1, 0.9])] * 200
    weights = learn_weights(right_then_wrong, 2)
    assert weights[1,][0] > 0.9
    assert weights[2,][1] > 0.9
    assert all(sum(each) == pytest.approx(1) for each in weights.values())


def test_without_examples_experts_count_alike() -> None:
    assert learn_weights([], 4) == {(): (0.25,) * 4}
