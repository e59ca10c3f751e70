"""Looks: each one is what its name promises, measured."""

import numpy as np
import pytest

from tests.shared.media.effects.footage import Film, plain, shown

LOOKS = {
    "leica_look": (0.85, 0.99),
    "leica_look_enhanced": (0.8, 0.98),
    "vintage_color": (0.85, 0.99),
    "film_noir": (0.6, 0.92),
    "vhs_look": (0.35, 0.85),
    "vignette": (0.85, 0.98),
    "warm_cinematic": (0.95, 1.0),
    "glitch_aesthetic": (0.45, 0.9),
    "dreamy_soft": (0.7, 0.95),
    "horror_desaturated": (0.5, 0.9),
}
"""Likeness (SSIM of the luma) to the picture without the look: from, to. It is seen, and the picture is still there."""
GRAY = "color=0x909090"


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_is_seen_and_the_picture_is_still_there(name: str) -> None:
    from skimage.metrics import structural_similarity

    before, after = plain(), shown(name)
    likeness = structural_similarity(before.luma[4], after.luma[4], data_range=219)
    low, high = LOOKS[name]
    assert low < likeness < high
    assert np.abs(after.luma - before.luma).mean() > 1


@pytest.mark.parametrize(
    "name", ["vignette", "leica_look_enhanced", "vintage_color", "film_noir", "horror_desaturated"]
)
def test_a_vignette_darkens_the_corners_and_not_the_centre(name: str) -> None:
    frame = shown(name, of="color=0xc0c0c0").luma.mean(axis=0)
    corners = [
        frame[rows, columns].mean() for rows in (slice(8), slice(-8, None)) for columns in (slice(8), slice(-8, None))
    ]
    edge, centre = frame[86:94, :8].mean(), frame[80:100, 150:170].mean()
    assert max(corners) < edge < centre
    assert max(corners) - 16 < 0.85 * (centre - 16)
    assert max(corners) - min(corners) < 3


def test_a_vignette_takes_the_light_that_it_says_and_colour_with_it() -> None:
    before, after = plain("color=0xc04040"), shown("vignette", {"strength": 1, "start": 0.2}, "color=0xc04040")
    assert after.luma[0][0, 0] == pytest.approx(16, abs=2)
    assert after.red[0][0, 0] == pytest.approx(128, abs=2)
    assert after.luma[0][90, 160] == pytest.approx(before.luma[0][90, 160], abs=1)
    assert after.red[0][45, 80] == pytest.approx(before.red[0][45, 80], abs=1)


def test_leica_looks_lift_the_shadows_mute_colours_and_firm_edges() -> None:
    before = plain()
    for name in ("leica_look", "leica_look_enhanced"):
        after = shown(name)
        assert after.edges > 1.2 * before.edges
        assert after.colorfulness < 0.85 * before.colorfulness
        red, _, blue = shown(name, of="color=0x181818").rgb[0]
        assert red > 40
        assert red > blue


def test_film_noir_has_no_colour_and_more_contrast() -> None:
    noir = shown("film_noir")
    assert noir.colorfulness < 0.5
    assert noir.luma[:, 60:120, 110:210].std() > plain().luma[:, 60:120, 110:210].std()


def test_colours_fade_in_vintage_color_and_horror_desaturated() -> None:
    before = plain().colorfulness
    assert 0.3 * before < shown("vintage_color").colorfulness < 0.9 * before
    horror = shown("horror_desaturated")
    assert horror.colorfulness < 0.4 * before
    assert horror.luma.mean() < plain().luma.mean() - 15


def test_warm_cinematic_has_teal_shadows_and_orange_lights() -> None:
    dark, light = (shown("warm_cinematic", of=color).rgb[0] for color in ("color=0x282828", "color=0xc8c8c8"))
    assert dark[2] > dark[0] + 5
    assert light[0] > light[2] + 10


def test_dreamy_soft_is_lighter_and_softer() -> None:
    dreamy = shown("dreamy_soft")
    assert dreamy.luma.mean() > plain().luma.mean() + 5
    assert dreamy.edges < 0.85 * plain().edges


def test_vhs_has_scan_lines_and_noise_that_moves() -> None:
    vhs = shown("vhs_look", of=GRAY)
    rows = vhs.luma.mean(axis=(0, 2))
    assert rows.std() > 3
    assert _moves(vhs) > 1


def test_a_glitch_comes_and_goes() -> None:
    before, after = plain(), shown("glitch_aesthetic")
    torn = np.abs(after.luma - before.luma).mean(axis=2)
    assert (torn.max(axis=1) > 10).any()
    assert np.abs(np.diff(torn, axis=0)).max() > 20


def _moves(film: Film) -> float:
    return float(np.abs(np.diff(film.luma, axis=0)).mean())
