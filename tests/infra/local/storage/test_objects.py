"""The official client against the Storage server: objects, lists, copies, preconditions, checksums."""

import base64
import datetime
import gzip
import hashlib
import os
import time
from collections.abc import Iterator

import google_crc32c
import pytest
import requests
from google.api_core import exceptions
from google.cloud import storage

from tests.cloud import RunningCloud


@pytest.fixture(scope="module")
def client(cloud: RunningCloud) -> storage.Client:
    """The client as the suite makes it."""
    return storage.Client(project=cloud.project)


@pytest.fixture
def bucket(client: storage.Client) -> Iterator[storage.Bucket]:
    """A bucket of this test's own."""
    bucket = client.create_bucket(f"test-{time.time_ns()}")
    yield bucket
    bucket.delete(force=True)


def test_what_is_uploaded_is_downloaded(bucket: storage.Bucket) -> None:
    blob = bucket.blob("folder/a b+c%2Fd?#é.txt")
    blob.custom_time = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
    blob.content_disposition = "attachment"
    blob.metadata = {"take": "3"}
    blob.upload_from_string(b"hello", content_type="text/plain")
    found = bucket.get_blob("folder/a b+c%2Fd?#é.txt")
    assert found is not None
    assert found.download_as_bytes() == b"hello"
    assert (found.size, found.content_type, found.content_disposition) == (5, "text/plain", "attachment")
    assert (found.metadata, found.custom_time) == ({"take": "3"}, blob.custom_time)
    assert found.md5_hash == base64.b64encode(hashlib.md5(b"hello").digest()).decode()
    assert found.crc32c == base64.b64encode(google_crc32c.Checksum(b"hello").digest()).decode()


def test_ranges_are_served(bucket: storage.Bucket) -> None:
    data = os.urandom(100_000)
    blob = bucket.blob("data")
    blob.upload_from_string(data)
    assert blob.download_as_bytes(start=10, end=19) == data[10:20]
    assert blob.download_as_bytes(start=99_990) == data[99_990:]
    assert blob.download_as_bytes(start=-5) == data[-5:]
    with pytest.raises(exceptions.RequestRangeNotSatisfiable):
        blob.download_as_bytes(start=100_000)


def test_an_empty_object_is_an_object(bucket: storage.Bucket) -> None:
    bucket.blob("empty").upload_from_string(b"")
    assert bucket.blob("empty").download_as_bytes() == b""


def test_a_missing_object_is_not_found(bucket: storage.Bucket) -> None:
    assert bucket.get_blob("none") is None
    assert not bucket.blob("none").exists()
    for call in (bucket.blob("none").download_as_bytes, bucket.blob("none").delete):
        with pytest.raises(exceptions.NotFound):
            call()


def test_objects_are_listed_by_prefix_folder_offset_and_page(bucket: storage.Bucket) -> None:
    names = ["a/1", "a/2", "a/b/1", "b/1", "c", "é"]
    for name in names:
        bucket.blob(name).upload_from_string(b"")
    listed = bucket.list_blobs(page_size=2)
    assert [blob.name for blob in listed] == names
    assert [blob.name for blob in bucket.list_blobs(prefix="a/")] == names[:3]
    folders = bucket.list_blobs(delimiter="/", page_size=1)
    assert [blob.name for blob in folders] == ["c", "é"]
    assert folders.prefixes == {"a/", "b/"}
    inner = bucket.list_blobs(prefix="a/", delimiter="/")
    assert [blob.name for blob in inner] == ["a/1", "a/2"]
    assert inner.prefixes == {"a/b/"}
    assert [blob.name for blob in bucket.list_blobs(start_offset="a/b", end_offset="c")] == ["a/b/1", "b/1"]
    assert len(list(bucket.list_blobs(max_results=3))) == 3


def test_preconditions_stop_lost_updates(bucket: storage.Bucket) -> None:
    blob = bucket.blob("x")
    blob.upload_from_string(b"1", if_generation_match=0)
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("x").upload_from_string(b"2", if_generation_match=0)
    first = blob.generation
    bucket.blob("x").upload_from_string(b"2", if_generation_match=first)
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.blob("x").delete(if_generation_match=first)
    blob = bucket.get_blob("x")
    blob.metadata = {"a": "1"}
    blob.patch(if_metageneration_match=1)
    with pytest.raises(exceptions.PreconditionFailed):
        blob.patch(if_metageneration_match=1)
    assert bucket.blob("x").download_as_bytes() == b"2"


def test_metadata_is_patched_key_by_key(bucket: storage.Bucket) -> None:
    blob = bucket.blob("x")
    blob.metadata = {"a": "1", "b": "2"}
    blob.upload_from_string(b"x", content_type="text/plain")
    blob.metadata = {"b": None, "c": "3"}
    blob.cache_control = "no-store"
    blob.patch()
    found = bucket.get_blob("x")
    assert (found.metadata, found.cache_control, found.metageneration) == ({"a": "1", "c": "3"}, "no-store", 2)
    assert found.content_type == "text/plain"


def test_copies_and_composed_objects_have_the_bytes(bucket: storage.Bucket) -> None:
    one, two = bucket.blob("one"), bucket.blob("two")
    one.upload_from_string(b"one-", content_type="text/plain")
    two.upload_from_string(b"two")
    copy = bucket.copy_blob(one, bucket, "copy")
    one.delete()
    assert copy.download_as_bytes() == b"one-"
    assert copy.content_type == "text/plain"
    rewritten = bucket.blob("rewritten")
    assert rewritten.rewrite(copy) == (None, 4, 4)
    composed = bucket.blob("composed")
    composed.compose([copy, two, copy])
    assert composed.download_as_bytes() == b"one-twoone-"
    assert (composed.component_count, composed.md5_hash) == (3, None)
    moved = bucket.rename_blob(composed, "moved")
    assert moved.download_as_bytes() == b"one-twoone-"
    assert not bucket.blob("composed").exists()


def test_a_batch_does_each_call(client: storage.Client, bucket: storage.Bucket) -> None:
    for name in ("a", "b", "c"):
        bucket.blob(name).upload_from_string(b"x")
    with client.batch():
        bucket.blob("a").delete()
        bucket.blob("b").delete()
        patched = bucket.blob("c")
        patched.metadata = {"k": "v"}
        patched.patch()
    assert [blob.name for blob in bucket.list_blobs()] == ["c"]
    assert bucket.get_blob("c").metadata == {"k": "v"}
    with pytest.raises(exceptions.NotFound), client.batch():
        bucket.blob("a").delete()


def test_bytes_that_do_not_fit_their_hash_are_refused(cloud: RunningCloud, bucket: storage.Bucket) -> None:
    url = f"{cloud.env['STORAGE_EMULATOR_HOST']}/upload/storage/v1/b/{bucket.name}/o?uploadType=media&name=x"
    wrong = requests.post(url, data=b"data", headers={"X-Goog-Hash": "crc32c=AAAAAA=="}, timeout=10)
    assert (wrong.status_code, wrong.json()["error"]["errors"][0]["reason"]) == (400, "invalid")
    assert not bucket.blob("x").exists()
    bucket.blob("x").upload_from_string(b"data", checksum="md5")


def test_gzip_is_kept_and_can_be_sent_plain(cloud: RunningCloud, bucket: storage.Bucket) -> None:
    blob = bucket.blob("page")
    blob.content_encoding = "gzip"
    blob.upload_from_string(gzip.compress(b"plain" * 100), content_type="text/plain")
    assert blob.download_as_bytes() == b"plain" * 100
    assert gzip.decompress(blob.download_as_bytes(raw_download=True)) == b"plain" * 100
    plain = requests.get(blob.media_link, headers={"Accept-Encoding": "identity"}, timeout=10)
    assert plain.content == b"plain" * 100


def test_older_generations_are_kept_when_versioning_is_on(bucket: storage.Bucket) -> None:
    bucket.versioning_enabled = True
    bucket.patch()
    bucket.blob("x").upload_from_string(b"1")
    first = bucket.get_blob("x").generation
    bucket.blob("x").upload_from_string(b"2")
    assert bucket.blob("x", generation=first).download_as_bytes() == b"1"
    assert len(list(bucket.list_blobs(versions=True))) == 2
    assert len(list(bucket.list_blobs())) == 1
    bucket.blob("x").delete()
    assert not bucket.blob("x").exists()
    for blob in bucket.list_blobs(versions=True):
        bucket.delete_blob(blob.name, generation=blob.generation)


def test_buckets_are_made_listed_and_refused_when_taken_or_not_empty(client: storage.Client) -> None:
    bucket = client.create_bucket(f"test-{time.time_ns()}")
    with pytest.raises(exceptions.Conflict):
        client.create_bucket(bucket.name)
    assert bucket.name in [found.name for found in client.list_buckets()]
    bucket.blob("x").upload_from_string(b"x")
    with pytest.raises(exceptions.Conflict):
        bucket.delete()
    bucket.delete(force=True)
    assert client.lookup_bucket(bucket.name) is None
    with pytest.raises(exceptions.NotFound):
        bucket.blob("x").upload_from_string(b"x")
    with pytest.raises(exceptions.BadRequest):
        client._connection.api_request("POST", "/b", query_params={"project": "p"}, data={"name": "No!"})


def test_the_manifests_buckets_are_there(client: storage.Client, cloud: RunningCloud) -> None:
    media = client.get_bucket(f"{cloud.project}-media")
    assert media.cors[0]["origin"] == ["*"]
    assert [rule["action"]["type"] for rule in media.lifecycle_rules] == ["AbortIncompleteMultipartUpload"]
    assert client.get_bucket(f"{cloud.project}-exports").cors == []
    assert list(media.list_notifications()) == []
    assert media.get_iam_policy().bindings == []


def test_lifecycle_rules_delete_what_is_old_and_fits(bucket: storage.Bucket) -> None:
    for name in ("tmp/a", "kept"):
        bucket.blob(name).upload_from_string(b"x")
    bucket.add_lifecycle_delete_rule(age=0, matches_prefix=["tmp/"])
    bucket.add_lifecycle_delete_rule(age=1)
    bucket.patch()
    assert [blob.name for blob in bucket.list_blobs()] == ["kept"]


def test_lifecycle_rules_count_newer_versions(bucket: storage.Bucket) -> None:
    bucket.versioning_enabled = True
    bucket.patch()
    for text in (b"1", b"2", b"3"):
        bucket.blob("x").upload_from_string(text)
    bucket.add_lifecycle_delete_rule(number_of_newer_versions=2)
    bucket.patch()
    assert [blob.download_as_bytes() for blob in bucket.list_blobs(versions=True)] == [b"2", b"3"]
    bucket.versioning_enabled = False
    bucket.patch()
    for blob in bucket.list_blobs(versions=True):
        bucket.delete_blob(blob.name, generation=blob.generation)


def test_etags_are_preconditions(bucket: storage.Bucket) -> None:
    blob = bucket.blob("x")
    blob.upload_from_string(b"1")
    assert blob.download_as_bytes(if_etag_match=blob.etag) == b"1"
    assert bucket.get_blob("x", if_etag_not_match="another").etag == blob.etag
    for read in (blob.download_as_bytes, blob.reload, blob.exists):
        with pytest.raises(exceptions.PreconditionFailed):
            read(if_etag_match="another")
        with pytest.raises(exceptions.NotModified):
            read(if_etag_not_match=blob.etag)


def test_an_object_is_moved_in_one_step(bucket: storage.Bucket) -> None:
    blob = bucket.blob("raw/a b")
    blob.upload_from_string(b"take", content_type="text/plain")
    bucket.blob("there").upload_from_string(b"")
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.move_blob(blob, "there", if_generation_match=0)
    with pytest.raises(exceptions.BadRequest):
        bucket.move_blob(blob, blob.name)
    moved = bucket.move_blob(blob, "done/a b", if_source_generation_match=blob.generation)
    assert (moved.download_as_bytes(), moved.content_type) == (b"take", "text/plain")
    assert [found.name for found in bucket.list_blobs()] == ["done/a b", "there"]


@pytest.mark.parametrize(
    ("glob", "names"),
    [
        ("foo*bar", ["foobar"]),
        ("foo**bar", ["foo/bar", "foo/foobar", "foobar"]),
        ("**/foobar", ["foo/foobar", "foobar"]),
        ("*/ba[rz]", ["foo/bar", "foo/baz"]),
        ("*/ba[!a-y]", ["foo/baz"]),
        ("fo?/{foo*,*baz}", ["foo/baz", "foo/foobar"]),
        ("foo.bar", []),
    ],
)
def test_names_are_matched_by_globs(bucket: storage.Bucket, glob: str, names: list[str]) -> None:
    for name in ("foo/bar", "foo/baz", "foo/foobar", "foobar"):
        bucket.blob(name).upload_from_string(b"")
    assert [blob.name for blob in bucket.list_blobs(match_glob=glob)] == names


def test_labels_are_patched_one_by_one_and_updated_together(bucket: storage.Bucket) -> None:
    bucket.labels = {"team": "cut", "stage": "raw"}
    bucket.patch()
    labels = bucket.labels
    del labels["stage"]
    bucket.labels = labels
    bucket.patch()
    bucket.reload()
    assert bucket.labels == {"team": "cut"}
    bucket.labels = {"mood": "calm"}
    bucket.update()
    bucket.reload()
    assert bucket.labels == {"mood": "calm"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/storage/v1/b/{bucket}/o?maxResults=x", ""),
        ("GET", "/storage/v1/b/{bucket}/o?maxResults=-1", ""),
        ("GET", "/storage/v1/b/{bucket}/o?pageToken=%ff", ""),
        ("GET", "/storage/v1/b/{bucket}/o?matchGlob=%7Ba", ""),
        ("GET", "/storage/v1/b/{bucket}/o?pageToken=WyJhIiwgMWU5OV0=", ""),
        ("GET", "/storage/v1/b/{bucket}/o/x?generation=99999999999999999999", ""),
        ("POST", "/upload/storage/v1/b/{bucket}/o?uploadType=media&name=x&ifGenerationMatch=x", ""),
        ("POST", "/storage/v1/b?project=p", "[]"),
        ("POST", "/storage/v1/b?project=p", "{"),
        ("PATCH", "/storage/v1/b/{bucket}", '{"lifecycle": {"rule": [{"action": {"type": "Burn"}}]}}'),
        ("PATCH", "/storage/v1/b/{bucket}", '{"lifecycle": {"rule": [{"condition": {"mood": 1}}]}}'),
        ("POST", "/storage/v1/b/{bucket}/o/x/compose", '{"sourceObjects": []}'),
        ("POST", "/upload/storage/v1/b/{bucket}/o?uploadType=media&name=", "x"),
        ("POST", "/upload/storage/v1/b/{bucket}/o?uploadType=resumable", '{"name": "\\ud800"}'),
        ("POST", "/upload/storage/v1/b/{bucket}/o?uploadType=resumable", '{"name": "x", "customTime": "soon"}'),
        ("POST", "/upload/storage/v1/b/{bucket}/o?uploadType=other", ""),
        ("POST", "/batch/storage/v1", "nonsense"),
    ],
)
def test_what_makes_no_sense_is_a_bad_request(
    cloud: RunningCloud, bucket: storage.Bucket, method: str, path: str, body: str
) -> None:
    url = cloud.env["STORAGE_EMULATOR_HOST"] + path.format(bucket=bucket.name)
    response = requests.request(method, url, data=body, timeout=10)
    assert (response.status_code, response.json()["error"]["code"]) == (400, 400)
