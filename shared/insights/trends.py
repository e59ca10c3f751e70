"""Trends: where KPIs go, what is to be expected next, and when something was out of the ordinary.

Each KPI, under each set of labels, is a series of whole steps. Steps in which nothing was measured are missing, not 0; a value of
fewer samples than usual may lie farther off before it is an anomaly."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, groupby

from shared.core.errors import InvalidInput
from shared.forecasting import (
    Asked,
    Findings,
    Forecast,
    Method,
    Sampling,
    Trend,
    Unknown,
    Watched,
    examine_all,
    forecasts,
    trend_of,
)
from shared.forecasting import Direction as Way
from shared.insights.kpi import Dimension, Direction, Kpi, Unit, kpi
from shared.insights.measurement import Labels, Measurement
from shared.insights.measuring import measure
from shared.insights.outlook import Outlook, outlook_of
from shared.insights.period import Period, Step

LEVEL = 0.8
MOST_AHEAD = 366
"""Steps."""
_PERIODS = {Step.HOUR: (24, 168), Step.DAY: (7,), Step.MONTH: (12,)}
_AHEAD = {Step.MINUTE: 60, Step.HOUR: 48, Step.DAY: 14, Step.WEEK: 8, Step.MONTH: 6}
_SAMPLING = {Unit.RATIO: Sampling.RATE, Unit.COUNT: Sampling.COUNT}


@dataclass(frozen=True)
class Expected:
    """What is to be expected of the step that starts at `at`."""

    at: datetime
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Foreseen:
    """The steps to come, a share `level` of which lie in their intervals; how they were found, and how well that did so far:
    `mase` below 1 is better than "as a season ago"."""

    steps: tuple[Expected, ...]
    level: float
    method: Method
    season: int
    mase: float | None


@dataclass(frozen=True)
class Oddity:
    """An anomaly: the step that starts at `at`, what it was, what was to be expected, and how many standard deviations apart."""

    at: datetime
    value: float
    expected: float
    deviations: float


@dataclass(frozen=True)
class Turn:
    """From the step that starts at `at` on, the level is another."""

    at: datetime
    before: float
    after: float


@dataclass(frozen=True)
class KpiTrend:
    """A KPI under some labels over whole steps. `trend` is a step; `improving` is None where it is steady or unknown.

    `foreseen` and `outlook` may be Unknown, with the reason; `outlook` is None where there is no threshold."""

    kpi: Kpi
    labels: Labels
    every: Step
    measurements: tuple[Measurement, ...]
    trend: Trend
    foreseen: Foreseen | Unknown
    anomalies: tuple[Oddity, ...]
    changes: tuple[Turn, ...]
    outlook: Outlook | Unknown | None

    @property
    def improving(self) -> bool | None:
        """Whether it goes the way that is better."""
        if self.trend.direction not in (Way.RISING, Way.FALLING):
            return None
        return (self.trend.direction is Way.RISING) == (self.kpi.direction is Direction.UP)


def trends(
    names: Collection[str],
    period: Period,
    *,
    every: Step = Step.DAY,
    by: Collection[Dimension] = (),
    where: Mapping[Dimension, Collection[str]] | None = None,
    users: Collection[str] | None = None,
    ahead: int | None = None,
    thresholds: Mapping[str, float] | None = None,
    most_series: int | None = None,
) -> list[KpiTrend]:
    """The trends of KPIs over the whole steps of a period, in the order of `measure`, whose arguments these are.

    `ahead`: steps to look ahead, at most 366. `thresholds`: by KPI, what its outlook is about; its target, unless given.
    Nothing is computed of more than `most_series`. Raises InvalidInput, Unavailable."""
    ahead = ahead or _AHEAD[every]
    if not 1 <= ahead <= MOST_AHEAD:
        raise InvalidInput(f"A forecast looks 1 to {MOST_AHEAD} steps ahead.")
    for name, threshold in (thresholds or {}).items():
        _check_threshold(kpi(name), threshold)
    whole = _whole_steps(period, every)
    found = measure(names, whole, by=by, every=every, where=where, users=users)
    of_series = [list(series) for _, series in groupby(found, key=lambda each: (each.kpi, each.labels))]
    if most_series is not None and len(of_series) > most_series:
        raise InvalidInput(
            f"These are {len(of_series)} series; {most_series} are looked at. Name fewer KPIs, or filter."
        )
    kpis = [kpi(series[0].kpi) for series in of_series]
    foreseen = forecasts(
        [_asked(one, series) for one, series in zip(kpis, of_series, strict=True)],
        ahead,
        periods=_PERIODS.get(every, ()),
        level=LEVEL,
    )
    watched = [_watched(one, series) for one, series in zip(kpis, of_series, strict=True)]
    seen = examine_all(watched, periods=_PERIODS.get(every, ()))
    return [
        _trend(one, series, every, told, findings, (thresholds or {}).get(one.name))
        for one, series, told, findings in zip(kpis, of_series, foreseen, seen, strict=True)
    ]


def trend_in(
    of: Kpi, measurements: Sequence[Measurement], every: Step, *, ahead: int, threshold: float | None = None
) -> KpiTrend:
    """The trend in measurements, at least one, of one KPI under one set of labels in steps that follow one another."""
    [told] = forecasts([_asked(of, measurements)], ahead, periods=_PERIODS.get(every, ()), level=LEVEL)
    [findings] = examine_all([_watched(of, measurements)], periods=_PERIODS.get(every, ()))
    return _trend(of, measurements, every, told, findings, threshold)


def _check_threshold(of: Kpi, threshold: float) -> None:
    """Raise InvalidInput for what the KPI can never be, though a line through it may well go there."""
    least, most = of.range
    if (least is None or least <= threshold) and (most is None or threshold <= most):
        return
    bounds = " to ".join(f"{bound:g}" for bound in of.range if bound is not None)
    more = " or more" if most is None else ""
    raise InvalidInput(f"{of.title} is {bounds}{more}: it never passes {threshold:g}.", pointer="/threshold")


def _asked(of: Kpi, measurements: Sequence[Measurement]) -> Asked:
    whole = of.unit is Unit.COUNT and not _is_mean(measurements)
    return Asked([measurement.value for measurement in measurements], *of.range, whole)


def _watched(of: Kpi, measurements: Sequence[Measurement]) -> Watched:
    weights = [float(each.samples) for each in measurements] if _is_mean(measurements) else None
    return Watched([measurement.value for measurement in measurements], weights, _SAMPLING.get(of.unit))


def _trend(
    of: Kpi,
    measurements: Sequence[Measurement],
    every: Step,
    told: Forecast | Unknown,
    findings: Findings | Unknown,
    threshold: float | None,
) -> KpiTrend:
    starts = [measurement.at for measurement in measurements if measurement.at is not None]
    end = every.after(starts[-1])
    if isinstance(findings, Findings):
        seen = findings
    else:
        seen = Findings((), (), tuple(measurement.value for measurement in measurements), ())
    return KpiTrend(
        kpi=of,
        labels=measurements[0].labels,
        every=every,
        measurements=tuple(measurements),
        trend=trend_of(seen.levels),
        foreseen=_foreseen(told, end, every) if isinstance(told, Forecast) else told,
        anomalies=tuple(Oddity(starts[odd.at], odd.value, odd.expected, odd.deviations) for odd in seen.anomalies),
        changes=tuple(Turn(starts[turn.at], turn.before, turn.after) for turn in seen.changes),
        outlook=_outlook(of, of.target if threshold is None else threshold, findings, starts, end),
    )


def _outlook(
    of: Kpi, threshold: float | None, findings: Findings | Unknown, starts: Sequence[datetime], end: datetime
) -> Outlook | Unknown | None:
    if threshold is None:
        return None
    if isinstance(findings, Unknown):
        return findings
    return outlook_of(of, threshold, findings, starts, end)


def _foreseen(told: Forecast, end: datetime, every: Step) -> Foreseen:
    starts = accumulate(range(len(told.points) - 1), lambda at, _: every.after(at), initial=end)
    steps = [Expected(at, each.value, each.low, each.high) for at, each in zip(starts, told.points, strict=True)]
    return Foreseen(tuple(steps), told.level, told.method, told.period, told.mase)


def _is_mean(measurements: Sequence[Measurement]) -> bool:
    """Whether the values are the surer the more samples there are: rates, means and percentiles, not counts."""
    return any(each.denominator is not None or each.numerator is None for each in measurements if each.samples)


def _whole_steps(period: Period, every: Step) -> Period:
    """What of a period is whole steps. Raises InvalidInput if there is none."""
    start, end = every.floor(period.start), every.floor(period.end)
    start = start if start == period.start else every.after(start)
    if start >= end:
        raise InvalidInput(f"The period holds no whole {every}. Ask for a longer one, or for shorter steps.")
    return Period(start, end)
