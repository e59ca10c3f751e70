"""Sharing: readers read the newest version, nobody else learns that there is one; what is read can be forked."""

import pytest

from shared.core.errors import InvalidInput, NotFound
from shared.kompositions import Fork, KompositionService, Visibility
from tests.shared.kompositions.store.contents import content

service = KompositionService()


@pytest.mark.parametrize(
    ("visibility", "named", "opens"),
    [
        (Visibility.PRIVATE, True, False),
        (Visibility.SHARED, True, True),
        (Visibility.SHARED, False, False),
        (Visibility.PUBLIC, False, True),
    ],
)
def test_who_may_read(user: str, reader: str, visibility: Visibility, named: bool, opens: bool) -> None:
    saved = service.save_komposition(user, content(), komposition_id="k")
    service.share_komposition(user, "k", [reader] if named else [], visibility)
    if opens:
        assert service.get_open_komposition(reader, user, "k").komposition == saved.komposition
        assert service.fork_komposition(reader, user, "k").user_id == reader
        return
    with pytest.raises(NotFound) as hidden:
        service.get_open_komposition(reader, user, "k")
    with pytest.raises(NotFound) as unknown:
        service.get_open_komposition(reader, user, "unknown")
    assert hidden.value.detail.replace(" k.", " unknown.") == unknown.value.detail
    with pytest.raises(NotFound):
        service.fork_komposition(reader, user, "k")


def test_sharing_and_labels_make_no_version_and_change_the_etag(user: str) -> None:
    etags = {service.save_komposition(user, content(), komposition_id="k").etag}
    etags.add(service.share_komposition(user, "k", [], Visibility.PUBLIC).etag)
    etags.add(service.label_komposition(user, "k", {"tags": ["sea"]}).etag)
    etags.add(service.label_komposition(user, "k", {"project_id": "p"}).etag)
    assert len(etags) == 4
    current = service.get_komposition(user, "k")
    assert current.etag in etags
    assert (current.metadata.version, current.tags, current.project_id) == (1, ["sea"], "p")
    assert service.label_komposition(user, "k", {"project_id": None}).project_id is None
    assert service.get_komposition(user, "k").project_id is None
    assert service.save_komposition(user, content(), komposition_id="k").sharing.visibility is Visibility.PUBLIC


def test_a_fork_is_a_komposition_of_its_own_and_says_where_it_came_from(user: str, reader: str) -> None:
    service.save_komposition(user, content(1), komposition_id="k", title="Song", labels={"tags": ["sea"]})
    service.save_komposition(user, content(2), komposition_id="k")
    service.share_komposition(user, "k", [], Visibility.PUBLIC)
    fork = service.fork_komposition(reader, user, "k", fork_id="mine")
    assert (fork.title, fork.tags, fork.sharing.visibility) == ("Song", ["sea"], Visibility.PRIVATE)
    assert fork.forked_from == Fork(user_id=user, komposition_id="k", version=2)
    assert fork.metadata.version == 1
    service.save_komposition(reader, content(3), komposition_id="mine")
    assert service.get_komposition(reader, "mine").forked_from == fork.forked_from
    assert len(service.get_komposition(user, "k").parse().tracks.video[0].segments) == 2
    assert service.fork_komposition(reader, user, "k", fork_id="mine").metadata.version == 2, "made once"


def test_the_owner_forks_any_version_a_reader_only_the_newest(user: str, reader: str) -> None:
    service.save_komposition(user, content(1), komposition_id="k")
    service.save_komposition(user, content(2), komposition_id="k")
    service.share_komposition(user, "k", [reader], Visibility.SHARED)
    assert len(service.fork_komposition(user, user, "k", version=1).parse().tracks.video[0].segments) == 1
    assert service.fork_komposition(reader, user, "k", version=2).metadata.version == 1
    with pytest.raises(NotFound):
        service.fork_komposition(reader, user, "k", version=1)


def test_there_is_a_limit_to_readers(user: str) -> None:
    service.save_komposition(user, content(), komposition_id="k")
    with pytest.raises(InvalidInput):
        service.share_komposition(user, "k", [f"u{number}" for number in range(101)], Visibility.SHARED)
