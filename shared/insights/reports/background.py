"""Background: reports on demand are made by a job, because the queries and pictures of one take longer than a request may."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.core.clock import now
from shared.core.documents import StoredModel
from shared.core.errors import InvalidInput
from shared.insights.reports.edition import check_over
from shared.insights.reports.schedules import get_schedule
from shared.insights.reports.sending import run_once
from shared.jobs import Job, JobKind, Priority, create_job


class ReportRequest(StoredModel):
    """Which report: the schedule's on the last period that was over at `until`, and whether it is mailed. The inputs of a job."""

    schedule: str
    until: datetime
    deliver: bool = False


def request_report(user_id: str, job_id: str, request: ReportRequest) -> Job:
    """Queue a report; it will have the id of the job. The same id again returns the same job. Raises NotFound, and InvalidInput
    for a period that is not over yet, or if it is to be mailed and the schedule names no channel."""
    schedule = get_schedule(request.schedule)
    check_over(schedule.edition(request.until), now())
    if request.deliver and not schedule.channels:
        raise InvalidInput("This schedule names no channel that it could be mailed by.", pointer="/deliver")
    return create_job(user_id, JobKind.REPORT, request.model_dump(by_alias=True, mode="json"), Priority.NORMAL, job_id)


def carry_out(
    job: Job, on_progress: Callable[[float, str], None], check: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Make the report of a job, or find the one that an earlier attempt has made; the outputs of the job.

    `check` raises when the job is over. Raises NotFound (the schedule was deleted meanwhile), Unavailable."""
    request = ReportRequest.model_validate(job.inputs)
    check()
    on_progress(0.0, "writing")
    made = run_once(request.schedule, job.id, request.until, at=now(), deliver=request.deliver)
    return {"report": made.id, "label": made.label, "files": list(made.files)}
