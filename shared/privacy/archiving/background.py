"""Background: archives are made by jobs, and kept for a week."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shared.core.errors import NotFound
from shared.jobs import FileLink, Job, JobFile, JobKind, Priority, create_job, get_job
from shared.privacy.account import subject_of
from shared.privacy.archiving.archive import write_archive

FILENAME = "everything.zip"


def request_archive(user_id: str, job_id: str) -> Job:
    """Queue an archive of all that is the user's. The same job id again returns the same job."""
    return create_job(user_id, JobKind.ARCHIVE, {}, Priority.NORMAL, job_id)


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
        _file(job).keep(path, "application/zip")
        return {"size": path.stat().st_size, "lines": lines, "filename": FILENAME}


def archive_of(user_id: str, job_id: str) -> tuple[Job, FileLink | None]:
    """An archive of the user: its job, and a link to the file once there is one. Raises NotFound."""
    job = get_job(user_id, job_id)
    if job.kind is not JobKind.ARCHIVE:
        raise NotFound(f"There is no archive {job_id}.")
    return job, _file(job).link()


def _file(job: Job) -> JobFile:
    return JobFile(job, "archives", FILENAME)
