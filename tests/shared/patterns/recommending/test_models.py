"""What every model of the next item promises, whatever it has learned from."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.patterns.recommending.choosing import MODELS
from shared.patterns.recommending.model import Model
from shared.patterns.recommending.session import START, Session, sessions_of

ITEMS = st.sampled_from("abcdefgh")
PREFIX = st.lists(st.sampled_from("abcdefghz"), max_size=12)
SEQUENCE = st.lists(ITEMS, min_size=1, max_size=9).map(tuple)
SESSIONS = st.lists(st.builds(Session, SEQUENCE, count=st.integers(1, 4)), max_size=8)

every_model = pytest.mark.parametrize("kind", MODELS, ids=[kind.name for kind in MODELS])


@every_model
@settings(max_examples=10, deadline=None)
@given(sessions=SESSIONS, prefix=PREFIX, limit=st.integers(1, 12))
def test_it_ranks_known_items_once_by_probabilities_that_sum_to_at_most_one(
    kind: type[Model], sessions: list[Session], prefix: list[str], limit: int
) -> None:
    ranked = kind.fit(sessions).rank(prefix, limit)
    items = [item for item, _ in ranked]
    probabilities = [probability for _, probability in ranked]
    assert len(items) == len(set(items)) <= limit
    assert set(items) <= {item for session in sessions for item in session.items}
    assert START not in items
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 < probability <= 1 + 1e-9 for probability in probabilities)
    assert sum(probabilities) <= 1 + 1e-9


@every_model
@settings(max_examples=6, deadline=None)
@given(sessions=SESSIONS, prefix=PREFIX)
def test_the_same_sessions_give_the_same_model_and_json_gives_it_back(
    kind: type[Model], sessions: list[Session], prefix: list[str]
) -> None:
    model, again = kind.fit(sessions), kind.fit(sessions)
    assert json.dumps(model.state()) == json.dumps(again.state())
    restored = kind.restored(json.loads(json.dumps(model.state())))
    assert restored.rank(prefix) == model.rank(prefix) == again.rank(prefix)


@every_model
@settings(max_examples=6, deadline=None)
@given(sessions=SESSIONS, prefix=PREFIX)
def test_a_longer_list_begins_like_a_shorter_one(kind: type[Model], sessions: list[Session], prefix: list[str]) -> None:
    model = kind.fit(sessions)
    ten, three = model.rank(prefix, 10), model.rank(prefix, 3)
    assert [item for item, _ in three] == [item for item, _ in ten[:3]]


@every_model
def test_ties_stand_by_frequency_and_then_by_name(kind: type[Model]) -> None:
    model = kind.fit(sessions_of(["xd", "xc", "xb", "qb"]))
    assert [item for item, _ in model.rank(["never seen"], 4)] == ["x", "b", "c", "d"]


@every_model
def test_a_model_of_nothing_ranks_nothing(kind: type[Model]) -> None:
    assert kind.fit([]).rank(["a"]) == []


@every_model
def test_what_always_follows_is_expected_or_known_to_be_near(kind: type[Model]) -> None:
    """Popularity aside, which looks at nothing."""
    model = kind.fit(sessions_of([["a", "b", "c"], ["d", "e", "f"]] * 30 + [["g"]] * 100))
    expected = "g" if kind.name == "popularity" else "e"
    assert expected in {item for item, _ in model.rank(["d"], 2)}
