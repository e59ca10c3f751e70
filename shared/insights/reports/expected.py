"""What is to be expected: forecasts of the headline's main figures with their intervals, and thresholds that will be passed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.exports import Band, Beside, Block, Bullets, Chart, Series
from shared.insights.kpi import kpi
from shared.insights.measurement import Measurement
from shared.insights.measuring import measure
from shared.insights.outlook import Outlook
from shared.insights.period import Period, Step
from shared.insights.reports.report import Report
from shared.insights.reports.sentence import kind_of
from shared.insights.trends import Foreseen, KpiTrend, trend_in

LOOK_BACK = timedelta(days=56)
AHEAD = 14
"""Days."""
_LEAST = timedelta(days=6)
"""Of shorter periods no forecast is told: what comes is further away than what was."""
_DRAWN = ("operations", "success_rate")
_THRESHOLDS = {"queue_wait_p95": 300.0}
"""Seconds. KPIs with a target have that one."""
_WATCHED = (*_DRAWN, "generation_time", "quality_score", "queue_wait_p95")


def expected(report: Report) -> list[Block]:
    """The charts, and a sentence for each threshold that a KPI will pass, with the days that it is read from; nothing where too
    little is known. Days are those of UTC. Raises Unavailable."""
    period = report.edition.period
    if period.length < _LEAST:
        return []
    found = _trends(Step.DAY.floor(period.end))
    charts = [chart for name in _DRAWN if name in found and (chart := _chart(found[name])) is not None]
    blocks: list[Block] = [Beside(charts[0], charts[1])] if len(charts) == len(_DRAWN) else list(charts)
    passed = tuple(passes(list(found.values())))
    return [*blocks, Bullets(passed)] if passed else blocks


def _trends(end: datetime) -> dict[str, KpiTrend]:
    """By KPI, from the first day on that something was measured: what was before there was anything is no trend."""
    days: dict[str, list[Measurement]] = {name: [] for name in _WATCHED}
    for measured in measure(_WATCHED, Period(end - LOOK_BACK, end), every=Step.DAY):
        if measured.samples or days[measured.kpi]:
            days[measured.kpi].append(measured)
    return {
        name: trend_in(kpi(name), known, Step.DAY, ahead=AHEAD, threshold=_THRESHOLDS.get(name))
        for name, known in days.items()
        if known
    }


def passes(found: list[KpiTrend]) -> Iterator[tuple[str, str]]:
    """A sentence for each trend that will pass its threshold, with its KPI and the days that it is read from."""
    for trend in found:
        if isinstance(trend.outlook, Outlook):
            since, asked = trend.outlook.since, trend.outlook.asked
            yield (
                trend.outlook.sentence,
                f"[{trend.kpi.name}, days of UTC from {since:%Y-%m-%d} up to {asked:%Y-%m-%d}]",
            )


def _chart(trend: KpiTrend) -> Chart | None:
    if not isinstance(trend.foreseen, Foreseen):
        return None
    known = [(read.at, read.value) for read in trend.measurements if read.at is not None]
    coming = trend.foreseen.steps
    x: list[datetime] = [*(at for at, _ in known), *(step.at for step in coming)]
    before, after = [None] * len(known), [None] * len(coming)
    share = round(trend.foreseen.level * 10)
    return Chart(
        title=f"{trend.kpi.title}, days to come",
        kind=kind_of(trend.kpi),
        x=x,
        series=(
            Series("measured", [*(value for _, value in known), *after]),
            Series("forecast", [*before, *(step.value for step in coming)], secondary=True),
        ),
        band=Band(
            f"{share} of 10", [*before, *(step.low for step in coming)], [*before, *(step.high for step in coming)]
        ),
        target=trend.kpi.target,
        caption=f"{trend.kpi.title} a day, and the interval that {share} of 10 days to come are forecast to lie in",
    )
