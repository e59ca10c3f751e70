"""Motion: zooms and pans that begin and end where they say, and move evenly in between."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.shared.media.effects.footage import FRAME, Film, plain, shown

SQUARE = "color=black,drawbox=x=140:y=70:w=40:h=40:color=white:t=fill"
LONG = replace(FRAME, frames=40)


def _sizes(film: Film) -> NDArray[np.float64]:
    """Width of the white square in every frame, to a fraction of a pixel: the light in the row through its middle."""
    return np.asarray((film.luma[:, 90] - 16).sum(axis=1) / 219)


def _centres(film: Film) -> NDArray[np.float64]:
    """Where the square's middle is across, in every frame, to a fraction of a pixel."""
    light = film.luma[:, 90] - 16
    return np.asarray((light * np.arange(light.shape[1])).sum(axis=1) / light.sum(axis=1))


def test_a_zoom_begins_and_ends_at_its_factors_and_never_turns_back() -> None:
    sizes = _sizes(shown("zoom", {"toFactor": 2}, SQUARE, LONG))
    assert sizes[0] == pytest.approx(40, abs=0.3)
    assert sizes[-1] == pytest.approx(80, abs=0.5)
    assert (np.diff(sizes) > 0).all()
    assert np.diff(np.log(sizes)).std() < 0.1 * np.diff(np.log(sizes)).mean(), "each frame by the same factor"


def test_a_zoom_out_is_the_zoom_in_backwards() -> None:
    near, away = ({"toFactor": 1.5}, {"fromFactor": 1.5, "toFactor": 1})
    assert _sizes(shown("zoom", away, SQUARE)) == pytest.approx(_sizes(shown("zoom", near, SQUARE))[::-1], abs=0.4)


def test_the_first_frame_of_a_zoom_from_1_is_the_picture_itself() -> None:
    assert np.abs(shown("zoom").luma[0] - plain().luma[0]).max() <= 1


def test_a_slow_move_does_not_tremble() -> None:
    slow = {
        "fromRegion": {"x": 0.1, "y": 0.1, "width": 0.8, "height": 0.8},
        "toRegion": {"x": 0.115, "y": 0.1, "width": 0.8, "height": 0.8},
        "easing": "linear",
    }
    steps = np.diff(_centres(shown("ken_burns", slow, SQUARE, LONG)))
    # 6 pixels in 40 frames: a move in whole pixels would stand still and jump.
    assert steps.mean() == pytest.approx(-0.015 * 320 / 0.8 / 39, rel=0.03)
    assert np.abs(steps - steps.mean()).max() < 0.06


def test_ken_burns_shows_its_regions_first_and_last_without_stretching_them() -> None:
    to_square = {"toRegion": {"x": 140 / 320, "y": 0.25, "width": 40 / 320, "height": 0.5}}
    film = shown("ken_burns", to_square, SQUARE, LONG)
    last = film.luma[-1] > 125
    assert (film.luma[0] > 125).any(axis=0).sum() == pytest.approx(40, abs=1)
    assert (last.any(axis=0).sum(), last.any(axis=1).sum()) == pytest.approx((80, 80), abs=2)


def test_an_eased_move_starts_and_ends_slowly() -> None:
    steps = np.diff(_sizes(shown("zoom", {"toFactor": 2, "easing": "ease_in_out"}, SQUARE, LONG)))
    assert steps[0] < 0.3 * steps.max()
    assert steps[-1] < 0.3 * steps.max()


def test_a_shake_stays_within_its_reach_and_shows_no_edge() -> None:
    shaken = shown("shake", {"amount": 0.05, "frequency": 8}, SQUARE, LONG)
    offsets = (_centres(shaken) - 159.5) / 320
    assert np.abs(offsets).max() < 0.05 / 0.9
    assert np.abs(offsets).max() > 0.01
    assert shown("shake", {"amount": 0.05, "frequency": 8}, "color=white", LONG).luma.min() > 225
