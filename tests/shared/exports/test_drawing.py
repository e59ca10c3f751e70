"""Charts draw what they hold, and can be read in grey."""

import io
import itertools
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from shared.exports import Annotation, Band, Chart, InvalidTable, Kind, Series, Shape, draw_png, draw_sparkline
from shared.exports.drawing import _draw_upright, _figure
from tests.shared.exports.samples import START, chart


def grey(chart: Chart) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    picture = Image.open(io.BytesIO(draw_png(chart, 3, 1.6, dpi=100)))
    return np.asarray(picture.convert("L"), dtype=float)


def has_colour(chart: Chart, colour: tuple[int, int, int]) -> bool:
    pixels = np.asarray(Image.open(io.BytesIO(draw_png(chart, 3, 1.6, dpi=100))).convert("RGB"), dtype=int)
    return bool((np.abs(pixels - np.array(colour)).sum(axis=2) < 12).sum() > 30)


def test_a_target_is_drawn() -> None:
    brown = (0x8A, 0x5A, 0x00)
    assert has_colour(chart(0.9, 0.8, target=0.85), brown)
    assert not has_colour(chart(0.9, 0.8), brown)


@pytest.mark.parametrize("shape", [Shape.LINE, Shape.BAR])
def test_series_are_told_apart_in_grey(shape: Shape) -> None:
    def drawn(first: list[float], second: list[float]) -> Chart:
        return Chart("t", Kind.COUNT, ["a", "b", "c"], (Series("one", first), Series("two", second)), shape=shape)

    low, high = [1.0, 2.0, 1.5], [5.0, 6.0, 5.5]
    swapped = np.abs(grey(drawn(low, high)) - grey(drawn(high, low)))
    assert (swapped > 40).sum() > 100


@pytest.mark.parametrize("shape", [Shape.LINE, Shape.BAR])
def test_a_series_of_which_there_is_nothing_is_not_in_the_legend(shape: Shape) -> None:
    def legend(*before: float | None) -> list[str]:
        series = (Series("now", [1, 2]), Series("before", before, secondary=True), Series("last year", [3, None]))
        axes = _figure(3, 2).add_subplot()
        _draw_upright(axes, Chart("t", Kind.COUNT, ["a", "b"], series, shape=shape))
        shown = axes.get_legend()
        return [text.get_text() for text in shown.get_texts()] if shown else []

    assert legend(1, 2) == ["now", "before", "last year"]
    assert legend(None, None) == ["now", "last year"]


def test_a_forecasts_interval_is_hatched() -> None:
    plain = chart(0.9, 0.8, None)
    banded = Chart(
        plain.title, plain.kind, plain.x, plain.series, band=Band("80 %", [None, 0.8, 0.7], [None, 0.8, 0.9])
    )
    assert np.abs(grey(plain) - grey(banded)).sum() > 1000


def test_what_happened_is_marked() -> None:
    plain = chart(0.9, 0.8, 0.85)
    marked = Chart(plain.title, plain.kind, plain.x, plain.series, annotations=(Annotation(START, "alert"),))
    assert np.abs(grey(plain) - grey(marked)).sum() > 1000


@pytest.mark.parametrize(("width", "height"), [(3.6, 2.1), (6.6, 2.9)])
@pytest.mark.parametrize("count", [1, 3, 6])
@pytest.mark.parametrize("said", ["alert: a rule with a long name", "alert: " + "a rule, " * 30])
def test_notes_cover_neither_each_other_nor_what_the_target_is(
    width: float, height: float, count: int, said: str
) -> None:
    plain = chart(*[0.9, 0.99] * 4, target=0.995)
    notes = tuple(Annotation(x, said) for x in plain.x[-count:])
    figure = _figure(width, height)
    axes = figure.add_subplot()
    _draw_upright(axes, replace(plain, annotations=notes))
    figure.canvas.draw()
    target, *others = (text.get_window_extent() for text in axes.texts)
    assert len(others) >= min(count, 3)
    assert not any(one.overlaps(other) for one, other in itertools.combinations([target, *others], 2))
    assert all(figure.bbox.x0 <= note.x0 and note.x1 <= figure.bbox.x1 for note in others)


@pytest.mark.parametrize(
    "drawn",
    [
        Chart("empty", Kind.COUNT, [], (Series("none", []),)),
        Chart("nothing known", Kind.SECONDS, ["a", "b"], (Series("none", [None, None]),)),
        Chart("one", Kind.USD, [START], (Series("one", [3.5]),), shape=Shape.BAR),
        Chart("ranking", Kind.POINTS, ["a", "b"], (Series("s", [-0.01, 0.02]),), shape=Shape.RANKING),
    ],
    ids=lambda drawn: drawn.title,
)
def test_little_data_is_a_picture_too(drawn: Chart) -> None:
    assert Image.open(io.BytesIO(draw_png(drawn))).format == "PNG"


def test_a_sparkline_is_small() -> None:
    assert Image.open(io.BytesIO(draw_sparkline([1, None, 3]))).width < 300


def test_series_of_another_length_than_the_axis_are_refused() -> None:
    with pytest.raises(InvalidTable, match="'now' of chart 't' has 1 values for 2 places"):
        Chart("t", Kind.COUNT, ["a", "b"], (Series("now", [1]),))
