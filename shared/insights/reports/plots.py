"""The charts of a report."""

from itertools import pairwise

from shared.exports import Beside, Block, Chart, Series, Shape
from shared.insights.kpi import Aggregate, Dimension, kpi
from shared.insights.reports.changes import Change
from shared.insights.reports.fired import marks
from shared.insights.reports.report import Report
from shared.insights.reports.sentence import difference_kind, kind_of
from shared.insights.reports.steps import step_of

_LINES = (
    "success_rate",
    "generation_time",
    "operations",
    "unique_users",
    "quality_score",
    "satisfaction",
    "revenue",
    "cost",
    "queue_wait_p95",
)
_MOST_BARS, _MOST_REASONS = 6, 2
_MOST_PAIRS = 14
"""Pairs of bars that are still wide enough to be seen."""


def over_time(report: Report, most: int = len(_LINES)) -> list[Block]:
    """KPIs step by step, with the period before and the target; the first as wide as the page, the others in pairs."""
    names = [name for name in _LINES if report.readings.now[name].samples][:most]
    if not names:
        return []
    series, before = report.readings.series(names), report.readings.series_before(names)
    charts = [_line(report, name, series[name], before[name]) for name in names]
    return [charts[0], *_paired(charts[1:])]


def reasons(report: Report) -> list[Block]:
    """Of the first changes: what the labels of the dimension that explains most add to it."""
    found = [chart for change in report.changes if (chart := _ranking(report, change)) is not None]
    return _paired(found[: 2 * _MOST_REASONS])


def _line(report: Report, name: str, values: list[float | None], before: list[float | None]) -> Chart:
    one, steps = kpi(name), report.readings.steps
    prior: list[float | None] = [*before, *[None] * len(steps)][: len(steps)]
    bars = one.aggregate is Aggregate.SUM and len(steps) <= _MOST_PAIRS
    every = step_of(report.edition)
    alerts = marks(report.readings.fired, name, steps)
    told = "".join(f"; {each.text}" for each in alerts)
    return Chart(
        title=one.title,
        kind=kind_of(one),
        x=[step.start for step in steps],
        series=(Series(f"this {_span(report)}", values), Series("before", prior, secondary=True)),
        shape=Shape.BAR if bars else Shape.LINE,
        target=one.target,
        annotations=alerts,
        zone=report.edition.zone.key,
        caption=f"{one.title}, one value a {every}, this period and the one before{told}",
    )


def _span(report: Report) -> str:
    words = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter"}
    return words.get(report.edition.kind, "period")


def _ranking(report: Report, change: Change) -> Chart | None:
    by = next((sentence_by for sentence_by in _told_by(change)), None)
    if by is None:
        return None
    made = report.readings.contributions(change.kpi.name, report.readings.labelled(by))[:_MOST_BARS]
    return Chart(
        title=f"{change.kpi.title}: change by {by.value}",
        kind=difference_kind(change.kpi),
        x=[part.label for part in made],
        series=(Series("contribution", [part.total for part in made]),),
        shape=Shape.RANKING,
        caption=f"What each {by.value} adds to the change of {change.kpi.title}",
    )


def _told_by(change: Change) -> list[Dimension]:
    """The dimensions that its sentences name, the first first."""
    named = [fact.dimension for sentence in change.why for fact in sentence.facts.values() if fact.dimension]
    return [Dimension(name) for name in dict.fromkeys(named)]


def _paired(charts: list[Chart]) -> list[Block]:
    blocks: list[Block] = [Beside(left, right) for left, right in list(pairwise(charts))[::2]]
    return blocks if len(charts) % 2 == 0 else [*blocks, charts[-1]]
