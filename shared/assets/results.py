"""Results: what a job made becomes an asset of its owner."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from shared.assets.asset import Asset, AssetKind, AssetState, Sidecar, StoredObject
from shared.core.clients import storage_client
from shared.core.clock import now
from shared.core.settings import settings

_AT_A_TIME = 8
"""Files of a package that are uploaded side by side."""


def upload_result(user_id: str, job_id: str, path: Path, content_type: str) -> StoredObject:
    """Put a job's file into the renders bucket. Done twice, the second replaces the first."""
    bucket = storage_client().bucket(settings().bucket("renders"))
    blob = bucket.blob(f"users/{user_id}/jobs/{job_id}/{path.name}")
    blob.upload_from_filename(str(path), content_type=content_type, checksum="crc32c")
    return StoredObject(bucket=bucket.name, name=blob.name, generation=int(blob.generation))


def upload_package(
    user_id: str, job_id: str, entry: Path, content_types: Mapping[str, str]
) -> tuple[StoredObject, str]:
    """Put a package, all files in the folder of the one that is played, `entry`, into the renders bucket, that one last.

    `content_types` are by suffix. Returns where `entry` is, and how the names of all files begin."""
    bucket = storage_client().bucket(settings().bucket("renders"))
    folder = f"users/{user_id}/jobs/{job_id}/package/"

    def put(path: Path) -> StoredObject:
        blob = bucket.blob(f"{folder}{path.relative_to(entry.parent).as_posix()}")
        blob.upload_from_filename(str(path), content_type=content_types[path.suffix], checksum="crc32c")
        return StoredObject(bucket=bucket.name, name=blob.name, generation=int(blob.generation))

    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        list(threads.map(put, (path for path in entry.parent.rglob("*") if path.is_file() and path != entry)))
    return put(entry), folder


def result_asset(
    user_id: str,
    job_id: str,
    stored: StoredObject,
    filename: str,
    content_type: str,
    media: dict[str, Any] | None,
    *,
    size: int,
    sha256: str,
    number: int = 0,
    folder: str | None = None,
    sidecars: Sequence[Sidecar] = (),
) -> Asset:
    """The asset of a job's result; its id follows from the job's, so that a job has the same results however often it is tried.

    `number` counts a job's results; `media` is None for a file that is no media, such as captions;
    `folder` and `sidecars` are those of a package."""
    moment = now()
    return Asset(
        id=f"render-{job_id}" if number == 0 else f"render-{job_id}-{number}",
        user_id=user_id,
        kind=AssetKind.RENDER,
        state=AssetState.READY,
        filename=filename,
        content_type=content_type,
        size=size,
        stored=stored,
        folder=folder,
        sidecars=list(sidecars),
        media=media,
        sha256=sha256,
        job_id=job_id,
        created=moment,
        modified=moment,
    )
