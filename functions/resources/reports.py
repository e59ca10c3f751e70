"""/v1/insights/reports: which reports go to whom and when, and those that were made."""

from datetime import datetime
from typing import Any

from flask import Response
from pydantic import Field

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent, resource_id
from functions.http.moments import Moment
from functions.http.openapi import resource
from functions.resources.jobs import Job
from shared.core.clock import now
from shared.core.principal import Role
from shared.insights import reports
from shared.insights.reports import ReportKind, ReportSchedule, StoredReport, StoredSentence
from shared.notifications import MailAddress

api = resource("reports")


class Schedule(WireModel):
    """A report that is sent again and again."""

    id: str
    name: str
    kind: ReportKind
    cron: str | None
    zone: str
    send_at: str
    channels: list[str]
    recipients: list[str]
    enabled: bool
    created: datetime
    modified: datetime
    created_by: str
    reported_until: Moment = Field(description="The end of the last period that was sent")
    last_error: str | None = Field(description="Why the last try failed; it is tried again every five minutes")

    @classmethod
    def of(cls, schedule: ReportSchedule) -> "Schedule":
        """The wire form."""
        return cls.model_validate(schedule.model_dump())


class ReportScheduleList(WireModel):
    """A page of schedules, the newest first."""

    items: list[Schedule]
    next_page_token: str | None


class ChangedSchedule(WireModel):
    """A schedule to save."""

    name: str = Field(min_length=1, max_length=100)
    kind: ReportKind
    cron: str | None = Field(
        default=None, max_length=100, description="For custom reports: five fields, in the time of the zone"
    )
    zone: str = Field(default="UTC", description="IANA zone; its days, weeks, months and quarters are meant")
    send_at: str = Field(
        default="07:00",
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="Time of day in the zone, on the day after the period; custom reports go out when cron says",
    )
    channels: list[Id] = Field(default=[], max_length=20, description="Notification channels")
    recipients: list[MailAddress] = Field(
        default=[], max_length=50, description="Who gets what goes by e-mail, instead of those whom the channels name"
    )
    enabled: bool = True


class Run(WireModel):
    """A report to make now."""

    until: Moment = Field(description="The last period that was over by then")
    deliver: bool = Field(default=False, description="Mail it too")


class ReportSummary(WireModel):
    """A report that was made."""

    id: str
    schedule_id: str
    kind: ReportKind
    title: str
    label: str = Field(description="Its period in words")
    start: datetime
    end: datetime
    zone: str
    made: datetime

    @classmethod
    def of(cls, report: StoredReport) -> "ReportSummary":
        """The wire form."""
        fields: dict[str, Any] = report.model_dump(include=set(ReportSummary.model_fields))
        return cls.model_validate(fields)


class MadeReport(ReportSummary):
    """A report that was made, its sentences with the facts that each number of them is, and its files."""

    text: str
    sentences: list[StoredSentence]
    files: dict[str, str] = Field(description="Signed URLs by ending (pdf, xlsx), good for 15 minutes")

    @classmethod
    def of(cls, report: StoredReport) -> "MadeReport":
        """The wire form."""
        told = dict(ReportSummary.of(report))
        return cls.model_validate(
            {**told, "text": report.text, "sentences": list(report.sentences), "files": report.links()}
        )


class ReportList(WireModel):
    """A page of reports, the last made first."""

    items: list[ReportSummary]
    next_page_token: str | None


class ReportsQuery(PageQuery):
    """Which reports."""

    schedule: Id | None = None


@api.get("/v1/insights/reports", responses={200: ReportScheduleList})
def list_report_schedules(query: PageQuery) -> Response:
    """Scheduled reports, the newest first; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    page = reports.list_schedules(query.limit, query.page_token)
    return answer(
        ReportScheduleList(items=[Schedule.of(each) for each in page.items], next_page_token=page.next_page_token)
    )


@api.post("/v1/insights/reports", responses={201: Schedule})
@idempotent
def create_report_schedule(body: ChangedSchedule) -> Response:
    """Schedule a report; its first is of the period that is going on; for operators"""
    operator = require_role(Role.OPERATOR)
    moment = now()
    stamps = {"created": moment, "modified": moment, "created_by": operator.uid, "reported_until": moment}
    schedule = reports.parse_schedule({"id": resource_id(), **body.model_dump(), **stamps})
    saved = reports.create_schedule(schedule)
    return _told(saved, 201, Location=f"/v1/insights/reports/{saved.id}")


@api.get("/v1/insights/reports/<string:id>", responses={200: Schedule})
def get_report_schedule(path: IdPath) -> Response:
    """A scheduled report; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    return _told(reports.get_schedule(path.id))


@api.put("/v1/insights/reports/<string:id>", responses={200: Schedule})
def put_report_schedule(path: IdPath, body: ChangedSchedule) -> Response:
    """Change a scheduled report; send If-Match so that nobody's work is lost; for operators"""
    operator = require_role(Role.OPERATOR)
    changed = reports.replace_schedule(path.id, body.model_dump(), now(), precondition().check, by=operator.uid)
    return _told(changed)


@api.delete("/v1/insights/reports/<string:id>", responses={204: None})
def delete_report_schedule(path: IdPath) -> Response:
    """Stop sending a report; those that were made stay; for operators"""
    operator = require_role(Role.OPERATOR)
    reports.delete_schedule(path.id, precondition().check, by=operator.uid)
    return no_content()


@api.post("/v1/insights/reports/<string:id>/run", responses={202: Job})
@idempotent
def run_report(path: IdPath, body: Run) -> Response:
    """Have the report of a past period made, and mailed if asked: it is the edition with the id of the job; for operators"""
    operator = require_role(Role.OPERATOR)
    request = reports.ReportRequest(schedule=path.id, until=body.until, deliver=body.deliver)
    job = reports.request_report(operator.uid, resource_id(), request)
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")


@api.get("/v1/insights/editions", responses={200: ReportList})
def list_reports(query: ReportsQuery) -> Response:
    """Reports that were made, the last first; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    page = reports.list_reports(query.limit, query.page_token, query.schedule)
    items = [ReportSummary.of(each) for each in page.items]
    return answer(ReportList(items=items, next_page_token=page.next_page_token))


@api.get("/v1/insights/editions/<string:id>", responses={200: MadeReport})
def get_report(path: IdPath) -> Response:
    """A report that was made, with every number's origin and links to its files; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    return answer(MadeReport.of(reports.get_report(path.id)))


def _told(schedule: ReportSchedule, status: int = 200, **headers: str) -> Response:
    return answer(Schedule.of(schedule), status, etag=schedule.etag, **headers)
