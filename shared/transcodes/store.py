"""Store: finished chunks in the renders bucket, from when a task has made them until the film is whole.

They lie under `tmp/`, where the bucket's lifecycle removes what a job that was given up has left."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shared.assets import StoredObject, download_to
from shared.core.clients import storage_client
from shared.core.settings import settings
from shared.jobs import Job
from shared.transcodes.chunk import ChunkFile, TranscodeChunk

_AT_A_TIME = 8
"""Objects that are moved side by side."""


def keep_files(job: Job, chunk: TranscodeChunk, files: Mapping[str, Path]) -> tuple[ChunkFile, ...]:
    """Put a chunk's files, by their roles, into the bucket. The names carry the owner: two tasks never write the same object."""
    bucket = storage_client().bucket(settings().bucket("renders"))

    def put(entry: tuple[str, Path]) -> ChunkFile:
        role, path = entry
        blob = bucket.blob(f"{_folder(job)}{chunk.id}/{chunk.owner}/{path.name}")
        blob.upload_from_filename(str(path), checksum="crc32c")
        stored = StoredObject(bucket=bucket.name, name=blob.name, generation=int(blob.generation))
        return ChunkFile(role=role, filename=path.name, size=path.stat().st_size, stored=stored)

    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        return tuple(threads.map(put, files.items()))


def fetch_files(files: Sequence[tuple[ChunkFile, Path]]) -> None:
    """Write each of the kept files to its path, its checksum verified; what is there is whole."""

    def fetch(entry: tuple[ChunkFile, Path]) -> None:
        file, path = entry
        path.parent.mkdir(parents=True, exist_ok=True)
        arriving = path.with_name(f"{path.name}.arriving")
        download_to(file.stored, arriving)
        arriving.replace(path)

    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        list(threads.map(fetch, files))


def forget_files(job: Job) -> None:
    """Remove all that is kept of a job."""
    bucket = storage_client().bucket(settings().bucket("renders"))
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        list(threads.map(lambda blob: blob.delete(), bucket.list_blobs(prefix=_folder(job))))


def _folder(job: Job) -> str:
    return f"tmp/users/{job.user_id}/jobs/{job.id}/"
