"""Background: exports that are made by a job, and where their files are."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shared.core.errors import NotFound
from shared.events import hashes_of
from shared.insights.exporting.export import make_export
from shared.insights.exporting.request import ExportRequest
from shared.jobs import FileLink, Job, JobFile, JobKind, Priority, create_job, get_job


def request_export(user_id: str, job_id: str, request: ExportRequest) -> Job:
    """Queue an export. The same job id again returns the same job. Raises InvalidInput, Unavailable, as `make_export`."""
    make_export(request, _hashes(user_id, request))
    return create_job(user_id, JobKind.EXPORT, request.model_dump(by_alias=True, mode="json"), Priority.NORMAL, job_id)


def carry_out(
    job: Job, on_progress: Callable[[float, str], None], check: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Make the file of an export's job and put it into the bucket; the outputs of the job. Done twice, there is one file.

    `check` raises when the job is over. Raises what `make_export` raises."""
    request = ExportRequest.model_validate(job.inputs)
    export, written = make_export(request, _hashes(job.user_id, request)), 0

    def on_row() -> None:
        nonlocal written
        written += 1
        if written % 1_000 == 0:
            check()
            on_progress(written / max(export.rows, written), "writing")

    with TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / request.filename
        with path.open("w+b") as file:
            export.counted(on_row).write_to(file)
        check()
        on_progress(0.0, "uploading")
        _file(job, request).keep(path, request.format.content_type)
        return {"size": path.stat().st_size, "rows": written, "filename": request.filename}


def export_of(user_id: str, job_id: str) -> tuple[Job, ExportRequest, FileLink | None]:
    """An export of the user: its job, what was asked for, and a link to the file while there is one. Raises NotFound."""
    job = get_job(user_id, job_id)
    if job.kind is not JobKind.EXPORT:
        raise NotFound(f"There is no export {job_id}.")
    request = ExportRequest.model_validate(job.inputs)
    return job, request, _file(job, request).link()


def _file(job: Job, request: ExportRequest) -> JobFile:
    return JobFile(job, "insights", request.filename)


def _hashes(user_id: str, request: ExportRequest) -> list[str] | None:
    return None if request.everybody else list(hashes_of(user_id).values())
