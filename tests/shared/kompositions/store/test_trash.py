"""The trash: what is deleted waits 30 days, can be taken back whole, and is then gone for good."""

from datetime import timedelta

import pytest

from shared.core.clock import now
from shared.core.errors import NotFound
from shared.kompositions import Filter, KompositionService, SaveConflict, Scope, Visibility, empty_trash
from shared.kompositions.store.document import komposition_reference, trash_reference
from tests.shared.kompositions.store.contents import content
from tests.shared.kompositions.store.test_saving import must_be

service = KompositionService()


def in_trash(user: str) -> list[str]:
    return [each.id for each in service.get_user_kompositions(user, scope=Scope.TRASH).items]


def age(user: str, komposition_id: str, days: float) -> None:
    """As if it had been deleted that long ago."""
    trash_reference(user, komposition_id).update({"deletedAt": now() - timedelta(days=days)})


def test_what_is_deleted_is_nowhere_but_in_the_trash(user: str, reader: str) -> None:
    service.save_komposition(user, content(), komposition_id="k")
    service.share_komposition(user, "k", [reader], Visibility.SHARED)
    service.delete_komposition(user, "k")
    for version in (None, 1):
        with pytest.raises(NotFound):
            service.get_komposition(user, "k", version)
    with pytest.raises(NotFound):
        service.get_open_komposition(reader, user, "k")
    with pytest.raises(NotFound):
        service.delete_komposition(user, "k")
    assert service.get_user_kompositions(user).items == []
    assert service.get_user_kompositions(reader, scope=Scope.SHARED).items == []
    assert in_trash(user) == ["k"]


def test_what_is_taken_back_is_as_it_was(user: str) -> None:
    service.save_komposition(user, content(1), komposition_id="k", title="One")
    service.save_komposition(user, content(2), komposition_id="k", title="Two")
    before = service.get_komposition(user, "k")
    service.delete_komposition(user, "k")
    service.restore_komposition(user, "k")
    assert service.get_komposition(user, "k") == before
    assert service.get_komposition(user, "k", 1).title == "One"
    assert in_trash(user) == []
    assert service.restore_komposition(user, "k").id == "k", "done again, it is no error"
    assert service.save_komposition(user, content(), komposition_id="k").metadata.version == 3


def test_after_30_days_it_is_gone_with_all_that_belonged_to_it(user: str) -> None:
    for name in ("old", "young"):
        service.save_komposition(user, content(), komposition_id=name)
        with pytest.raises(SaveConflict):
            service.save_komposition(user, content(2), komposition_id=name, check=must_be("old"))
        service.delete_komposition(user, name)
    age(user, "old", 30.01)
    age(user, "young", 29.99)
    empty_trash()
    assert in_trash(user) == ["young"]
    with pytest.raises(NotFound):
        service.restore_komposition(user, "old")
    for collection in ("versions", "conflicts"):
        assert list(komposition_reference(user, "old").collection(collection).list_documents()) == []
        assert len(list(komposition_reference(user, "young").collection(collection).list_documents())) == 1
    service.restore_komposition(user, "young")
    assert service.save_komposition(user, content(), komposition_id="old").metadata.version == 1


def test_a_purge_that_was_killed_half_way_is_finished_and_never_taken_back(user: str) -> None:
    service.save_komposition(user, content(), komposition_id="k")
    service.delete_komposition(user, "k")
    trash_reference(user, "k").update({"purging": True})
    with pytest.raises(NotFound):
        service.restore_komposition(user, "k")
    service.purge_komposition(user, "k")
    assert in_trash(user) == []


def test_only_what_is_in_the_trash_can_be_purged(user: str) -> None:
    service.save_komposition(user, content(), komposition_id="k")
    with pytest.raises(NotFound):
        service.purge_komposition(user, "k")
    assert service.get_komposition(user, "k").id == "k"


def test_the_trash_can_be_searched(user: str) -> None:
    for name in ("sea", "land"):
        service.save_komposition(user, content(), komposition_id=name, title=f"The {name}")
        service.delete_komposition(user, name)
    found = service.get_user_kompositions(user, scope=Scope.TRASH, wanted=Filter(text="SEA"))
    assert [each.id for each in found.items] == ["sea"]
    assert found.items[0].deleted_at is not None
