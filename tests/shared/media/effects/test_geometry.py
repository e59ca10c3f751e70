"""Geometry: what was where is somewhere else, and nothing is stretched unless it is asked for."""

import numpy as np
import pytest

from tests.shared.media.effects.footage import plain, shown

RIGHT_HALF = "color=black,drawbox=x=160:y=0:w=160:h=180:color=white:t=fill"
"""Black on the left, white on the right."""
SQUARE = "color=black,drawbox=x=140:y=70:w=40:h=40:color=white:t=fill"
"""A white square of 40 pixels in the middle."""


def test_flip_changes_sides() -> None:
    before = plain()
    assert (shown("flip").luma == before.luma[:, :, ::-1]).all()
    assert (shown("flip", {"direction": "vertical"}).red == before.red[:, ::-1]).all()
    assert (shown("flip", {"direction": "both"}).luma == before.luma[:, ::-1, ::-1]).all()


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_mirror_keeps_one_half_and_shows_it_twice(side: str) -> None:
    before, after = plain().luma, shown("mirror", {"side": side}).luma
    kept = {"left": np.s_[:, :, :158], "right": np.s_[:, :, 162:], "top": np.s_[:, :88], "bottom": np.s_[:, 92:]}[side]
    assert (after[kept] == before[kept]).all()
    axis = 2 if side in ("left", "right") else 1
    assert (after == np.flip(after, axis)).all()


def test_a_turn_of_180_degrees_is_a_flip_both_ways() -> None:
    turned, flipped = shown("rotate", {"degrees": 180}).luma, plain().luma[:, ::-1, ::-1]
    assert np.abs(turned - flipped)[:, 4:-4, 4:-4].mean() < 6


def test_rotate_zooms_until_no_corner_is_empty_or_fills_them() -> None:
    white = "color=white"
    assert shown("rotate", {"degrees": 20}, white).luma.min() > 225
    filled = shown("rotate", {"degrees": 20, "fill": "color", "color": "#ff0000"}, white)
    assert filled.red[0][0, 0] == pytest.approx(240, abs=3)
    assert filled.luma[0][90, 160] == 235


def test_degrees_are_clockwise() -> None:
    turned = shown("rotate", {"degrees": 90, "fill": "color"}, RIGHT_HALF).luma[0]
    assert turned[120:170, 100:220].mean() > 230
    assert turned[10:60, 100:220].mean() < 20


def test_crop_enlarges_the_part_and_keeps_its_shape() -> None:
    part = shown("crop", {"x": 0.25, "y": 0.25, "width": 0.5, "height": 0.5}, SQUARE).luma[0]
    assert _size(part) == pytest.approx((80, 80), abs=2)
    narrow = {"x": 0.3, "y": 0, "width": 0.4, "height": 1}
    assert _size(shown("crop", narrow, SQUARE).luma[0]) == pytest.approx((100, 100), abs=4)
    assert _size(shown("crop", {**narrow, "fit": "contain"}, SQUARE).luma[0]) == pytest.approx((40, 40), abs=2)
    assert _size(shown("crop", {**narrow, "fit": "stretch"}, SQUARE).luma[0]) == pytest.approx((100, 40), abs=2)


def test_mask_circle_shows_the_picture_inside_and_the_colour_outside() -> None:
    film = shown("mask_circle", {"radius": 0.4, "color": "#0000ff"})
    before = plain()
    assert (film.luma[:, 60:120, 130:190] == before.luma[:, 60:120, 130:190]).all()
    rows, columns = np.mgrid[:180, :320]
    outside = np.hypot(rows - 89.5, columns - 159.5) > 0.4 * 180 + 3
    assert np.ptp(film.luma[:, outside]) == 0
    assert film.blue[0][0, 0] == pytest.approx(240, abs=1)


def test_bars_leave_a_picture_of_the_shape_asked_for() -> None:
    film = shown("letterbox_bars", {"ratio": 2.4}, "color=white").luma[0]
    height = int((film[:, 160] > 200).sum())
    assert 320 / height == pytest.approx(2.4, rel=0.02)
    assert film[0].max() == 16
    pillars = shown("letterbox_bars", {"ratio": 1, "color": "#ff0000"}, "color=white")
    assert (pillars.luma[0][90] > 200).sum() == 180
    assert pillars.red[0][45, 0] == pytest.approx(240, abs=2)


def _size(luma: np.ndarray) -> tuple[int, int]:
    """Width and height of what is white."""
    white = luma > 125
    return int(white.any(axis=0).sum()), int(white.any(axis=1).sum())
