"""Resumable uploads: chunks, interruptions, restarts, browsers; large ones in little memory."""

import hashlib
import io
import itertools
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from tests.cloud import RunningCloud, local_cloud, wait_for

CHUNK = 256 * 1024
MEBIBYTE = 1024 * 1024
KILLS = int(os.environ.get("KOMPO_TEST_KILLS", "3"))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """A Storage server that these tests may kill."""
    with local_cloud("storage", data=tmp_path_factory.mktemp("storage")) as cloud:
        yield cloud


@pytest.fixture
def bucket(own: RunningCloud) -> storage.Bucket:
    """The media bucket."""
    endpoint = {"api_endpoint": own.env["STORAGE_EMULATOR_HOST"]}
    client = storage.Client(project=own.project, credentials=AnonymousCredentials(), client_options=endpoint)
    return client.bucket(f"{own.project}-media")


def test_the_client_uploads_in_chunks(bucket: storage.Bucket) -> None:
    data = os.urandom(5 * CHUNK + 17)
    blob = bucket.blob("chunks", chunk_size=CHUNK)
    blob.upload_from_file(io.BytesIO(data), content_type="video/mp4", checksum="md5")
    assert blob.download_as_bytes() == data
    assert blob.content_type == "video/mp4"
    unknown_size = bucket.blob("stream", chunk_size=CHUNK)
    with unknown_size.open("wb") as stream:
        stream.write(data)
    assert bucket.blob("stream").download_as_bytes() == data


def test_an_upload_goes_on_after_kill_9(own: RunningCloud, bucket: storage.Bucket) -> None:
    data = os.urandom(8 * CHUNK)
    url = bucket.blob("killed").create_resumable_upload_session(size=len(data))
    sent = requests.put(url, data=data[: 3 * CHUNK], headers=_content_range(0, 3 * CHUNK, len(data)), timeout=10)
    assert (sent.status_code, sent.headers["Range"]) == (308, f"bytes=0-{3 * CHUNK - 1}")
    connection = _send_part_of_the_body(url, data, 3 * CHUNK, CHUNK)
    own.kill("storage")
    connection.close()
    kept = _persisted(url, len(data))
    assert 3 * CHUNK <= kept < len(data)
    done = requests.put(url, data=data[kept:], headers=_content_range(kept, len(data), len(data)), timeout=10)
    assert done.status_code == 200
    assert bucket.blob("killed").download_as_bytes() == data
    again = requests.put(url, headers={"Content-Range": f"bytes */{len(data)}"}, timeout=10)
    assert (again.status_code, again.json()["generation"]) == (200, done.json()["generation"])


def test_what_came_before_the_connection_broke_is_kept(bucket: storage.Bucket) -> None:
    data = os.urandom(8 * CHUNK)
    url = bucket.blob("broken").create_resumable_upload_session(size=len(data))
    _send_part_of_the_body(url, data, 0, 2 * MEBIBYTE - CHUNK).close()
    kept = wait_for(lambda: _persisted(url, len(data)), "bytes are kept")
    overlapping = max(0, kept - CHUNK)
    headers = _content_range(overlapping, len(data), len(data))
    assert requests.put(url, data=data[overlapping:], headers=headers, timeout=10).status_code == 200
    assert bucket.blob("broken").download_as_bytes() == data


def test_acknowledged_objects_survive_kill_9(own: RunningCloud, bucket: storage.Bucket) -> None:
    for round_number in range(3):
        data = os.urandom(300_000)
        bucket.blob(f"kept-{round_number}").upload_from_string(data)
        own.kill("storage")
        assert bucket.blob(f"kept-{round_number}").download_as_bytes() == data


def test_no_acknowledged_object_is_lost_or_torn_under_load(own: RunningCloud, bucket: storage.Bucket) -> None:
    """Uploads race with kills: what was answered with 200 is there whole, and no bytes are left without an object."""
    url = f"{own.env['STORAGE_EMULATOR_HOST']}/upload/storage/v1/b/{bucket.name}/o?uploadType=media"
    acknowledged: dict[str, bytes] = {}
    stop = threading.Event()

    def upload(worker: int) -> None:
        for number in itertools.count():
            if stop.is_set():
                return
            name, data = f"load-{worker}-{number}", os.urandom(50_000)
            try:
                if requests.post(f"{url}&name={name}", data=data, timeout=10).ok:
                    acknowledged[name] = data
            except requests.RequestException:
                stop.wait(0.05)

    with ThreadPoolExecutor(3) as workers:
        for worker in range(3):
            workers.submit(upload, worker)
        for _ in range(KILLS):
            enough = len(acknowledged) + 5
            wait_for(lambda enough=enough: len(acknowledged) >= enough, "uploads go on")
            own.kill("storage")
        stop.set()
    for name, data in acknowledged.items():
        assert bucket.blob(name).download_as_bytes() == data
    own.kill("storage")
    objects = sum(1 for _ in bucket.list_blobs()) + sum(
        1 for other in bucket.client.list_buckets() if other.name != bucket.name for _ in other.list_blobs()
    )
    wait_for(lambda: sum(1 for path in own.data.glob("**/objects/??/*")) <= objects, "what is left over is removed")


def test_a_gap_an_excess_and_a_small_chunk_are_refused(bucket: storage.Bucket) -> None:
    url = bucket.blob("bad").create_resumable_upload_session(size=4 * CHUNK)
    gap = _content_range(CHUNK, 2 * CHUNK, 4 * CHUNK)
    assert requests.put(url, data=bytes(CHUNK), headers=gap, timeout=10).status_code == 400
    small = _content_range(0, 1000, 4 * CHUNK)
    assert requests.put(url, data=bytes(1000), headers=small, timeout=10).status_code == 400
    assert requests.put(url, data=bytes(5 * CHUNK), timeout=10).status_code == 400
    other_total = _content_range(0, CHUNK, 3 * CHUNK)
    assert requests.put(url, data=bytes(CHUNK), headers=other_total, timeout=10).status_code == 400
    assert not bucket.blob("bad").exists()


@pytest.mark.parametrize("cut", [2, 4, 8, 20, 60, 75, 107])
def test_a_multipart_body_that_breaks_off_is_refused(own: RunningCloud, bucket: storage.Bucket, cut: int) -> None:
    whole = (
        b'--x\r\nContent-Type: application/json\r\n\r\n{"name":"multipart"}\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x--"
    )
    url = f"{own.env['STORAGE_EMULATOR_HOST']}/upload/storage/v1/b/{bucket.name}/o?uploadType=multipart"
    headers = {"Content-Type": 'multipart/related; boundary="x"'}
    assert requests.post(url, data=whole[:-cut], headers=headers, timeout=10).status_code == 400
    assert not bucket.blob("multipart").exists()
    assert requests.post(url, data=whole, headers=headers, timeout=10).ok
    assert bucket.blob("multipart").download_as_bytes() == b"hello"
    bucket.blob("multipart").delete()


def test_a_cancelled_upload_is_gone(own: RunningCloud, bucket: storage.Bucket) -> None:
    url = bucket.blob("cancelled").create_resumable_upload_session()
    requests.put(url, data=bytes(CHUNK), headers={"Content-Range": f"bytes 0-{CHUNK - 1}/*"}, timeout=10)
    assert len(_parts(own)) == 1
    assert requests.delete(url, timeout=10).status_code == 499
    assert requests.put(url, data=b"x", timeout=10).status_code == 404
    assert _parts(own) == []


def test_a_browser_uploads_to_its_session_and_to_no_other(bucket: storage.Bucket) -> None:
    page = {"Origin": "https://app.example"}
    url = bucket.blob("browser").create_resumable_upload_session(origin="https://app.example", content_type="video/mp4")
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-range,content-type"}
    preflight = requests.options(url, headers=page | asked, timeout=10)
    assert preflight.ok
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert "PUT" in preflight.headers["Access-Control-Allow-Methods"]
    assert "content-range" in preflight.headers["Access-Control-Allow-Headers"]
    headers = page | {"Content-Range": f"bytes 0-{CHUNK - 1}/{CHUNK + 1}"}
    part = requests.put(url, data=bytes(CHUNK), headers=headers, timeout=10)
    assert part.status_code == 308
    assert "Range" in part.headers["Access-Control-Expose-Headers"]
    done = requests.put(
        url, data=b"x", headers=page | {"Content-Range": f"bytes {CHUNK}-{CHUNK}/{CHUNK + 1}"}, timeout=10
    )
    assert (done.status_code, done.headers["Access-Control-Allow-Origin"]) == (200, "https://app.example")
    forged = url[:-8] + "00000000"
    assert requests.put(forged, data=b"x", headers=page, timeout=10).status_code == 404


def test_200_megabytes_pass_through_in_little_memory(own: RunningCloud, bucket: storage.Bucket, tmp_path: Path) -> None:
    source = tmp_path / "large"
    digest = hashlib.md5()
    with source.open("wb") as file:
        for _ in range(200):
            block = os.urandom(MEBIBYTE)
            digest.update(block)
            file.write(block)
    pid = own.server("storage")["pid"]
    before = _peak_memory(pid)
    bucket.blob("large").upload_from_filename(str(source))
    url = bucket.get_blob("large").media_link
    downloaded = hashlib.md5()
    with requests.get(url, stream=True, timeout=60) as response:
        for chunk in response.iter_content(MEBIBYTE):
            downloaded.update(chunk)
    assert downloaded.hexdigest() == digest.hexdigest()
    assert _peak_memory(pid) - before < 50 * MEBIBYTE


def test_a_full_disk_leaves_no_part_of_an_object(tmp_path: Path) -> None:
    # A limit on the size of files stands for the disk: the write fails in the same place, in the same way.
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 * MEBIBYTE, hard))
    try:
        with local_cloud("storage", data=tmp_path) as small:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            host, name = small.env["STORAGE_EMULATOR_HOST"], f"{small.project}-media"
            url = f"{host}/upload/storage/v1/b/{name}/o?uploadType=media&name=large"
            full = requests.post(url, data=bytes(8 * MEBIBYTE), timeout=20)
            assert (full.status_code, full.json()["error"]["errors"][0]["reason"]) == (507, "insufficientStorage")
            assert requests.get(f"{host}/storage/v1/b/{name}/o/large", timeout=10).status_code == 404
            assert requests.post(url, data=bytes(MEBIBYTE), timeout=20).ok
            assert _parts(small) == []
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _content_range(start: int, end: int, total: int) -> dict[str, str]:
    return {"Content-Range": f"bytes {start}-{end - 1}/{total}"}


def _persisted(url: str, total: int) -> int:
    answer = requests.put(url, headers={"Content-Range": f"bytes */{total}"}, timeout=10)
    assert answer.status_code == 308
    return int(answer.headers["Range"].rpartition("-")[2]) + 1 if "Range" in answer.headers else 0


def _send_part_of_the_body(url: str, data: bytes, start: int, count: int) -> socket.socket:
    """Announce everything from `start` on, send `count` bytes, and leave the connection hanging."""
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname, parts.port))
    head = (
        f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(data) - start}\r\n"
        f"Content-Range: bytes {start}-{len(data) - 1}/{len(data)}\r\n\r\n"
    )
    connection.sendall(head.encode() + data[start : start + count])
    return connection


def _parts(cloud: RunningCloud) -> list[Path]:
    return [path for path in cloud.data.glob("**/uploads/*") if time.time() - path.stat().st_mtime < 60]


def _peak_memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
