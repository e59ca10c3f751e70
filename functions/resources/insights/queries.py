"""What requests for insights have in common: the period, how it is cut, grouped and filtered, and whose events count."""

import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from functions.http.answers import WireModel
from functions.http.authentication import principal
from functions.http.moments import Moment
from shared.core.clock import now
from shared.core.errors import InvalidInput
from shared.core.principal import Role
from shared.events import hashes_of
from shared.insights import Dimension, Period, Step
from shared.insights.dashboard import View, usual_step

DEFAULT_PERIOD = timedelta(days=1)
"""How far back an answer reaches when the request does not say."""
SETTLED = timedelta(days=7)
"""Events come in for as long: after that a period hardly changes any more."""
PRESENT = timedelta(seconds=15)
"""For how long figures of a period that reaches into the present are told."""
RECENT = timedelta(minutes=1)
"""The same of one that has ended lately, when events of it still come in."""
OLD = timedelta(minutes=10)
STALE = timedelta(minutes=15)
"""For how long after that they are told while they are computed anew."""
BY_THE_HOUR = timedelta(days=2)
_LESS_THAN_A_SECOND = timedelta(microseconds=999_999)
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

    usual: ClassVar[timedelta | None] = DEFAULT_PERIOD
    """How long the period is unless it is said; None: what else is asked for decides."""

    def period(self) -> tuple[datetime, datetime]:
        """Start and end, in whole seconds. An end left out is a moment ahead, so that what has just happened is inside; with so
        many days that an hour does not matter, the end of this hour, so that figures which are kept by the hour can answer.

        Raises InvalidInput if both `start` and `last` are given."""
        length = self._length()
        end = self.end or now() + timedelta(seconds=1)
        if self.end is None and self.start is None and length >= BY_THE_HOUR:
            end = end.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        end = (end + _LESS_THAN_A_SECOND).replace(microsecond=0)
        return (self.start or end - length).replace(microsecond=0), end

    def asked(self) -> str:
        """What is asked for, in one way of the several that it can be put: 7d is 1w, and 24h is what nothing said is."""
        asked = self.model_dump(mode="json")
        if self.last is not None or (self.start is None and self.end is None and self.usual is not None):
            asked["last"] = f"{(self._length()) // timedelta(hours=1)}h"
        return json.dumps(asked)

    def _length(self) -> timedelta:
        if self.last is None:
            return self.usual or DEFAULT_PERIOD
        if self.start is not None:
            raise InvalidInput("Say where the period starts by `start` or by `last`, not by both.")
        return int(self.last[:-1]) * _UNITS[self.last[-1]]

    def good_for(self, present: timedelta = PRESENT) -> timedelta:
        """For how long figures of the period may be told: `present` if it reaches into the present, longer if not."""
        ended = now() - self.end if self.end is not None else timedelta(0)
        if ended > SETTLED:
            return OLD
        return RECENT if ended > timedelta(hours=1) else present


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


class Compare(StrEnum):
    """What a period is compared with."""

    PREVIOUS = "previous"
    NONE = "none"


class Every(StrEnum):
    """How a period is cut into steps; `auto` takes what makes a readable curve."""

    AUTO = "auto"
    NONE = "none"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class FiguresQuery(FilterQuery):
    """Which figures, of what, compared with what."""

    kpi: Names = Field(default=[], description="Names of KPIs (see /v1/insights/kpis); those of the page unless given")
    compare: Compare = Field(
        default=Compare.PREVIOUS, description="With the period of equal length before, or not at all"
    )
    every: Every = Field(default=Every.AUTO, description="The steps of the curves")

    def view(self, users: list[str] | None, by: tuple[Dimension, ...] = ()) -> View:
        """The view that is asked for, of everybody's events (None) or those of these hashes; grouped as asked, else by `by`.

        Raises InvalidInput for a period that is none."""
        period = Period(*self.period())
        return View(
            period=period,
            compare=self.compare is Compare.PREVIOUS,
            every=self.step(period),
            by=tuple(dict.fromkeys(self.by)) or by,
            where=self.where,
            users=users,
        )

    def step(self, period: Period) -> Step | None:
        """The step asked for."""
        if self.every is Every.NONE:
            return None
        return usual_step(period) if self.every is Every.AUTO else Step(self.every.value)


def sees_everybody() -> bool:
    """Whether the caller is shown everybody's figures; all others, their own."""
    return principal().has(Role.ANALYST, Role.OPERATOR)


def whose() -> str:
    """What tells answers of one caller from another's: those who see everybody are all shown the same."""
    return "" if sees_everybody() else principal().uid


def users() -> list[str] | None:
    """The hashes that the caller's own events are found by; None for who sees everybody's. Raises Unavailable."""
    return None if sees_everybody() else list(hashes_of(principal().uid).values())
