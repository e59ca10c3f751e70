"""Compared: the KPIs of a page as tables, a row for each of them and for each of its groups, with its change; and as charts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from shared.exports import Chart, Column, Kind, Row, Series, Shape, Table
from shared.insights.dashboard import KpiFigure, NotShown, Page
from shared.insights.exporting.figures import MOST_CHARTED, kind_of
from shared.insights.kpi import kpi

_TITLES = {
    Kind.RATIO: "Rates",
    Kind.SECONDS: "Times",
    Kind.COUNT: "Counts",
    Kind.USD: "Money",
    Kind.PERCENT: "Use",
    Kind.MEGABYTES: "Memory",
    Kind.NUMBER: "Scores",
}


def comparison(page: Page, title: str) -> Table:
    """A row for each KPI, and each set of labels, with its change: one table of plain numbers."""
    by = [each.value for each in page.by]
    columns = (
        Column("kpi", "KPI"),
        Column("unit", "Unit"),
        *(Column(each, each.capitalize()) for each in by),
        *_value_columns(Kind.NUMBER),
        Column("target", "Target", Kind.NUMBER),
    )
    rows = [
        [each.name, each.unit.value, *labels, *values, each.target]
        for each in page.kpis
        for labels, values in _lines(each, by)
    ]
    return Table(title, columns, rows, _left_out(page.left_out))


def comparisons(page: Page) -> list[Table]:
    """The same for people: a table for each kind of value, written as what it is."""
    by = [each.value for each in page.by]
    tables = []
    kinds = sorted(page.kpis, key=lambda each: list(_TITLES).index(kind_of(each.unit)))
    for kind, alike in groupby(kinds, key=lambda each: kind_of(each.unit)):
        columns = (
            Column("kpi", "KPI"),
            *(Column(each, each.capitalize()) for each in by),
            *_value_columns(kind),
            Column("target", "Target", kind),
        )
        rows = [[each.title, *labels, *values, each.target] for each in alike for labels, values in _lines(each, by)]
        tables.append(Table(_TITLES[kind], columns, rows))
    if tables:
        tables[-1] = replace(tables[-1], note=_left_out(page.left_out))
    return tables


def courses(page: Page) -> Iterator[Chart]:
    """How each KPI of the page went, and what it is made of: the labels with the most samples."""
    for each in page.kpis:
        kind = kind_of(each.unit)
        series = Series(each.title, [point.value for point in each.series])
        times = [point.at for point in each.series]
        yield Chart(each.title, kind, times, (series,), target=each.target, caption=kpi(each.name).description)
        if each.groups:
            groups = each.groups[:MOST_CHARTED]
            labels = [" · ".join(group.labels.values()) for group in groups]
            title = f"{each.title} by {' and '.join(page.by)}"
            values = Series(each.title, [group.value for group in groups])
            yield Chart(title, kind, labels, (values,), Shape.RANKING, caption=kpi(each.name).description)


def _value_columns(kind: Kind) -> list[Column]:
    return [
        Column("value", "Value", kind),
        Column("previous", "Before", kind),
        Column("relative", "Change", Kind.RATIO),
        Column("samples", "Of", Kind.COUNT),
    ]


def _lines(figure: KpiFigure, by: Sequence[str]) -> Iterator[tuple[list[str], Row]]:
    """The labels and values of the lines of a KPI: the whole, then what it is made of."""
    whole = [figure.value, figure.previous, figure.relative, figure.samples]
    yield ["" for _ in by], whole
    for group in figure.groups:
        values = [group.value, group.previous, group.relative, group.samples]
        yield [group.labels[name] for name in by], values


def _left_out(left_out: Sequence[NotShown]) -> str | None:
    return f"Left out: {' '.join(each.reason for each in left_out)}" if left_out else None
