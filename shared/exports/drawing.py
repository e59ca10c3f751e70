"""Charts as PNG pictures, drawn by matplotlib without a screen.

Series differ by marker and dash as well as by colour; the target is a labelled line; a forecast's interval is a hatched band.
"""

import io
import itertools
import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from shared.exports.chart import Chart, Series, Shape
from shared.exports.figures import Kind, signed, written
from shared.exports.fonts import font_files
from shared.exports.palette import (
    ACCENT,
    DASHES,
    FAINT,
    HATCHES,
    INK,
    MARKERS,
    QUIET,
    SERIES,
    TARGET,
)
from shared.typography import DEFAULT, Face, Typeface, han_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 160
_ONE_AT_A_TIME = threading.RLock()
"""matplotlib shares its fonts between threads without a lock of its own."""
_NARROW = 4.5
"""Inches: in less, the title has a line to itself."""
_ROWS_OF_NOTES, _ROW_OF_NOTES = 3, 9
"""Rows that the texts of notes stand in, so that none covers another; points of a row."""
_NOTE_SIZE, _BESIDE, _LONGEST_NOTE = 7, 3, 0.5
"""Points of a note's letters, and between its line and its text; the part of the width that it may take:
there is as much on one side of each place."""
_AROUND, _LABEL = 45, 10
"""Points of what is above and below the axes, and of what a target's label needs above the highest value."""
_MARKED = 40
"""Lines of more points than this carry their marker only at some of them."""


def draw_png(chart: Chart, width: float = 6.6, height: float = 2.9, dpi: int = DPI) -> bytes:
    """The chart as a PNG of `width` by `height` inches."""
    with _ONE_AT_A_TIME, _lettered(_words(chart)):
        figure = _figure(width, height)
        axes = figure.add_subplot()
        if chart.shape is Shape.RANKING:
            _draw_ranking(axes, chart)
        else:
            _draw_upright(axes, chart)
        if width < _NARROW:
            figure.suptitle(chart.title, x=0.01, ha="left", color=INK, fontsize=9.5, fontweight="bold")
        else:
            axes.set_title(chart.title, loc="left", color=INK, fontsize=10.5, fontweight="bold", pad=8)
        return _png(figure, dpi)


def draw_sparkline(values: Sequence[float | None], width: float = 1.4, height: float = 0.34, dpi: int = DPI) -> bytes:
    """The way of a figure as a line without axes, its last point marked."""
    with _ONE_AT_A_TIME, _lettered(""):
        figure = _figure(width, height, layout=None)
        axes = figure.add_axes((0.02, 0.08, 0.94, 0.84))
        axes.axis("off")
        axes.plot(range(len(values)), _gaps(values), color=ACCENT, linewidth=1.3, solid_capstyle="round")
        last = next((place for place in reversed(range(len(values))) if values[place] is not None), None)
        if last is not None:
            axes.plot([last], _gaps([values[last]]), marker="o", markersize=3, color=INK, clip_on=False)
        return _png(figure, dpi)


def _figure(width: float, height: float, layout: Literal["constrained"] | None = "constrained") -> "Figure":
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout=layout)
    FigureCanvasAgg(figure)
    return figure


def _png(figure: "Figure", dpi: int) -> bytes:
    held = io.BytesIO()
    figure.savefig(held, format="png", dpi=dpi, facecolor="white", metadata={"Software": None})
    return held.getvalue()


def _draw_upright(axes: "Axes", chart: Chart) -> None:
    _prepare(axes)
    places: Sequence[Any] = chart.x if chart.over_time else range(len(chart.x))
    draw = _draw_bars if chart.shape is Shape.BAR else _draw_lines
    draw(axes, chart, places)
    if chart.band:
        low, high = _gaps(chart.band.low), _gaps(chart.band.high)
        axes.fill_between(
            places,
            low,
            high,
            facecolor="#dfe7ed",
            edgecolor="#9fb2c1",
            hatch="////",
            linewidth=0,
            label=chart.band.title,
            zorder=1,
        )
    _draw_target(axes, chart)
    _annotate(axes, chart, places)
    _scale_values(axes.yaxis, chart)
    _name_places(axes, chart)
    if sum(series.shows_something for series in chart.series) + bool(chart.band) > 1:
        legend = axes.legend(
            loc="lower right", bbox_to_anchor=(1, 1), ncols=4, frameon=False, fontsize=7.5, handlelength=3.2
        )
        for text in legend.get_texts():
            text.set_color(INK)


def _draw_lines(axes: "Axes", chart: Chart, places: Sequence[Any]) -> None:
    for number, series in enumerate(chart.series):
        style = number % len(SERIES)
        axes.plot(
            places,
            _gaps(series.values),
            label=_named(series),
            color=QUIET if series.secondary else SERIES[style],
            linestyle=(0, (3, 2)) if series.secondary else DASHES[style],
            linewidth=1.1 if series.secondary else 1.9,
            marker=None if series.secondary else MARKERS[style],
            markersize=3.6,
            markevery=max(1, len(places) // _MARKED + (len(places) > _MARKED)),
            zorder=2 if series.secondary else 3,
        )


def _draw_bars(axes: "Axes", chart: Chart, places: Sequence[Any]) -> None:
    count = len(chart.series)
    numbers = [_day_number(place) for place in places]
    gap = min((after - before for before, after in itertools.pairwise(numbers)), default=1.0)
    width = gap * 0.76 / count
    for number, series in enumerate(chart.series):
        style = number % len(SERIES)
        axes.bar(
            [place + (number - (count - 1) / 2) * width for place in numbers],
            _gaps(series.values),
            width,
            label=_named(series),
            facecolor=FAINT if series.secondary else SERIES[style],
            hatch=HATCHES[style],
            edgecolor="white",
            linewidth=0.4,
            zorder=3,
        )
    if chart.over_time:
        axes.xaxis_date()


def _named(series: Series) -> str:
    """What the legend calls a series; nothing, if there is nothing of it to be seen."""
    return series.title if series.shows_something else "_nolegend_"


def _day_number(place: Any) -> float:
    if isinstance(place, date):
        from matplotlib.dates import date2num

        return float(date2num(place))  # type: ignore[no-untyped-call]
    return float(place)


def _draw_ranking(axes: "Axes", chart: Chart) -> None:
    """Lying bars, each with its value; what lies below zero goes left."""
    values = [0.0 if value is None else float(value) for value in chart.series[0].values]
    places = range(len(values))
    styles = [(ACCENT, "") if value >= 0 else (SERIES[1], "///") for value in values]
    bars = axes.barh(
        places, values, height=0.66, color=[colour for colour, _ in styles], edgecolor="white", linewidth=0.4
    )
    for bar, (_, hatch) in zip(bars, styles, strict=True):
        bar.set_hatch(hatch)
    tell = signed if min(values, default=0) < 0 else written
    axes.bar_label(
        bars, [tell(value, chart.kind) for value in chart.series[0].values], padding=4, fontsize=8, color=INK
    )
    axes.set_yticks(places, [str(name) for name in chart.x], fontsize=8, color=INK)
    axes.invert_yaxis()
    axes.margins(x=0.3 if min(values, default=0) < 0 else 0.18)
    axes.axvline(0, color=QUIET, linewidth=0.8)
    axes.xaxis.set_visible(False)
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _draw_target(axes: "Axes", chart: Chart) -> None:
    if chart.target is None:
        return
    axes.axhline(chart.target, color=TARGET, linestyle=(0, (7, 3)), linewidth=1.3, zorder=4)
    axes.annotate(
        f"target {written(chart.target, chart.kind)}",
        (1, chart.target),
        xycoords=("axes fraction", "data"),
        xytext=(-2, 2.5),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=7.5,
        color=TARGET,
        fontweight="bold",
        zorder=6,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6},
    )


def _annotate(axes: "Axes", chart: Chart, places: Sequence[Any]) -> None:
    """A line for each note, and its text where that covers no other's."""
    rows: list[list[tuple[float, float]]] = [[] for _ in range(_ROWS_OF_NOTES)]
    for note in chart.annotations:
        place: Any = note.x if chart.over_time else places[list(chart.x).index(note.x)]
        axes.axvline(place, color=INK, linestyle=(0, (1, 2)), linewidth=1, zorder=2)
        text, spot = _spot(axes, place, note.text, rows)
        if spot is None:
            continue
        row, right = spot
        axes.annotate(
            text,
            (place, 1),
            xycoords=("data", "axes fraction"),
            xytext=(-_BESIDE if right else _BESIDE, -3 - _ROW_OF_NOTES * row),
            textcoords="offset points",
            fontsize=_NOTE_SIZE,
            color=INK,
            ha="right" if right else "left",
            va="top",
            zorder=6,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6},
        )


def _spot(
    axes: "Axes", place: Any, text: str, rows: Sequence[list[tuple[float, float]]]
) -> tuple[str, tuple[int, bool] | None]:
    """A note's text, cut if it is very long, and where it goes: in which of the rows, whose parts that are taken are kept, and
    whether it ends at its line in place of beginning there. None: nowhere is room for it."""
    across = _picture(axes).get_figwidth() * 72 - _AROUND
    at = float(axes.transLimits.transform((axes.convert_xunits(place), 0))[0]) * across  # type: ignore[no-untyped-call]
    width = _width(axes, text)
    if width > _LONGEST_NOTE * across:
        text = f"{text[: int(len(text) * _LONGEST_NOTE * across / width) - 1]}…"
        width = _width(axes, text)
    sides = (False, True) if at < across / 2 else (True, False)
    for number, taken in enumerate(rows):
        for right in sides:
            start = at - _BESIDE - width if right else at + _BESIDE
            fits = start >= -_BESIDE and start + width <= across + _BESIDE
            if fits and all(start + width < low or start > high for low, high in taken):
                taken.append((start - _BESIDE, start + width + _BESIDE))
                return text, (number, right)
    return text, None


def _width(axes: "Axes", text: str) -> float:
    """Points of a note's text."""
    from matplotlib.font_manager import FontProperties

    figure, letters = _picture(axes), FontProperties(size=_NOTE_SIZE)
    canvas: Any = figure.canvas
    pixels, _, _ = canvas.get_renderer().get_text_width_height_descent(text, letters, ismath=False)
    return float(pixels) * 72 / figure.dpi


def _picture(axes: "Axes") -> "Figure":
    """The whole picture that the axes are in."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


def _prepare(axes: "Axes") -> None:
    axes.grid(axis="y", color="#e3e8ec", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.tick_params(colors=QUIET, labelsize=8, length=0)


def _scale_values(axis: Any, chart: Chart) -> None:
    """Ticks in the unit of the axis: percents of ratios; counts start at zero."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    factor = 100 if chart.kind in (Kind.RATIO, Kind.POINTS) else 1
    axis.set_major_locator(MaxNLocator(nbins=5, integer=chart.kind is Kind.COUNT))
    axis.set_major_formatter(FuncFormatter(lambda value, _place: f"{round(value * factor, 6):,g}"))
    if chart.axis_title:
        axis.set_label_text(chart.axis_title, color=QUIET, fontsize=8)
    axis.axes.margins(y=0.12)
    if chart.annotations:
        low, high = axis.axes.get_ylim()
        share = _height_of_notes(chart) / (axis.axes.figure.get_figheight() * 72 - _AROUND)
        axis.axes.set_ylim(top=high + share / (1 - share) * (high - low))
    if chart.kind in (Kind.COUNT, Kind.USD) or chart.shape is Shape.BAR:
        lowest = min((value for series in chart.series for value in series.values if value is not None), default=0)
        axis.axes.set_ylim(bottom=min(0, lowest))


def _height_of_notes(chart: Chart) -> float:
    """Points above the lines that notes need to cover neither them nor the target's label."""
    rows = min(len(chart.annotations), _ROWS_OF_NOTES)
    return 4 + rows * _ROW_OF_NOTES + (_LABEL if chart.target is not None else 0)


def _name_places(axes: "Axes", chart: Chart) -> None:
    if not chart.over_time:
        axes.set_xticks(range(len(chart.x)), [str(name) for name in chart.x])
    else:
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

        locator = AutoDateLocator(tz=chart.zone, minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
        formats = ["%Y", "%b %Y", "%-d %b", "%H:%M", "%H:%M", "%H:%M:%S"]
        zero_formats = ["", "%b %Y", "%-d %b", "%-d %b", "%H:%M", "%H:%M"]
        formatter = ConciseDateFormatter(  # type: ignore[no-untyped-call]
            locator, tz=chart.zone, formats=formats, zero_formats=zero_formats, show_offset=False
        )
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(formatter)
    if chart.x_title:
        axes.set_xlabel(chart.x_title, color=QUIET, fontsize=8)


def _gaps(values: Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else float(value) for value in values]


def _words(chart: Chart) -> str:
    """All that stands on a chart."""
    names = [] if chart.over_time else [str(name) for name in chart.x]
    titles = [series.title for series in chart.series]
    notes = [note.text for note in chart.annotations]
    return " ".join([chart.title, chart.x_title, chart.band.title if chart.band else "", *names, *titles, *notes])


@contextmanager
def _lettered(text: str) -> Iterator[None]:
    """matplotlib with fonts for all characters of `text`."""
    import matplotlib as mpl

    others: dict[Face, None] = {}
    for bold in () if text.isascii() else (False, True):
        runs = Typeface(DEFAULT.face(bold=bold), han_of(text), bold).runs(text)
        others |= dict.fromkeys(face for face, _ in runs if face is not None and face.family != DEFAULT.name)
    for path in font_files([DEFAULT.face(), DEFAULT.face(bold=True)]):
        _add(path)
    added = dict.fromkeys(_add(path) for path in font_files(others, text))
    families = [DEFAULT.name, *added, "DejaVu Sans"]
    with mpl.rc_context({"font.family": families, "hatch.linewidth": 0.6}):
        yield


def _add(path: Path) -> str:
    """Make a font file one of matplotlib's, in place of one that was cut from the same font before. Its family."""
    from matplotlib.font_manager import fontManager

    known = fontManager.ttflist
    mine = [entry for entry in known if entry.fname == str(path)]
    if not mine:
        fontManager.addfont(str(path))
        mine = [entry for entry in known if entry.fname == str(path)]
        looks = {(entry.name, entry.style, entry.weight) for entry in mine}
        known[:] = [*(entry for entry in known if (entry.name, entry.style, entry.weight) not in looks), *mine]
    return str(mine[0].name)
