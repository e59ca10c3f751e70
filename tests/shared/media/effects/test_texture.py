"""Texture: blur takes detail away, sharpening lifts it, noise comes and goes."""

from dataclasses import replace

import numpy as np
import pytest

from tests.shared.media.effects.footage import FRAME, plain, shown


def test_the_stronger_the_blur_the_lower_the_edges() -> None:
    edges = [plain().edges, *(shown("gaussian_blur", {"sigma": sigma}).edges for sigma in (4, 12, 48))]
    assert edges == sorted(edges, reverse=True)
    assert edges[3] < 0.6 * edges[0]


def test_a_blur_looks_the_same_at_every_size() -> None:
    large = replace(FRAME, width=640, height=360)
    params = {"sigma": 60}
    small_film, large_film = (shown("gaussian_blur", params, "testsrc2", frame) for frame in (FRAME, large))
    shrunk = large_film.luma.reshape(-1, 180, 2, 320, 2).mean(axis=(2, 4))
    # What testsrc2 draws depends on the size only in its text and small squares; the blur leaves its bars.
    assert np.abs(large_film.luma.std() - small_film.luma.std()) < 3
    assert shrunk.std() == pytest.approx(large_film.luma.std(), rel=0.02)


def test_sharpening_lifts_edges_and_leaves_plain_colour() -> None:
    assert shown("sharpen").edges > 1.2 * plain().edges
    assert (shown("sharpen", of="color=0x336699").luma == plain("color=0x336699").luma).all()


def test_grain_moves_and_leaves_the_mean_and_the_colours() -> None:
    gray = "color=0x808080"
    grain = shown("film_grain", {"strength": 0.5}, gray)
    assert grain.luma.mean() == pytest.approx(plain(gray).luma.mean(), abs=1)
    assert grain.luma.std() > 2
    assert np.abs(np.diff(grain.luma, axis=0)).mean() > 1
    assert grain.colorfulness < 0.5


def test_denoise_takes_grain_away_and_leaves_edges() -> None:
    noisy = "color=0x808080,noise=alls=20:allf=t:all_seed=3"
    assert shown("denoise", {"strength": 0.6}, noisy).luma[5:].std() < 0.6 * plain(noisy).luma[5:].std()
    assert shown("denoise", {"strength": 0.2}).edges > 0.85 * plain().edges


def test_pixels_are_squares_of_one_colour() -> None:
    luma = shown("pixelate", {"size": 60}).luma[0]
    block = luma[10:20, 30:40]
    assert block.max() - block.min() <= 1
    assert np.abs(np.diff(luma[15, 9:300:10])).max() > 20


def test_aberration_parts_red_and_blue_by_as_much_as_it_says() -> None:
    frame = shown("chromatic_aberration", {"shift": 60}, "color=black,drawbox=x=160:y=0:w=160:h=180:color=white:t=fill")
    row = slice(40, 50)
    # Between where red begins (10 pixels to the left) and blue (10 to the right) light is yellow to red, not grey.
    assert frame.red[0][row, 77:79].mean() > 150
    assert frame.blue[0][row, 82:84].mean() < 110
    assert np.abs(frame.red[0][row, 60:70] - 128).max() < 3
    assert np.abs(frame.red[0][row, 95:110] - 128).max() < 3
