"""Adjustments: one thing changes, in the direction and by the size that the parameter says."""

import numpy as np
import pytest

from shared.media.effects import effect_errors
from tests.shared.media.effects.footage import plain, shown

GRAY = "color=0x808080"
ORANGE = "color=0xc08040"


def rgb(name: str, params: dict[str, object], of: str) -> np.ndarray:
    """Mean red, green and blue of the first frame with the effect on it."""
    first: np.ndarray = shown(name, params, of).rgb[0]
    return first


@pytest.mark.parametrize(("amount", "expected"), [(0.25, 192), (-0.25, 64), (1, 255), (-1, 0), (0, 128)])
def test_brightness_adds_the_same_light_everywhere(amount: float, expected: int) -> None:
    assert rgb("brightness", {"amount": amount}, GRAY) == pytest.approx([expected] * 3, abs=1.5)


def test_contrast_moves_away_from_middle_grey_as_in_rgb() -> None:
    assert rgb("contrast", {"amount": 1.5}, "color=0xa08060") == pytest.approx([176, 128, 80], abs=2)
    assert rgb("contrast", {"amount": 0}, ORANGE) == pytest.approx([127.5] * 3, abs=1.5)


def test_saturation_and_grayscale_keep_the_luma() -> None:
    before = plain(ORANGE)
    for name, params, factor in (("saturation", {"amount": 0.5}, 0.5), ("grayscale", {}, 0)):
        after = shown(name, params, ORANGE)
        assert after.luma.mean() == pytest.approx(before.luma.mean(), abs=0.5)
        assert after.colorfulness == pytest.approx(before.colorfulness * factor, abs=1)


def test_gamma_moves_the_middle_and_leaves_black_and_white() -> None:
    assert rgb("gamma", {"amount": 2}, "color=0x404040") == pytest.approx([128] * 3, abs=2)
    assert rgb("gamma", {"amount": 2}, "color=black") == pytest.approx([0] * 3, abs=0.5)
    assert rgb("gamma", {"amount": 2}, "color=white") == pytest.approx([255] * 3, abs=0.5)


def test_a_stop_of_exposure_doubles_the_light() -> None:
    light = [
        (value / 255) ** 2.2
        for value in (rgb("exposure", {"stops": stops}, "color=0x606060")[0] for stops in (0, 1, -1))
    ]
    assert light[1] / light[0] == pytest.approx(2, rel=0.05)
    assert light[2] / light[0] == pytest.approx(0.5, rel=0.05)


def test_hue_turns_the_wheel() -> None:
    red, green, blue = rgb("hue", {"degrees": 120}, "color=0xa04040")
    assert max(red, green, blue) != red
    assert rgb("hue", {"degrees": 360}, ORANGE) == pytest.approx(plain(ORANGE).rgb[0], abs=2)


def test_a_low_temperature_is_warm_and_a_high_one_cold() -> None:
    red, _, blue = rgb("temperature", {"kelvin": 3500}, GRAY)
    assert red > blue + 40
    red, _, blue = rgb("temperature", {"kelvin": 12_000}, GRAY)
    assert blue > red + 20


def test_color_balance_touches_the_third_that_it_names() -> None:
    params = {"shadows": [0.5, 0, 0]}
    dark, light = (rgb("color_balance", params, color) for color in ("color=0x303030", "color=0xd0d0d0"))
    assert dark[0] > dark[2] + 15
    assert light == pytest.approx([208] * 3, abs=3)


def test_sepia_is_brown_and_invert_is_its_own_inverse() -> None:
    red, green, blue = rgb("sepia", {}, GRAY)
    assert red > green > blue
    assert rgb("invert", {}, ORANGE) == pytest.approx([0x3F, 0x7F, 0xBF], abs=2)


def test_curves_go_through_their_points() -> None:
    through = {"master": [[0, 0], [0.502, 0.75], [1, 1]]}
    assert rgb("curves", through, GRAY) == pytest.approx([191] * 3, abs=2)
    assert rgb("curves", {"blue": [[0, 1], [1, 1]]}, GRAY) == pytest.approx([128, 128, 255], abs=3)
    assert effect_errors("curves", {"red": [[0.5, 0], [0.2, 1]]})[0].detail.endswith("at least 0.001 apart.")


@pytest.mark.parametrize("color", ["red", "lime", "blue", "yellow", "0x336699"])
def test_colours_survive_the_way_through_rgb(color: str) -> None:
    straight = {"red": [[0, 0], [1, 1]]}
    assert rgb("curves", straight, f"color={color}") == pytest.approx(plain(f"color={color}").rgb[0], abs=3)
