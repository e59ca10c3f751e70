"""Saving: what is saved is what is read, every version stays, and a save that comes too late is kept beside."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.core.errors import Conflict, NotFound, PreconditionFailed
from shared.kompositions import InvalidKomposition, Komposition, KompositionService, SaveConflict, parse_komposition
from tests.shared.kompositions.store.contents import content

service = KompositionService()


def must_be(etag: str) -> Callable[[str | None], None]:
    """The check of a caller who has read the version with this ETag."""

    def check(current: str | None) -> None:
        if current != etag:
            raise PreconditionFailed("Somebody saved before.")

    return check


def test_what_is_saved_is_what_is_read(user: str) -> None:
    saved = service.save_komposition(user, content(), title="Song", description="Of summer", platform="mcp")
    read = service.get_komposition(user, saved.id)
    assert read == saved
    assert read.parse() == parse_komposition(content())
    assert (read.metadata.author, read.metadata.platform) == (user, "mcp")


def test_a_document_that_is_wrong_is_pointed_at_and_not_saved(user: str) -> None:
    broken = content()
    broken["tracks"]["video"][0]["segments"][0]["end"] = {"beats": 0}
    with pytest.raises(InvalidKomposition) as refused:
        service.save_komposition(user, broken, komposition_id="k")
    assert [error.pointer for error in refused.value.errors] == ["/komposition/tracks/video/0/segments/0/end"]
    with pytest.raises(NotFound):
        service.get_komposition(user, "k")


def test_a_komposition_without_a_title_takes_its_own(user: str) -> None:
    assert service.save_komposition(user, content(title="Inside")).title == "Inside"
    assert service.save_komposition(user, content()).title == "Untitled"


def test_every_version_stays_with_its_author_and_message(user: str) -> None:
    for number, title in enumerate(("One", "Two", "Three")):
        service.save_komposition(user, content(number + 1), komposition_id="k", title=title, message=f"Made {title}")
    versions = [service.get_komposition(user, "k", number) for number in (1, 2, 3)]
    assert [version.title for version in versions] == ["One", "Two", "Three"]
    assert [len(version.parse().tracks.video[0].segments) for version in versions] == [1, 2, 3]
    assert len({version.metadata.created for version in versions}) == 1
    listed = service.list_versions(user, "k", limit=2)
    assert [(each.metadata.version, each.metadata.message) for each in listed.items] == [
        (3, "Made Three"),
        (2, "Made Two"),
    ]
    assert all(each.metadata.author == user for each in listed.items)
    rest = service.list_versions(user, "k", 2, listed.next_page_token)
    assert [each.metadata.version for each in rest.items] == [1]
    assert rest.next_page_token is None


def test_what_a_save_leaves_out_stays(user: str) -> None:
    labels = {"tags": ["summer"], "project_id": "p"}
    first = service.save_komposition(
        user, content(), komposition_id="k", title="Song", description="Sea", labels=labels
    )
    second = service.save_komposition(user, content(2), komposition_id="k")
    assert (second.title, second.description, second.tags, second.project_id) == ("Song", "Sea", ["summer"], "p")
    assert second.sharing == first.sharing


def test_eight_saves_at_once_are_eight_versions(user: str) -> None:
    def save(number: int) -> int:
        saved = service.save_komposition(user, content(), komposition_id="k", title=f"Writer {number}")
        return saved.metadata.version

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(save, range(8))) == list(range(1, 9))


def test_of_eight_saves_of_one_version_one_is_the_next_and_seven_are_kept(user: str) -> None:
    etag = service.save_komposition(user, content(), komposition_id="k", title="Start").etag

    def save(number: int) -> str | None:
        try:
            service.save_komposition(
                user, content(number + 2), komposition_id="k", title=f"Writer {number}", check=must_be(etag)
            )
        except SaveConflict as late:
            return late.conflict_id
        return None

    with ThreadPoolExecutor(8) as pool:
        late = [conflict for conflict in pool.map(save, range(8)) if conflict is not None]
    assert len(late) == 7
    kept = [service.get_conflict(user, "k", conflict) for conflict in late]
    current = service.get_komposition(user, "k")
    assert current.metadata.version == 2
    assert {each.title for each in (*kept, current)} == {f"Writer {number}" for number in range(8)}
    assert {len(each.parse().tracks.video[0].segments) for each in (*kept, current)} == set(range(2, 10))


def test_a_refused_save_can_become_the_next_version_or_be_let_go(user: str) -> None:
    service.save_komposition(user, content(), komposition_id="k", title="Start")
    for count in (2, 3):
        with pytest.raises(SaveConflict):
            service.save_komposition(user, content(count), komposition_id="k", message="Mine", check=must_be("old"))
    newest, oldest = service.list_conflicts(user, "k")
    assert newest[1].metadata.message == "Mine"
    restored = service.restore_conflict(user, "k", oldest[0])
    assert restored.metadata.version == 2
    assert len(restored.parse().tracks.video[0].segments) == 2
    service.delete_conflict(user, "k", newest[0])
    assert service.list_conflicts(user, "k") == []
    with pytest.raises(NotFound):
        service.get_conflict(user, "k", newest[0])


def test_the_same_late_save_sent_again_is_one_conflict(user: str) -> None:
    service.save_komposition(user, content(), komposition_id="k")
    for _ in range(2):
        with pytest.raises(SaveConflict):
            service.save_komposition(user, content(2), komposition_id="k", check=must_be("old"))
    assert len(service.list_conflicts(user, "k")) == 1


def test_a_save_of_what_is_in_the_trash_is_kept_beside_it(user: str) -> None:
    etag = service.save_komposition(user, content(), komposition_id="k").etag
    service.delete_komposition(user, "k")
    with pytest.raises(Conflict, match="trash"):
        service.save_komposition(user, content(2), komposition_id="k")
    with pytest.raises(SaveConflict) as late:
        service.save_komposition(user, content(2), komposition_id="k", check=must_be(etag))
    service.restore_komposition(user, "k")
    assert service.get_conflict(user, "k", late.value.conflict_id).parse() == parse_komposition(content(2))


def test_an_old_version_becomes_the_next_one(user: str) -> None:
    service.save_komposition(user, content(1), komposition_id="k", title="One")
    service.save_komposition(user, content(2), komposition_id="k", title="Two")
    restored = service.restore_version(user, "k", 1)
    assert (restored.metadata.version, restored.title) == (3, "One")
    assert restored.metadata.message == "Version 1 restored"
    assert restored.komposition == service.get_komposition(user, "k", 1).komposition
    assert service.get_komposition(user, "k", 2).title == "Two"


def test_creating_again_under_an_id_finds_what_was_created(user: str) -> None:
    first = service.create_komposition(user, "k", content(), platform="api")
    again = service.create_komposition(user, "k", content(), platform="api")
    assert again == first


def test_a_model_is_taken_too(user: str) -> None:
    komposition = Komposition.model_validate(content())
    assert service.save_komposition(user, komposition).parse() == komposition
