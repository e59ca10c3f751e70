"""Schedules: which report goes to whom and when. Documents of `report_schedules/{id}`."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from shared.core.documents import StoredModel
from shared.core.errors import InvalidInput
from shared.core.ids import ID_PATTERN
from shared.insights.reports.cron import check_cron
from shared.insights.reports.edition import Edition, last_edition
from shared.insights.reports.kinds import ReportKind
from shared.notifications import MailAddress

COLLECTION = "report_schedules"
CATCH_UP = 7
"""Editions that are made after an outage at most: the newest. Who missed a month of days does not want thirty letters."""


class ReportSchedule(StoredModel):
    """A report that is sent again and again.

    `send_at` is the time of day in `zone` at which it goes out, on the day after its period; custom ones go out when `cron` says.
    `channels` are ids of notification channels; `recipients`, if there are any, get what goes by e-mail instead of those whom the
    channels name. `reported_until` is the end of the last period that was sent."""

    id: str = Field(pattern=ID_PATTERN, max_length=60)
    name: str = Field(min_length=1, max_length=100)
    kind: ReportKind
    cron: str | None = Field(default=None, max_length=100)
    zone: str = "UTC"
    send_at: str = Field(default="07:00", pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    channels: tuple[str, ...] = Field(default=(), max_length=20)
    recipients: tuple[MailAddress, ...] = Field(default=(), max_length=50)
    enabled: bool = True
    created: datetime
    modified: datetime
    created_by: str
    reported_until: datetime
    last_error: str | None = None

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(f"{zone} is no time zone of IANA's; say one such as Europe/Berlin or UTC")
        return zone

    @model_validator(mode="after")
    def _cron_belongs_to_custom(self) -> Self:
        if (self.cron is not None) != (self.kind is ReportKind.CUSTOM):
            raise InvalidInput("Custom reports, and only they, have a cron expression.", pointer="/cron")
        if self.cron is not None:
            check_cron(self.cron)
        return self

    @property
    def etag(self) -> str:
        """Changes with every save."""
        return f"m{self.modified.timestamp():.6f}"

    @property
    def periods(self) -> tuple[ReportKind, str | None, str]:
        """What says which periods it reports of."""
        return self.kind, self.cron, self.zone

    @property
    def tzinfo(self) -> ZoneInfo:
        """Its zone."""
        return ZoneInfo(self.zone)

    def edition(self, until: datetime) -> Edition:
        """Its last edition that was over at `until`. Raises InvalidInput."""
        return last_edition(self.kind, until, self.tzinfo, self.cron)

    def sent_at(self, edition: Edition) -> datetime:
        """When an edition goes out."""
        if self.kind is ReportKind.CUSTOM:
            return edition.period.end
        day = edition.last_day + timedelta(days=1)
        return datetime.combine(day, time.fromisoformat(self.send_at), self.tzinfo).astimezone(UTC)

    def due(self, at: datetime) -> list[Edition]:
        """The editions that are to be sent at `at` and were not yet, the oldest first; the newest CATCH_UP of them."""
        found: list[Edition] = []
        edition = self.edition(at)
        while edition.period.end > self.reported_until and len(found) < CATCH_UP:
            if self.sent_at(edition) <= at:
                found.append(edition)
            edition = self.edition(edition.period.start)
        return found[::-1]

    def document(self) -> dict[str, Any]:
        """Its document."""
        times = {"created": self.created, "modified": self.modified, "reportedUntil": self.reported_until}
        return {**self.model_dump(mode="json", by_alias=True), **times}
