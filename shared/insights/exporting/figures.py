"""Figures step by step: the KPIs of a view as a table with a row for each step and a column for each KPI, and their curves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from shared.core.errors import InvalidInput
from shared.exports import Cell, Chart, Column, Kind, Row, Series, Table
from shared.insights.dashboard import View
from shared.insights.kpi import Kpi, Unit, kpi
from shared.insights.measurement import Labels
from shared.insights.measuring import Attending, begin_crowd, measure
from shared.insights.period import Period

MOST_CHARTED = 12
"""Curves in one chart: more cannot be told apart."""
_CELLS_AT_A_TIME = 20_000
"""Measurements of a slice of time: what an export of any length holds in memory."""
_KINDS = {
    Unit.RATIO: Kind.RATIO,
    Unit.SECONDS: Kind.SECONDS,
    Unit.COUNT: Kind.COUNT,
    Unit.USD: Kind.USD,
    Unit.PERCENT: Kind.PERCENT,
    Unit.MEGABYTES: Kind.MEGABYTES,
}
Cells = dict[tuple[Cell, tuple[Cell, ...]], Row]
"""The values of a row by its time and labels."""


def kind_of(unit: Unit) -> Kind:
    """How values of this unit are written."""
    return _KINDS.get(unit, Kind.NUMBER)


@dataclass(frozen=True)
class Curves:
    """KPIs step by step: a row for each step and set of labels, a column for each KPI. Of whom there are enough in the whole
    `crowd` of the period, every part of it tells."""

    kpis: tuple[Kpi, ...]
    view: View
    crowd: Attending
    labels: tuple[Labels, ...]

    @classmethod
    def of(cls, names: Sequence[str], view: View) -> "Curves":
        """Those of the KPIs that can be told as the view wants it. Raises InvalidInput if none can, Unavailable."""
        kpis = tuple(each for name in dict.fromkeys(names) if _can_be_told(each := kpi(name), view))
        if not kpis:
            raise InvalidInput("None of these KPIs can be grouped and filtered like this.", pointer="/by")
        crowd = begin_crowd(view.period, view.by, view.where, view.users)
        if not view.by:
            return cls(kpis, view, crowd, ((),))
        names = [each.name for each in kpis]
        found = measure(names, view.period, by=view.by, where=view.where, users=view.users, crowd=crowd)
        return cls(kpis, view, crowd, tuple(sorted({each.labels for each in found})))

    @property
    def rows(self) -> int:
        """How many there are at most: what has no row in a part of the time has none in the table."""
        return len(self.labels) * sum(1 for _ in _steps(self.view))

    def table(self, title: str) -> Table:
        """The table, whose rows are read slice by slice of time."""
        labels = [Column(each.value, each.value.capitalize()) for each in self.view.by]
        values = [Column(each.name, each.title, kind_of(each.unit)) for each in self.kpis]
        hiding = self.view.users is None and bool(self.view.by)
        note = "Labels that fewer than five people share are left out." if hiding else None
        return Table(title, (Column("at", "Time", Kind.TIME), *labels, *values), self._read(), note)

    def charts(self, rows: Sequence[Row]) -> Iterator[Chart]:
        """A chart for each KPI, of the rows of the table; the first labels if there are too many to be told apart."""
        width = len(self.view.by)
        times = sorted({row[0] for row in rows if isinstance(row[0], datetime)})
        cells: Cells = {(row[0], tuple(row[1 : width + 1])): row[width + 1 :] for row in rows}
        shown = list(dict.fromkeys(labels for _, labels in cells))[:MOST_CHARTED]
        for place, each in enumerate(self.kpis):
            series = tuple(
                Series(" · ".join(map(str, labels)) or each.title, [_number(cells, at, labels, place) for at in times])
                for labels in shown
            )
            yield Chart(each.title, kind_of(each.unit), times, series, target=each.target, caption=each.description)

    def _read(self) -> Iterator[Row]:
        names, view = [each.name for each in self.kpis], self.view
        for period in _slices(view, len(names) * max(1, len(self.labels))):
            found = measure(
                names, period, by=view.by, every=view.every, where=view.where, users=view.users, crowd=self.crowd
            )
            cells = {(each.at, each.labels, each.kpi): each.value for each in found}
            for at, labels in sorted({(each.at, each.labels) for each in found if each.at is not None}):
                yield [at, *(value for _, value in labels), *(cells.get((at, labels, name)) for name in names)]


def _can_be_told(each: Kpi, view: View) -> bool:
    return {*view.by, *view.where} <= set(each.dimensions) and (view.users is None or each.personal)


def _steps(view: View) -> Iterator[datetime]:
    """The starts of the steps of the period; the first may lie before its own."""
    if view.every is None:
        raise ValueError("the view has no steps")
    at = view.every.floor(view.period.start)
    while at < view.period.end:
        yield at
        at = view.every.after(at)


def _slices(view: View, width: int) -> Iterator[Period]:
    """The period in parts of whole steps, so that each holds no more measurements than fit."""
    steps, start = _steps(view), view.period.start
    next(steps, None)
    size = max(1, min(_CELLS_AT_A_TIME // width, 5_000))
    while True:
        edge = list(islice(steps, size))
        if len(edge) < size:
            yield Period(start, view.period.end)
            return
        yield Period(start, edge[-1])
        start = edge[-1]


def _number(cells: Cells, at: datetime, labels: tuple[Cell, ...], place: int) -> float | None:
    value = cells[at, labels][place] if (at, labels) in cells else None
    return value if isinstance(value, int | float) else None
