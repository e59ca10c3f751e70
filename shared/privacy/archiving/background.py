"""Background: archives are made by jobs of the kind export, and kept for a week."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from shared.core.clients import signing_credentials, storage_client
from shared.core.clock import now
from shared.core.errors import NotFound
from shared.core.settings import settings
from shared.jobs import Job, JobKind, Priority, create_job, get_job
from shared.privacy.account import subject_of
from shared.privacy.archiving.archive import write_archive

if TYPE_CHECKING:
    from google.cloud.storage import Blob

BUCKET = "exports"
FILENAME = "everything.zip"
VALID = timedelta(minutes=15)
"""How long a URL is good for; as long as the file is there, a new one can be asked for."""
_INPUTS = {"archive": True}


@dataclass(frozen=True)
class ArchiveFile:
    """An archive that was made: where it can be fetched until when, how many bytes and lines it has."""

    url: str
    expires: datetime
    size: int
    lines: int


def request_archive(user_id: str, job_id: str) -> Job:
    """Queue an archive of all that is the user's. The same job id again returns the same job."""
    return create_job(user_id, JobKind.EXPORT, _INPUTS, Priority.NORMAL, job_id)


def is_archive(job: Job) -> bool:
    """Whether a job makes an archive: exports of figures are jobs of the same kind."""
    return job.kind is JobKind.EXPORT and job.inputs == _INPUTS


def carry_out(
    job: Job, on_progress: Callable[[float, str], None], check: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Make the archive of a job and put it into the bucket; the outputs of the job. Done twice, there is one file.

    `check` raises when the job is over. Raises Unavailable."""
    written = 0

    def on_line() -> None:
        nonlocal written
        written += 1
        if written % 100 == 0:
            check()
            on_progress(written / (written + 1_000), "writing")

    with TemporaryDirectory(prefix="archive-") as folder:
        path = Path(folder) / FILENAME
        with path.open("w+b") as file:
            lines = write_archive(subject_of(job.user_id), file, on_line)
        check()
        on_progress(0.0, "uploading")
        _blob(job).upload_from_filename(str(path), content_type="application/zip", checksum="crc32c")
        return {"size": path.stat().st_size, "lines": lines, "filename": FILENAME}


def archive_of(user_id: str, job_id: str) -> tuple[Job, ArchiveFile | None]:
    """An archive of the user: its job, and the file once there is one. Raises NotFound."""
    job = get_job(user_id, job_id)
    if not is_archive(job):
        raise NotFound(f"There is no archive {job_id}.")
    return job, _file(job) if job.outputs else None


def _file(job: Job) -> ArchiveFile:
    url: str = _blob(job).generate_signed_url(
        version="v4",
        expiration=VALID,
        method="GET",
        credentials=signing_credentials(),
        response_disposition=f'attachment; filename="{FILENAME}"',
    )
    return ArchiveFile(url, now() + VALID, job.outputs["size"], job.outputs["lines"])


def _blob(job: Job) -> "Blob":
    name = f"users/{job.user_id}/archives/{job.id}/{FILENAME}"
    return storage_client().bucket(settings().bucket(BUCKET)).blob(name)
