"""Asked: what somebody asks a dashboard for, before it is known what time it is. Asked alike, it is answered alike."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from shared.core.clock import now
from shared.core.errors import InvalidInput
from shared.core.kept_answers import Key
from shared.insights.dashboard.view import View, usual_step
from shared.insights.kpi import Dimension
from shared.insights.period import Period, Step

DEFAULT_PERIOD = timedelta(days=1)
"""How far back an answer reaches unless it is said."""
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
_HOUR = timedelta(hours=1)


class Every(StrEnum):
    """How a period is cut into steps; `auto` takes what makes a readable curve."""

    AUTO = "auto"
    NONE = "none"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, kw_only=True)
class AskedPeriod:
    """The period [start, end): up to now unless `end` is given; `last` is how long it is, in place of `start`."""

    start: datetime | None = None
    end: datetime | None = None
    last: timedelta | None = None

    usual: ClassVar[timedelta | None] = DEFAULT_PERIOD
    """How long the period is unless it is said; None: what else is asked for decides."""

    def period(self) -> tuple[datetime, datetime]:
        """Start and end, in whole seconds. An end left out is a moment ahead, so that what has just happened is inside; with so
        many days that an hour does not matter, the end of this hour, so that figures which are kept by the hour can answer.

        Raises InvalidInput if both `start` and `last` are given."""
        if self.last is not None and self.start is not None:
            raise InvalidInput("Say where the period starts by `start` or by `last`, not by both.")
        length = self.last or self.usual or DEFAULT_PERIOD
        end = self.end or now() + timedelta(seconds=1)
        if self.end is None and self.start is None and length >= BY_THE_HOUR:
            end = end.replace(minute=0, second=0, microsecond=0) + _HOUR
        end = (end + _LESS_THAN_A_SECOND).replace(microsecond=0)
        return (self.start or end - length).replace(microsecond=0), end

    def key(self, whose: str, name: str) -> Key:
        """What the answer is kept under: one key for the several ways that the same can be put."""
        said = asdict(self)
        if self.last is None and self.start is None and self.end is None:
            said["last"] = self.usual
        return Key(whose, name, json.dumps(said, default=_written))

    def good_for(self, present: timedelta = PRESENT) -> timedelta:
        """For how long figures of the period may be told: `present` if it reaches into the present, longer if not."""
        ended = now() - self.end if self.end is not None else timedelta(0)
        if ended > SETTLED:
            return OLD
        return RECENT if ended > _HOUR else present


@dataclass(frozen=True, kw_only=True)
class AskedFigures(AskedPeriod):
    """Of which KPIs, none being those of the page; told apart by what, with which values only; cut and compared how."""

    kpis: tuple[str, ...] = ()
    by: tuple[Dimension, ...] = ()
    where: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    compare: bool = True
    every: Every = Every.AUTO

    def view(self, users: list[str] | None, by: tuple[Dimension, ...] = ()) -> View:
        """The view that is asked for, of everybody's events (None) or those of these hashes; grouped as asked, else by `by`.

        Raises InvalidInput for a period that is none."""
        period = Period(*self.period())
        return View(
            period=period,
            compare=self.compare,
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


@dataclass(frozen=True, kw_only=True)
class AskedTrends(AskedPeriod):
    """Which trends: of which KPIs, none being those of the summary; how many steps `ahead`, and when which `threshold` of the
    one KPI named is passed. Without a period, as far back as suits the step."""

    kpis: tuple[str, ...] = ()
    by: tuple[Dimension, ...] = ()
    where: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    every: Step = Step.DAY
    ahead: int | None = None
    threshold: float | None = None

    usual: ClassVar[timedelta | None] = None

    def span(self) -> Period:
        """The period, the last steps up to now unless it is given. Raises InvalidInput."""
        start, end = self.period()
        return Period(end - _BACK[self.every] if self.start is None and self.last is None else start, end)

    def thresholds(self) -> dict[str, float]:
        """By KPI. Raises InvalidInput for a threshold of nothing, or of several."""
        if self.threshold is None:
            return {}
        if len(self.kpis) != 1:
            raise InvalidInput("A threshold is one KPI's: name that KPI, and no other.", pointer="/threshold")
        return {self.kpis[0]: self.threshold}


_BACK = {
    Step.MINUTE: timedelta(hours=3),
    Step.HOUR: timedelta(days=14),
    Step.DAY: timedelta(days=90),
    Step.WEEK: timedelta(days=364),
    Step.MONTH: timedelta(days=366),
}
"""How far back a trend is looked for unless it is said."""


def _written(value: object) -> object:
    """A time as the moment that it is, in whatever zone it was said; a length in seconds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"{value!r} is nothing that is asked for")
