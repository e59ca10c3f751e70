"""Results: the files that a job has made, as they become assets."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from shared.assets import Asset, result_asset, upload_result
from shared.jobs import Worker
from shared.media import MediaInfo, probe

CONTENT_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "mkv": "video/x-matroska",
    "webm": "video/webm",
    "gif": "image/gif",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "vtt": "text/vtt",
    "json": "application/json",
    "m3u8": "application/vnd.apple.mpegurl",
    "mpd": "application/dash+xml",
    "m4s": "video/iso.segment",
}


@dataclass(frozen=True)
class ResultFile:
    """A file that becomes an asset. `info` is None when it is no media; `size` is in bytes."""

    path: Path
    filename: str
    info: MediaInfo | None
    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path, filename: str) -> "ResultFile":
        """What has been written to `path`. Raises `UnreadableMedia` when that should be media and is not."""
        info = probe(path) if path.suffix != ".vtt" else None
        sha256 = info.sha256 if info is not None else hashlib.sha256(path.read_bytes()).hexdigest()
        return cls(path, filename, info, path.stat().st_size, sha256)

    @property
    def content_type(self) -> str:
        """By its suffix."""
        return CONTENT_TYPES[self.path.suffix[1:]]


def store_result(worker: Worker, result: ResultFile, number: int = 0) -> Asset:
    """Put the file into the bucket; the asset that it becomes, still to be written. `number` counts a job's results.

    Raises Cancelled or LeaseLost when the job is no longer ours."""
    job = worker.job
    stored = upload_result(job.user_id, job.id, result.path, result.content_type)
    worker.check()
    return result_asset(
        job.user_id,
        job.id,
        stored,
        result.filename,
        result.content_type,
        result.info.to_json() if result.info is not None else None,
        size=result.size,
        sha256=result.sha256,
        number=number,
    )
