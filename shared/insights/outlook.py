"""Outlook: when a KPI passes its threshold, if it goes on as since its last change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.forecasting import Direction as Way
from shared.forecasting import Findings, Unknown, crossing, trend_of
from shared.insights.kpi import Direction, Kpi, Unit

_FARTHEST = 3.0
"""Times as far ahead as the line goes back is looked; beyond, the line proves nothing."""
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Outlook:
    """`kpi` passes `threshold` at `at`, in four of five cases between `earliest` and `latest` (None: perhaps never). `asked` is
    the end of the last step that was seen, `since` the start of the first on the line that this is read from."""

    kpi: Kpi
    threshold: float
    asked: datetime
    since: datetime
    at: datetime
    earliest: datetime
    latest: datetime | None

    @property
    def sentence(self) -> str:
        """Such as "Queue wait passes 5 min in 9 days (6–14)."."""
        hours = self.at - self.asked < 2 * _DAY
        unit, word = (_HOUR, "hour") if hours else (_DAY, "day")
        middle, low = round((self.at - self.asked) / unit), round((self.earliest - self.asked) / unit)
        high = f"–{round((self.latest - self.asked) / unit)}" if self.latest else " or more, if ever"
        amount = told(self.kpi, self.threshold)
        return f"{self.kpi.title} passes {amount} in {middle} {word}{'s' * (middle != 1)} ({low}{high})."


def outlook_of(
    kpi: Kpi, threshold: float, findings: Findings, starts: Sequence[datetime], end: datetime
) -> Outlook | Unknown:
    """When the level of a series of steps that begin at `starts`, the last of which ends at `end`, passes the bad side of the
    threshold; or why that cannot be said."""
    step: timedelta = (end - starts[0]) / len(starts)
    since = findings.changes[-1].at if findings.changes else 0
    way = trend_of(findings.levels[since:]).direction
    bad = Way.FALLING if kpi.direction is Direction.UP else Way.RISING
    found = crossing(findings.levels, threshold, upward=bad is Way.RISING, since=since)
    if isinstance(found, Unknown):
        return found
    if way is not bad:
        return Unknown("That it moves towards the threshold may be chance.")
    farthest = _FARTHEST * (len(findings.levels) - since)
    if found.steps > farthest:
        return Unknown(f"Not within {round(farthest * step / _DAY)} days, which is as far as this can be told.")
    may_never = found.latest is None or found.latest > farthest
    at, earliest, latest = (
        max(end, starts[-1] + steps * step) for steps in (found.steps, found.earliest, min(found.latest or 0, farthest))
    )
    return Outlook(
        kpi=kpi,
        threshold=threshold,
        asked=end,
        since=starts[since],
        at=at,
        earliest=earliest,
        latest=None if may_never else latest,
    )


def told(kpi: Kpi, value: float) -> str:
    """A value of a KPI for people to read."""
    match kpi.unit:
        case Unit.RATIO:
            return f"{100 * value:.4g} %"
        case Unit.PERCENT:
            return f"{value:.4g} %"
        case Unit.USD:
            return f"${value:,.2f}"
        case Unit.MEGABYTES:
            return f"{value:,.0f} MB"
        case Unit.SECONDS if abs(value) >= 120:
            return f"{value / 60:.4g} min"
        case Unit.SECONDS:
            return f"{value:.4g} s"
        case _:
            return f"{value:,.6g}"
