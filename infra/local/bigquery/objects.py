"""Objects of Cloud Storage, over its JSON API at STORAGE_EMULATOR_HOST."""

import json
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

from infra.local.bigquery.errors import BigQueryError, invalid, not_found

_TIMEOUT_SECONDS = 60


def download(uri: str, folder: Path) -> Iterator[Path]:
    """The objects that `gs://bucket/name` (one `*` allowed) names, as files in `folder`. Raises notFound."""
    bucket, name = _split(uri)
    prefix, star, suffix = name.partition("*")
    names = [found for found in _names(bucket, prefix) if found.endswith(suffix)] if star else [name]
    if not names:
        raise not_found("URI", uri)
    for number, found in enumerate(names):
        path = folder / f"{number:06d}-{Path(found).name}"
        with (
            _request(f"/storage/v1/b/{bucket}/o/{quote(found, safe='')}?alt=media", uri) as answer,
            path.open("wb") as file,
        ):
            shutil.copyfileobj(answer, file)
        yield path


def upload(path: Path, uri: str) -> None:
    """Write a file to `gs://bucket/name`. Raises notFound for the bucket."""
    bucket, name = _split(uri)
    query = urlencode({"uploadType": "media", "name": name})
    with path.open("rb") as file:
        _request(f"/upload/storage/v1/b/{bucket}/o?{query}", uri, file.read()).close()


def _names(bucket: str, prefix: str) -> Iterator[str]:
    token = ""
    while True:
        query = urlencode({"prefix": prefix, **({"pageToken": token} if token else {})})
        with _request(f"/storage/v1/b/{bucket}/o?{query}", f"gs://{bucket}/{prefix}*") as answer:
            page = json.load(answer)
        yield from (item["name"] for item in page.get("items", ()))
        token = page.get("nextPageToken", "")
        if not token:
            return


def _split(uri: str) -> tuple[str, str]:
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    if not uri.startswith("gs://") or not bucket or not name:
        raise invalid(f"Invalid source URI: {uri}")
    return bucket, name


def _request(path: str, uri: str, data: bytes | None = None) -> IO[bytes]:
    host = os.environ.get("STORAGE_EMULATOR_HOST")
    if not host:
        raise BigQueryError(400, "invalid", f"No Cloud Storage to reach {uri}: STORAGE_EMULATOR_HOST is not set")
    request = urllib.request.Request(host.rstrip("/") + path, data, {"Content-Type": "application/octet-stream"})  # noqa: S310
    try:
        answer: IO[bytes] = urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS)  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code == 404:
            raise not_found("URI", uri) from error
        raise BigQueryError(400, "invalid", f"Error while reading {uri}: {error}") from error
    except OSError as error:
        raise BigQueryError(503, "backendError", f"Cloud Storage does not answer: {error}") from error
    return answer
