"""Kinds of reports."""

from enum import StrEnum


class ReportKind(StrEnum):
    """Which period a report is about: a day, a week from Monday, a month, a quarter, each of the calendar of its zone; or what
    lies between two moments that a cron expression names."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    CUSTOM = "custom"

    @property
    def heading(self) -> str:
        """What such a report is called."""
        return "Report" if self is ReportKind.CUSTOM else f"{self.value.capitalize()} report"
