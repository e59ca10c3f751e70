"""What is held out is not learned from, and nothing is lost."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from shared.patterns.recommending.session import Session, sessions_of
from shared.patterns.recommending.splitting import folds, predictions, split

SESSIONS = st.lists(
    st.builds(Session, st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(tuple), count=st.integers(1, 9)),
    max_size=30,
)


def counted(*parts: list[Session]) -> Counter[tuple[str, ...]]:
    counts: Counter[tuple[str, ...]] = Counter()
    for part in parts:
        for session in part:
            counts[session.items] += session.count
    return counts


def test_the_last_fifth_is_held_out() -> None:
    sessions = sessions_of(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"])
    assert split(sessions) == (sessions[:8], sessions[8:])


@given(SESSIONS, st.floats(0.01, 0.99), st.none() | st.integers())
def test_a_split_loses_nothing_and_holds_something_out(
    sessions: list[Session], fraction: float, seed: int | None
) -> None:
    learned, held_out = split(sessions, fraction, seed)
    assert counted(list(learned), list(held_out)) == counted(sessions)
    assert bool(held_out) == (len(sessions) > 1)
    assert split(sessions, fraction, seed) == (learned, held_out)


@given(SESSIONS)
def test_each_of_few_sessions_is_held_out_once(sessions: list[Session]) -> None:
    parts = folds(sessions)
    for learned, held_out in parts:
        assert counted(list(learned), list(held_out)) == counted(sessions)
    if len(parts) == 5:
        assert counted(*(list(held_out) for _, held_out in parts)) == counted(sessions)


def test_of_many_sessions_every_fifth_is_held_out_also_of_those_that_are_alike() -> None:
    [(learned, held_out)] = folds([Session(("a",), 5000), Session(("b",), 3)])
    assert counted(list(held_out)) == {("a",): 1000, ("b",): 1}
    assert counted(list(learned)) == {("a",): 4000, ("b",): 2}


def test_predictions_are_every_item_but_the_first() -> None:
    assert predictions(sessions_of(["abc", "d"])) == [(("a",), "b"), (("a", "b"), "c")]
    assert len(predictions([Session(tuple("abc"), count=3)])) == 6
    assert len(predictions(sessions_of(["abcdefghij"] * 50), 7)) == 7
