"""/v1/insights/export: the figures of any page as CSV, XLSX, PDF or JSON, at once or in the background."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from flask import Response
from pydantic import Field

from functions.http.answers import IdPath, answer
from functions.http.authentication import principal, require_role
from functions.http.idempotency import idempotent, resource_id
from functions.resources.insights.queries import FiguresQuery, sees_everybody, users
from functions.resources.insights.resource import api
from functions.resources.job_files import JobFile
from functions.resources.jobs import Job
from shared.core.errors import NotFound, TooLarge
from shared.core.principal import Role
from shared.insights import Period
from shared.insights.dashboard import Every
from shared.insights.exporting import (
    DRAWN_CELLS,
    STREAMED_ROWS,
    ExportRequest,
    ExportSubject,
    FileFormat,
    export_of,
    make_export,
    request_export,
)

USUAL_TREND = timedelta(days=90)


class ExportQuery(FiguresQuery):
    """What to export, and as what. Without steps there is a row for each KPI and what it is made of; with them, one a step."""

    of: ExportSubject = Field(default=ExportSubject.SUMMARY, description="The page whose figures are exported")
    format: FileFormat = FileFormat.CSV
    every: Every = Field(default=Every.NONE, description="The steps, if there shall be a row for each")

    def request(self) -> ExportRequest:
        """What is asked for, by who asks. Raises InvalidInput for a period that is none, Forbidden for alerts of others."""
        if self.of is ExportSubject.ALERTS:
            require_role(Role.OPERATOR, Role.ANALYST)
        asked = self.asked()
        start, end = asked.period()
        if self.of is ExportSubject.TRENDS and self.start is None and self.last is None:
            start = end - USUAL_TREND
        return ExportRequest(
            subject=self.of,
            format=self.format,
            everybody=sees_everybody(),
            kpis=self.kpi,
            start=start,
            end=end,
            compare=asked.compare,
            every=asked.step(Period(start, end)),
            by=list(dict.fromkeys(self.by)),
            where={dimension: list(values) for dimension, values in self.where.items()},
        )


class ExportBody(ExportQuery):
    """The same in a body."""


class ExportFile(JobFile):
    """An export that was made in the background, or is still to be."""

    subject: ExportSubject = Field(alias="of")
    format: FileFormat
    filename: str
    rows: int | None


@api.get("/v1/insights/export", responses={200: None})
def export_figures(query: ExportQuery) -> Response:
    """The figures of a page as a file, streamed; 413 above 50,000 rows (400,000 cells of a PDF): POST has it made in a job"""
    request = query.request()
    export = make_export(request, users())
    if export.is_long:
        raise TooLarge(
            f"This would have {export.rows:,} rows; up to {STREAMED_ROWS:,} are answered at once, and up to {DRAWN_CELLS:,} "
            "cells of a PDF. POST the same to /v1/insights/export to have it made in the background, or ask for longer steps."
        )
    response = Response(_begun(export.chunks()), content_type=request.format.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{request.filename}"'
    return response


@api.post("/v1/insights/export", responses={202: Job})
@idempotent
def request_figures(body: ExportBody) -> Response:
    """Have the figures of a page made into a file in the background, however many they are"""
    job = request_export(principal().uid, resource_id(), body.request())
    return answer(Job.of(job), 202, Location=f"/v1/insights/export/{job.id}")


@api.get("/v1/insights/export/<string:id>", responses={200: ExportFile})
def get_export(path: IdPath) -> Response:
    """An export that you have asked for, with a URL of its file once it is made; files are kept for 7 days"""
    job, request, link = export_of(principal().uid, path.id)
    if request.everybody and not sees_everybody():
        raise NotFound(f"There is no export {path.id}.")
    return answer(
        ExportFile.of(
            job,
            link,
            subject=request.subject,
            format=request.format,
            filename=request.filename,
            rows=job.outputs.get("rows"),
        )
    )


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, the first of which is there: what goes wrong before it is told as a problem."""
    first = next(chunks, b"")
    return chain([first], chunks)
