"""Charts inside a workbook: whoever opens it sees them drawn from the numbers on a sheet beside, and can change those."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from shared.exports.chart import Chart, Shape
from shared.exports.figures import Kind
from shared.exports.palette import INK, QUIET, SERIES, TARGET

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_ROWS_APART, _ROWS_HIGH = 2, 18
_DASHES = ("solid", "dash", "round_dot", "dash_dot", "long_dash", "long_dash_dot")
_MARKERS = ("circle", "square", "triangle", "diamond", "x", "star")
_AXES = {Kind.RATIO: "0.0%", Kind.POINTS: "0.0%", Kind.COUNT: "#,##0", Kind.USD: "[$$-409]#,##0.00"}


class ChartSheets:
    """Two sheets: the charts, one below another, and their numbers."""

    def __init__(self, book: "Workbook", charts: str, data: str) -> None:
        self._book, self._data_name = book, data
        self._charts = book.add_worksheet(charts)
        self._charts.hide_gridlines(2)
        self._data = book.add_worksheet(data)
        self._data.set_column(0, 0, 20)
        self._row = 0

    def write(self, charts: Iterable[Chart]) -> None:
        """Write them in this order."""
        for number, chart in enumerate(charts):
            picture = self._book.add_chart({"type": _type(chart)})
            self._plot(picture, chart)
            self._dress(picture, chart)
            self._charts.insert_chart(number * (_ROWS_HIGH + _ROWS_APART), 0, picture)

    def _plot(self, picture: Any, chart: Chart) -> None:
        """Write the chart's numbers as a small table and have the picture take its series from there."""
        columns = _columns(chart)
        top = self._row
        bold = self._book.add_format({"bold": True})
        when = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm" if _is_time(chart) else "yyyy-mm-dd"})
        self._data.write_string(top, 0, chart.title, bold)
        for place, (title, _values, _style) in enumerate(columns, start=1):
            self._data.write_string(top + 1, place, title, bold)
        for offset, x in enumerate(chart.x):
            row = top + 2 + offset
            if isinstance(x, date):
                self._data.write_datetime(row, 0, _naive(x, chart.zone), when)
            else:
                self._data.write_string(row, 0, str(x))
            for place, (_title, values, _style) in enumerate(columns, start=1):
                value = values[offset]
                if value is not None:
                    self._data.write_number(row, place, value)
        last = top + 1 + len(chart.x)
        for place, (_title, _values, style) in enumerate(columns, start=1):
            picture.add_series(
                {
                    "name": [self._data_name, top + 1, place],
                    "categories": [self._data_name, top + 2, 0, last, 0],
                    "values": [self._data_name, top + 2, place, last, place],
                    **style,
                }
            )
        self._row = last + 2

    def _dress(self, picture: Any, chart: Chart) -> None:
        axis: dict[str, Any] = {
            "num_format": _AXES.get(chart.kind, "#,##0.##"),
            "major_gridlines": {"visible": True, "line": {"color": "#e3e8ec"}},
        }
        if chart.axis_title:
            axis["name"] = chart.axis_title
        places: dict[str, Any] = {"name": chart.x_title} if chart.x_title else {}
        if chart.shape is Shape.RANKING:
            places["reverse"] = True
        if chart.over_time:
            places |= (
                {"date_axis": True, "num_format": "d mmm"} if not _is_time(chart) else {"num_format": "d mmm hh:mm"}
            )
        picture.set_title({"name": chart.title, "name_font": {"size": 12}})
        picture.set_x_axis(places)
        picture.set_y_axis(axis)
        picture.set_size({"width": 860, "height": _ROWS_HIGH * 20})
        picture.set_legend({"position": "bottom"} if len(_columns(chart)) > 1 else {"none": True})
        picture.show_blanks_as("gap")


def _type(chart: Chart) -> str:
    return {Shape.LINE: "line", Shape.BAR: "column", Shape.RANKING: "bar"}[chart.shape]


def _columns(chart: Chart) -> list[tuple[str, Sequence[float | None], dict[str, Any]]]:
    """Every line of numbers of the chart, with how it looks: series, the band's edges, the target."""
    columns: list[tuple[str, Sequence[float | None], dict[str, Any]]] = []
    for number, series in enumerate(chart.series):
        style = number % len(SERIES)
        colour = QUIET if series.secondary else SERIES[style]
        look: dict[str, Any] = (
            {
                "line": {"color": colour, "width": 2, "dash_type": _DASHES[style]},
                "marker": {"type": _MARKERS[style], "size": 5},
            }
            if chart.shape is Shape.LINE
            else {"fill": {"color": colour}}
        )
        columns.append((series.title, series.values, look))
    if chart.shape is not Shape.LINE:
        return columns
    if chart.band:
        edge = {"line": {"color": QUIET, "width": 1, "dash_type": "round_dot"}, "marker": {"type": "none"}}
        columns += [
            (f"{chart.band.title}, low", chart.band.low, edge),
            (f"{chart.band.title}, high", chart.band.high, edge),
        ]
    for note in chart.annotations:
        look = {"line": {"none": True}, "marker": {"type": "x", "size": 9, "border": {"color": INK}}}
        columns.append((note.text, [_top(chart) if x == note.x else None for x in chart.x], look))
    if chart.target is not None:
        look = {"line": {"color": TARGET, "width": 1.5, "dash_type": "long_dash"}, "marker": {"type": "none"}}
        columns.append(("target", [chart.target] * len(chart.x), look))
    return columns


def _top(chart: Chart) -> float:
    """Where notes are marked: at the highest value of all."""
    values = [value for series in chart.series for value in series.values if value is not None]
    return max(values, default=0.0)


def _is_time(chart: Chart) -> bool:
    """Whether its places are moments and not whole days."""
    from zoneinfo import ZoneInfo

    return any(isinstance(x, datetime) and x.astimezone(ZoneInfo(chart.zone)).time().hour for x in chart.x)


def _naive(x: date, zone: str) -> date:
    from zoneinfo import ZoneInfo

    return x.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if isinstance(x, datetime) and x.tzinfo else x
