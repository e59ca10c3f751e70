"""Boxes that hide what is in them, and nothing else, wherever they move."""

import numpy as np
import pytest

from shared.media.effects import effect_errors
from tests.shared.media.effects.footage import plain, shown

NOISE = "color=0x808080,noise=alls=60:all_seed=5"
"""Detail everywhere."""
STILL = {"keyframes": [{"x": 0.25, "y": 0.25, "width": 0.25, "height": 0.5}]}


@pytest.mark.parametrize("style", ["blur", "pixelate"])
def test_what_is_in_the_box_is_hidden_and_what_is_not_stays(style: str) -> None:
    before = plain(NOISE)
    after = shown("face_blur", {"regions": [STILL], "style": style, "strength": 1, "padding": 0}, NOISE)
    inside = np.s_[:, 47:133, 82:158]
    assert (
        np.abs(np.diff(after.luma[inside], axis=2)).mean() < 0.2 * np.abs(np.diff(before.luma[inside], axis=2)).mean()
    )
    outside = np.ones((180, 320), bool)
    outside[44:136, 78:162] = False
    assert (after.luma[:, outside] == before.luma[:, outside]).all()


def test_a_box_moves_with_its_keyframes() -> None:
    box = {"width": 0.1, "height": 0.2, "y": 0.4}
    moving = {"keyframes": [{"at": 0.04, "x": 0.1, **box}, {"at": 0.32, "x": 0.8, **box}]}
    film, before = shown("face_blur", {"regions": [moving], "padding": 0}, NOISE).luma, plain(NOISE).luma
    changed = np.abs(film - before)[:, 72:108].max(axis=1) > 0
    starts, ends = changed.argmax(axis=1), 320 - changed[:, ::-1].argmax(axis=1)
    expected = 320 * np.interp(np.arange(10), [1, 8], [0.1, 0.8])
    assert np.abs(starts - expected).max() <= 4
    assert np.abs(ends - expected - 32).max() <= 4


def test_a_box_hides_only_between_its_times() -> None:
    film = shown("face_blur", {"regions": [{**STILL, "start": 0.12, "end": 0.2}]}, NOISE).luma
    same = (film == plain(NOISE).luma).all(axis=(1, 2))
    assert same.tolist() == [number not in (3, 4) for number in range(10)]


def test_boxes_may_lie_over_the_edge_and_over_each_other() -> None:
    over = {"keyframes": [{"x": 0.9, "y": 0.9, "width": 0.5, "height": 0.5}]}
    assert shown("face_blur", {"regions": [over, STILL, over]}).luma.shape == (10, 180, 320)


def test_keyframes_out_of_order_are_refused() -> None:
    box = {"x": 0, "y": 0, "width": 0.1, "height": 0.1}
    [error] = effect_errors("face_blur", {"regions": [{"keyframes": [{"at": 1, **box}, {"at": 1, **box}]}]})
    assert "order of time" in error.detail
