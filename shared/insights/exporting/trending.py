"""Trends as a table: every series as it was and as it is expected to go on, with what was out of the ordinary."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.exports import Annotation, Band, Chart, Column, Kind, Row, Series, Table
from shared.forecasting import Unknown
from shared.insights.dashboard import View
from shared.insights.exporting.figures import kind_of
from shared.insights.exporting.request import ExportRequest
from shared.insights.period import Step
from shared.insights.trends import Expected, KpiTrend, trends

MOST_CHARTS = 24


def trends_of(request: ExportRequest, view: View) -> list[KpiTrend]:
    """The trends that are asked for, day by day unless it is said otherwise. Raises InvalidInput, Unavailable."""
    every = request.every or Step.DAY
    return trends(request.names, view.period, every=every, by=view.by, where=view.where, users=view.users)


def trends_table(found: Sequence[KpiTrend], view: View, title: str) -> Table:
    """A row for each step of each series, measured or expected."""
    columns = (
        Column("kpi", "KPI"),
        Column("unit", "Unit"),
        *(Column(each.value, each.value.capitalize()) for each in view.by),
        Column("at", "Time", Kind.TIME),
        Column("value", "Value", Kind.NUMBER),
        Column("low", "Low", Kind.NUMBER),
        Column("high", "High", Kind.NUMBER),
        Column("what", "What"),
    )
    reasons = [f"{_title(each)}: {each.foreseen.reason}" for each in found if isinstance(each.foreseen, Unknown)]
    return Table(title, columns, [row for each in found for row in _rows(each)], " ".join(reasons) or None)


def trend_charts(found: Sequence[KpiTrend]) -> Iterator[Chart]:
    """A chart for each series, the first of them, with the interval of its forecast."""
    for each in found[:MOST_CHARTS]:
        measured = [(one.at, one.value) for one in each.measurements if one.at is not None]
        ahead = _expected(each)
        before, after = [None] * len(measured), [None] * len(ahead)
        yield Chart(
            _title(each),
            kind_of(each.kpi.unit),
            [*(at for at, _ in measured), *(step.at for step in ahead)],
            (
                Series("measured", [*(value for _, value in measured), *after]),
                Series("expected", [*before, *(step.value for step in ahead)], secondary=True),
            ),
            target=each.kpi.target,
            band=_band([*before, *(step.low for step in ahead)], [*before, *(step.high for step in ahead)])
            if ahead
            else None,
            annotations=tuple(Annotation(odd.at, "out of the ordinary") for odd in each.anomalies),
            caption=each.kpi.description,
        )


def _band(low: Sequence[float | None], high: Sequence[float | None]) -> Band:
    return Band("in four of five cases", low, high)


def _expected(of: KpiTrend) -> tuple[Expected, ...]:
    return () if isinstance(of.foreseen, Unknown) else of.foreseen.steps


def _rows(of: KpiTrend) -> Iterator[Row]:
    head = [of.kpi.name, of.kpi.unit.value, *(value for _, value in of.labels)]
    odd: set[datetime] = {each.at for each in of.anomalies}
    turns = {each.at for each in of.changes}
    for each in of.measurements:
        if each.at is not None:
            what = "anomaly" if each.at in odd else "change of level" if each.at in turns else "measured"
            yield [*head, each.at, each.value, None, None, what]
    for step in _expected(of):
        yield [*head, step.at, step.value, step.low, step.high, "expected"]


def _title(of: KpiTrend) -> str:
    return " · ".join([of.kpi.title, *(value for _, value in of.labels)])
