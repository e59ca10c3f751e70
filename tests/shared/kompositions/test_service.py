"""KompositionService: versions are never lost, and what is saved is what is read."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.core.errors import NotFound
from shared.core.ids import new_id
from shared.kompositions import Komposition, KompositionService
from tests.cloud import RunningCloud

service = KompositionService()
PLAIN = Komposition.model_validate(
    {
        "sources": [{"id": "a", "assetId": "x", "kind": "video"}],
        "segments": [{"id": "one", "sourceId": "a", "startBeat": 0, "endBeat": 4}],
    }
)


@pytest.fixture
def user(cloud: RunningCloud) -> str:
    """A new user's id."""
    return new_id()


def test_what_is_saved_is_what_is_read(user: str) -> None:
    saved = service.save_komposition(user, PLAIN, title="Song", description="Of summer", platform="mcp")
    read = service.get_komposition(user, saved.id)
    assert read == saved
    assert Komposition.model_validate(read.komposition) == PLAIN


def test_every_version_stays(user: str) -> None:
    titles = ["One", "Two", "Three"]
    for title in titles:
        service.save_komposition(user, PLAIN, komposition_id="k", title=title)
    assert [service.get_komposition(user, "k", version).title for version in (1, 2, 3)] == titles
    created = {service.get_komposition(user, "k", version).metadata.created for version in (1, 2, 3)}
    assert len(created) == 1


def test_eight_saves_at_once_are_eight_versions(user: str) -> None:
    def save(number: int) -> int:
        saved = service.save_komposition(user, PLAIN, komposition_id="k", title=f"Writer {number}")
        return saved.metadata.version

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(save, range(8))) == list(range(1, 9))


def test_a_deleted_komposition_is_gone_with_its_versions(user: str) -> None:
    service.save_komposition(user, PLAIN, komposition_id="k", title="Gone")
    service.delete_komposition(user, "k")
    for version in (None, 1):
        with pytest.raises(NotFound):
            service.get_komposition(user, "k", version)
    with pytest.raises(NotFound):
        service.delete_komposition(user, "k")
