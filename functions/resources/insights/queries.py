"""What requests for insights have in common: the period, how it is cut, grouped and filtered, and whose events count."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from functions.http.answers import WireModel
from functions.http.authentication import principal
from functions.http.moments import Moment
from shared.core.principal import Role
from shared.events import hashes_of
from shared.insights import Dimension
from shared.insights.dashboard import AskedFigures, AskedPeriod, Every

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(days=7)}

Names = Annotated[list[Annotated[str, Field(min_length=1, max_length=64)]], Field(max_length=40)]


class PeriodQuery(WireModel):
    """The period asked for: [start, end), the last 24 hours unless given."""

    start: Moment | None = Field(default=None, description="RFC 3339 with a zone")
    end: Moment | None = Field(default=None, description="RFC 3339 with a zone; now unless given")
    last: str | None = Field(
        default=None,
        pattern=r"^[1-9][0-9]{0,3}[hdw]$",
        description="In place of `start`: so many hours, days or weeks, such as 7d. Asked for alike, it is answered alike",
    )

    def period(self) -> tuple[datetime, datetime]:
        """Start and end. Raises InvalidInput if both `start` and `last` are given."""
        return AskedPeriod(**self.span()).period()

    def asked(self) -> AskedPeriod:
        """What is asked for."""
        return AskedPeriod(**self.span())

    def span(self) -> dict[str, Any]:
        """What it says of the period."""
        last = int(self.last[:-1]) * _UNITS[self.last[-1]] if self.last is not None else None
        return {"start": self.start, "end": self.end, "last": last}


class FilterQuery(PeriodQuery):
    """Of what, and told apart by what. A filter keeps what has one of its values; it may be repeated."""

    by: list[Dimension] = Field(default=[], max_length=2, description="Told apart by these, one or two")
    platform: Names = Field(default=[], description="Only of these platforms")
    operation: Names = Field(default=[], description="Only of these operations")
    provider: Names = Field(default=[], description="Only of these providers")
    plan: Names = Field(default=[], description="Only of people on these plans")
    workflow: Names = Field(default=[], description="Only of these kinds of workflow")
    error: Names = Field(default=[], description="Only with these error codes")

    @property
    def where(self) -> dict[Dimension, tuple[str, ...]]:
        """The filters that are given."""
        return {dimension: tuple(values) for dimension in Dimension if (values := getattr(self, dimension.value))}

    def said(self) -> dict[str, Any]:
        """What it says of the period, and of what counts in it."""
        return {**self.span(), "by": tuple(self.by), "where": self.where}


class Compare(StrEnum):
    """What a period is compared with."""

    PREVIOUS = "previous"
    NONE = "none"


class FiguresQuery(FilterQuery):
    """Which figures, of what, compared with what."""

    kpi: Names = Field(default=[], description="Names of KPIs (see /v1/insights/kpis); those of the page unless given")
    compare: Compare = Field(
        default=Compare.PREVIOUS, description="With the period of equal length before, or not at all"
    )
    every: Every = Field(default=Every.AUTO, description="The steps of the curves")

    def asked(self) -> AskedFigures:
        """What is asked for."""
        compare = self.compare is Compare.PREVIOUS
        return AskedFigures(**self.said(), kpis=tuple(self.kpi), compare=compare, every=self.every)


def sees_everybody() -> bool:
    """Whether the caller is shown everybody's figures; all others, their own."""
    return principal().has(Role.ANALYST, Role.OPERATOR)


def whose() -> str:
    """What tells answers of one caller from another's: those who see everybody are all shown the same."""
    return "" if sees_everybody() else principal().uid


def users() -> list[str] | None:
    """The hashes that the caller's own events are found by; None for who sees everybody's. Raises Unavailable."""
    return None if sees_everybody() else list(hashes_of(principal().uid).values())
