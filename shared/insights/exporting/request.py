"""Request: what is to be exported, as it is asked for and as a job keeps it."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from shared.core.documents import StoredModel
from shared.insights.dashboard import Subject, View, kpis_of
from shared.insights.kpi import Dimension
from shared.insights.period import Period, Step


class FileFormat(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    JSON = "json"

    @property
    def content_type(self) -> str:
        """Its media type."""
        return _CONTENT_TYPES[self]

    @property
    def for_people(self) -> bool:
        """Whether it is read by people: with tables by unit, titles and charts. The others are one plain table for programs."""
        return self in (FileFormat.XLSX, FileFormat.PDF)


_CONTENT_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.PDF: "application/pdf",
    FileFormat.JSON: "application/json",
}


class ExportSubject(StrEnum):
    """What can be exported: every page of the dashboard."""

    SUMMARY = "summary"
    PERFORMANCE = "performance"
    QUALITY = "quality"
    BUSINESS = "business"
    PROVIDERS = "providers"
    TRENDS = "trends"
    ALERTS = "alerts"
    USER_INSIGHTS = "user-insights"


class ExportRequest(StoredModel):
    """Which figures, and as what. The inputs of a job, whose owner may be shown `everybody`'s or only their own."""

    subject: ExportSubject
    format: FileFormat
    everybody: bool
    kpis: list[str] = Field(default_factory=list)
    start: datetime
    end: datetime
    compare: bool = True
    every: Step | None = None
    by: list[Dimension] = Field(default_factory=list)
    where: dict[Dimension, list[str]] = Field(default_factory=dict)

    @property
    def page(self) -> Subject:
        """The page whose KPIs it holds unless others are named."""
        return Subject(self.subject.value)

    @property
    def names(self) -> list[str]:
        """The KPIs that it holds."""
        return self.kpis or kpis_of(self.page, own=not self.everybody)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.subject.replace("-", " ").capitalize()

    @property
    def filename(self) -> str:
        """What a browser saves it as."""
        return f"kompo-{self.subject}-{self.start:%Y%m%d}-{self.end:%Y%m%d}.{self.format}"

    def view(self, users: list[str] | None) -> View:
        """What is looked at, with the owner's hashes unless it is everybody's. Raises InvalidInput for a period that is none."""
        return View(
            period=Period(self.start, self.end),
            compare=self.compare,
            every=self.every,
            by=tuple(self.by) or self.page.by,
            where={dimension: tuple(values) for dimension, values in self.where.items()},
            users=users,
        )
