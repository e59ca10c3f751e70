"""What no sequence of writes can bring about, whatever strangers try."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.documents import begun_komposition, next_version
from tests.rules.matrix import ACTORS, documents_of
from tests.rules.world import EARLIER, NOW, Data, World

SECRET = "users/owner/kompositions/private"
STRANGERS = ["stranger", "shared", "signed-out", "viewer", "analyst", "operator", "admin"]

leaves: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 1, 2, "", "private", "public", "shared", "owner", "stranger", "private", "new", NOW, EARLIER]
) | st.lists(st.sampled_from(["stranger", "shared", "owner"]), max_size=2)
fields = st.sampled_from(
    [
        "id",
        "userId",
        "title",
        "sharing",
        "visibility",
        "sharedWith",
        "metadata",
        "version",
        "created",
        "modified",
        "status",
    ]
)
data = st.dictionaries(fields, leaves | st.dictionaries(fields, leaves, max_size=3), max_size=5)
"""Documents that mean nothing."""

paths = st.sampled_from(
    [
        SECRET,
        f"{SECRET}/versions/1",
        f"{SECRET}/versions/2",
        "users/owner",
        "users/stranger",
        "users/owner/kompositions/new",
        "users/stranger/kompositions/private",
        "users/owner/preferences/settings",
        "anything/at/kompositions/private",
    ]
)


def sharing(visibility: str, uids: list[str]) -> Data:
    """The private komposition as it would be shared."""
    return {**documents_of()[SECRET], "sharing": {"visibility": visibility, "sharedWith": uids}}


meant = st.sampled_from(
    [
        {SECRET: sharing("public", [])},
        {SECRET: sharing("shared", ["stranger"])},
        {SECRET: {**documents_of()[SECRET], "userId": "stranger"}},
        {SECRET: None, f"{SECRET}/versions/1": None},
        next_version(documents_of()[SECRET], userId="stranger"),
        next_version(documents_of()[SECRET], title="Mine now"),
        begun_komposition("private"),
        begun_komposition("new", userId="stranger"),
        {"users/owner": {**documents_of()["users/owner"], "status": "suspended"}},
        {"users/stranger": {**documents_of()["users/stranger"], "role": "admin"}},
    ]
)
"""Batches of somebody who knows the shapes."""

batches = meant | st.dictionaries(paths, data | st.none(), min_size=1, max_size=3)
attacks = st.lists(st.tuples(st.sampled_from(STRANGERS), batches), max_size=8)


@given(attacks)
@settings(max_examples=150, deadline=None)
def test_no_writes_of_strangers_open_a_private_komposition_or_change_it(attack: list[tuple[str, Any]]) -> None:
    world = World(documents_of())
    for actor, writes in attack:
        world.write(ACTORS[actor], writes)
        assert world.documents[SECRET] == documents_of()[SECRET]
        assert world.documents["users/owner"] == documents_of()["users/owner"]
        assert not any(world.may_get(ACTORS[stranger], SECRET) for stranger in STRANGERS)


@given(st.lists(st.tuples(st.sampled_from(["owner", *STRANGERS]), batches), max_size=8))
@settings(max_examples=150, deadline=None)
def test_whoever_writes_owner_and_id_of_a_komposition_stay_and_no_version_is_lost(
    history: list[tuple[str, Any]],
) -> None:
    world = World(documents_of())
    for actor, writes in history:
        before = world.documents
        done = world.write(ACTORS[actor], writes)
        for path, document in world.documents.items():
            if path.startswith("users/owner/kompositions/"):
                assert document["userId"] == "owner"
                assert document["id"] == path.split("/")[3]
        assert actor == "owner" or not done or all(not path.startswith("users/owner") for path in writes)
        assert all(world.documents.get(path) == before[path] for path in before if "/versions/" in path)
        assert all(path in world.documents for path in before if "/kompositions/" in path)


@given(st.lists(batches, max_size=5))
@settings(max_examples=100, deadline=None)
def test_who_is_suspended_writes_nothing(history: list[Any]) -> None:
    world = World(documents_of(suspended=True))
    assert not any(world.write(ACTORS["suspended"], writes) for writes in history)
