"""A person's own habits, beside the model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.patterns.recommending.model import Ranked
from shared.patterns.recommending.own import Habit, OwnHistory, personal
from shared.patterns.recommending.popularity import Popularity
from shared.patterns.recommending.session import sessions_of
from shared.patterns.recommending.worth import learn_worth

MODEL: list[Ranked] = [("resize", 0.6), ("to_mp3", 0.3), ("reverse", 0.1)]


def test_a_habit_is_what_followed_the_longest_known_context() -> None:
    own = OwnHistory([["trim", "resize", "to_mp3"], ["trim", "reverse"], ["convert", "resize", "reverse"]])
    assert own.habit(["trim", "resize"]) == Habit(("trim", "resize"), {"to_mp3": 1}, 1)
    assert own.habit(["vignette", "resize"]) == Habit(("resize",), {"to_mp3": 1, "reverse": 1}, 2)
    assert own.habit(["vignette"]) is None


def test_the_model_counts_as_much_as_its_worth() -> None:
    found = dict(personal(MODEL, Habit(("trim",), {"to_mp3": 5, "own_thing": 5}, 10), worth=10))
    assert found == pytest.approx({"to_mp3": (5 + 3) / 20, "resize": 6 / 20, "own_thing": 5 / 20, "reverse": 1 / 20})


def test_without_a_habit_the_model_is_told_as_it_is() -> None:
    assert personal(MODEL, None, worth=10) == MODEL


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(1, 20), min_size=1), st.floats(0.1, 1000))
def test_probabilities_sum_to_no_more_than_one(counts: dict[str, int], worth: float) -> None:
    mixed = personal(MODEL, Habit(("trim",), counts, sum(counts.values())), worth)
    assert sum(probability for _, probability in mixed) <= 1 + 1e-9
    assert [probability for _, probability in mixed] == sorted((p for _, p in mixed), reverse=True)


def test_people_who_do_as_they_did_make_their_own_history_count_more() -> None:
    model = Popularity.fit(sessions_of([["a", f"x{n}"] for n in range(30)]))
    creatures_of_habit = [[["a", f"x{n}"]] * 6 for n in range(30)]
    found = learn_worth(model, creatures_of_habit)
    assert found.mrr10_with > found.mrr10_without
    assert (found.hit10_without, found.hit10_with) == (0.3, 1)


def test_of_too_few_people_nothing_is_learned() -> None:
    model = Popularity.fit(sessions_of(["ab"]))
    assert learn_worth(model, [[["a", "b"]] * 3]).operations == 10
