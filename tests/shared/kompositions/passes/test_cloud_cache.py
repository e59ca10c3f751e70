"""The cache of a user's jobs: in the user's own objects, each found as it was kept, and never another's."""

from datetime import timedelta
from pathlib import Path

import pytest

from shared.assets import upload_result
from shared.core.clients import firestore_client, storage_client
from shared.core.clock import now
from shared.core.ids import new_id
from shared.core.settings import settings
from shared.kompositions import SourceMedia
from shared.kompositions.passes import CloudCache, Place, RenderOptions, render
from tests.cloud import RunningCloud
from tests.shared.kompositions.passes.conftest import Film, decode


@pytest.fixture
def user(cloud: RunningCloud) -> str:
    """A new user's id."""
    return new_id()


def window(folder: Path) -> Path:
    path = folder / "window.mp4"
    path.write_bytes(b"frames")
    return path


def test_a_window_is_kept_where_the_lifecycle_removes_it(user: str, tmp_path: Path) -> None:
    CloudCache(user).keep(window(tmp_path), {"key": Place(0, 60), "sound": Place()})
    other = CloudCache(user)
    found = other.find(["key", "sound", "unknown"])
    assert {key: entry.place for key, entry in found.items()} == {"key": Place(0, 60), "sound": Place()}
    assert f"/tmp/users/{user}/" in found["key"].file
    fetched = other.fetch(found["key"].file, tmp_path)
    assert fetched is not None
    assert fetched.read_bytes() == b"frames"
    assert CloudCache(new_id()).find(["key"]) == {}


def test_a_result_is_found_once_the_job_has_stored_it(user: str, tmp_path: Path) -> None:
    path = window(tmp_path)
    cache = CloudCache(user, [path])
    cache.keep(path, {"key": Place(0, 60)})
    assert cache.find(["key"]) == {}
    cache.published(path, upload_result(user, "job", path, "video/mp4"))
    assert cache.find(["key"])["key"].place == Place(0, 60)


def test_an_object_that_is_gone_or_was_replaced_is_not_fetched(user: str, tmp_path: Path) -> None:
    path = window(tmp_path)
    cache = CloudCache(user, [path])
    cache.keep(path, {"key": Place(0, 60)})
    stored = upload_result(user, "job", path, "video/mp4")
    cache.published(path, stored)
    file = cache.find(["key"])["key"].file
    path.write_bytes(b"other frames")
    upload_result(user, "job", path, "video/mp4")
    assert cache.fetch(file, tmp_path) is None
    storage_client().bucket(stored.bucket).blob(stored.name).delete()
    assert cache.fetch(file, tmp_path) is None


@pytest.mark.parametrize(
    "change", [{"name": "users/somebody/jobs/j/render.mp4"}, {"expireAt": now() - timedelta(days=1)}]
)
def test_what_is_anothers_or_too_old_is_not_found(user: str, tmp_path: Path, change: dict[str, object]) -> None:
    cache = CloudCache(user)
    cache.keep(window(tmp_path), {"key": Place(0, 60)})
    firestore_client().collection("users", user, "render_parts").document("key").update(change)
    assert cache.find(["key"]) == {}


def test_speeds_are_remembered(user: str) -> None:
    CloudCache(user).learn({"encode/h264/veryfast": 1e8})
    assert CloudCache(user).speeds() == {"encode/h264/veryfast": 1e8}


def test_a_second_render_of_the_user_copies_from_the_first(
    user: str, film: Film, media: dict[str, SourceMedia], tmp_path: Path
) -> None:
    first, again = tmp_path / "render.mp4", tmp_path / "again.mp4"
    cache = CloudCache(user, [first])
    options = RenderOptions(copy_sources=False)
    render(film(3), media, [first], cache=cache, options=options)
    cache.published(first, upload_result(user, "job", first, "video/mp4"))
    made = render(film(3), media, [again], cache=CloudCache(user, [again]), options=options)
    assert made.plan.cached_frames == made.plan.frames
    assert decode(again) == decode(first)
    bucket = storage_client().bucket(settings().bucket("renders"))
    assert [blob.name for blob in bucket.list_blobs(prefix=f"tmp/users/{user}/")] == []
