"""Fades: exact to the frame, and to the colour."""

import numpy as np
import pytest

from tests.shared.media.effects.footage import plain, shown

WHITE = "color=white"


def test_a_fade_in_begins_with_black_and_is_whole_at_its_frame() -> None:
    lumas = shown("fade_in", {"duration": 0.2}, WHITE).luma.mean(axis=(1, 2))
    assert lumas[0] == 16
    assert (np.diff(lumas[:6]) > 30).all()
    assert (lumas[5:] == 235).all()


def test_a_fade_out_is_whole_until_its_frame_and_ends_with_black() -> None:
    lumas = shown("fade_out", {"duration": 0.2}, WHITE).luma.mean(axis=(1, 2))
    assert (lumas[:5] == 235).all()
    assert (np.diff(lumas[4:]) < -30).all()
    assert lumas[9] == 16


def test_fades_go_to_any_colour() -> None:
    film = shown("fade_out", {"duration": 0.2, "color": "#2060a0"}, WHITE)
    assert film.rgb[9] == pytest.approx([0x20, 0x60, 0xA0], abs=2)
    assert film.rgb[0] == pytest.approx([255] * 3, abs=1)


def test_a_fade_longer_than_the_clip_takes_the_whole_clip() -> None:
    lumas = shown("fade_in", {"duration": 60}, WHITE).luma.mean(axis=(1, 2))
    assert (lumas[0], lumas[-1]) == (16, 235)


def test_a_fade_of_no_length_changes_nothing() -> None:
    assert (shown("fade_out", {"duration": 0}).luma == plain().luma).all()


def test_opacity_is_over_black() -> None:
    half = shown("opacity", {"opacity": 0.5}, "color=0x80c040")
    assert half.rgb[0] == pytest.approx([64, 96, 32], abs=2)
    none = shown("opacity", {"opacity": 0})
    assert (none.luma == 16).all()
    assert (none.red == 128).all()
