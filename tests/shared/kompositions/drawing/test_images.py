"""Image overlays, measured in pixels."""

from pathlib import Path

import numpy as np
import pytest

from shared.kompositions import MissingMedia, UnusableMedia
from shared.media import probe
from shared.media.graph import SourceMedia
from tests.shared.kompositions.drawing.conftest import Draw, Frames, box, film, image, is_plain, keyframes
from tests.shared.kompositions.drawing.test_text import ANCHORS, frames_at
from tests.shared.media.clips import lumas, make


@pytest.mark.parametrize("anchor", ANCHORS)
def test_an_image_has_its_anchor_where_the_document_says_to_the_pixel(draw: Draw, anchor: str) -> None:
    across, down = ANCHORS[anchor]
    seen = box(draw(film(image(x=161 / 320, y=91 / 180, anchor=anchor), seconds=0.1))[0])
    assert seen.size == (80, 40), "a pixel for a pixel"
    assert (seen.left, seen.top) == (161 - across * 80, 91 - down * 40)


def test_its_colours_are_those_of_the_file(draw: Draw) -> None:
    frame = draw(film(image(width=0.5), seconds=0.1), color="gray")[0]
    assert box(frame, background=126).size == (160, 80)
    assert tuple(frame[90, 160]) == pytest.approx((254, 0, 0), abs=3)


def test_it_moves_straight_between_keyframes_pixel_by_pixel(draw: Draw) -> None:
    shown = draw(film(image(x=keyframes((5, 0.25), (25, 0.3125)), y=keyframes((0, 0.5), (29, 0.4)))))
    for number, frame in enumerate(shown):
        middle = box(frame).middle
        assert middle[0] == pytest.approx(np.interp(number, [5, 25], [80, 100]), abs=0.6), number
        assert middle[1] == pytest.approx(np.interp(number, [0, 29], [90, 72]), abs=0.6), number


@pytest.mark.parametrize("y", [0.5, 0.50277, 0.5027777777, 0.50000000001])
def test_it_is_there_in_every_frame_of_a_level_way(draw: Draw, y: float) -> None:
    shown = draw(film(image(x=keyframes((0, 0.25), (29, 0.3)), y=y)))
    assert {box(frame).size for frame in shown} == {(80, 40)}


def test_it_grows_from_its_anchor(draw: Draw) -> None:
    shown = draw(film(image(x=0.1, y=0.1, anchor="top_left", scale=keyframes((0, 0.5), (20, 3.0)))))
    for number, frame in enumerate(shown):
        factor = np.interp(number, [0, 20], [0.5, 3.0])
        seen = box(frame)
        assert (seen.left, seen.top) == (pytest.approx(32, abs=1), pytest.approx(18, abs=1)), number
        assert seen.size == (pytest.approx(80 * factor, abs=1.5), pytest.approx(40 * factor, abs=1.5)), number


def test_it_turns_clockwise_about_its_anchor(draw: Draw) -> None:
    shown = draw(film(image(anchor="left", rotation=keyframes((0, 0.0), (20, 90.0)))))
    flat, upright = box(shown[0]), box(shown[20])
    assert (flat.left, flat.middle[1]) == (pytest.approx(160, abs=1), pytest.approx(90, abs=1))
    assert (upright.top, upright.middle[0]) == (pytest.approx(90, abs=1), pytest.approx(160, abs=1))
    assert upright.size == (pytest.approx(40, abs=2), pytest.approx(80, abs=2))
    still = box(draw(film(image(anchor="left", rotation=90.0), seconds=0.1))[0])
    assert (still.left, still.top) == (pytest.approx(upright.left, abs=1), pytest.approx(upright.top, abs=1))


def reds(frames: Frames) -> list[int]:
    """The red in the middle of every frame."""
    return [int(frame[90, 160, 0]) for frame in frames]


def test_opacity_and_fades_blend_it_with_the_picture(draw: Draw) -> None:
    shown = draw(
        film(image(opacity=0.5, fadeIn={"frames": 4}, **frames_at(3, 20)), image("tall", x=0.1, y=0.1, width=0.1))
    )
    factors = [*([0.0] * 3), *((np.arange(4) + 0.5) / 4), *([1.0] * 13), *([0.0] * 10)]
    assert reds(shown) == [pytest.approx(127 * factor, abs=4) for factor in factors]
    keyed = draw(film(image(opacity=keyframes((0, 0.0), (10, 1.0), (20, 0.2), easing="ease_in"))))
    assert reds(keyed)[5] == pytest.approx(254 * 0.25, abs=4)
    assert reds(keyed)[15] == pytest.approx(254 * 0.8, abs=4)
    assert reds(keyed)[29] == pytest.approx(254 * 0.2, abs=4)


def test_two_images_fade_each_for_itself(draw: Draw) -> None:
    first = image(x=0.25, opacity=keyframes((0, 0.0), (20, 1.0)))
    second = image(x=0.75, opacity=keyframes((0, 1.0), (20, 0.0)))
    frame = draw(film(first, second))[5]
    assert int(frame[90, 80, 0]) == pytest.approx(254 * 0.25, abs=4)
    assert int(frame[90, 240, 0]) == pytest.approx(254 * 0.75, abs=4)


@pytest.mark.parametrize("more", [{}, {"scale": 2.0}, {"rotation": 30.0}, {"x": [{"at": {"frames": 0}, "value": 0.5}]}])
def test_clear_pixels_stay_clear_and_leave_no_dark_edge(draw: Draw, more: dict[str, object]) -> None:
    frame = draw(film(image("other", **more), seconds=0.1), color="white")[0]
    assert frame.min() >= 249, "white with a clear edge on white is white"
    black = draw(film(image("other", **more), seconds=0.1))[0]
    side = 32 * float(more.get("scale", 1.0))  # type: ignore[arg-type]
    assert (black.mean(axis=2) > 128).sum() == pytest.approx(side * side, rel=0.05)


def test_it_is_seen_from_its_first_frame_to_its_last(draw: Draw) -> None:
    for more in ({}, {"x": keyframes((0, 0.2), (9, 0.8))}, {"opacity": keyframes((0, 0.5), (9, 1.0))}):
        shown = draw(film(image(**more, **frames_at(7, 13))))
        assert [number for number, frame in enumerate(shown) if not is_plain(frame)] == list(range(7, 13)), more


def test_a_video_plays_once_from_the_start_of_the_item_and_is_gone(draw: Draw, stills: dict[str, SourceMedia]) -> None:
    shown = draw(film(image("tall", width=0.5, **frames_at(5, 60)), seconds=2), color="red")
    seen = [number for number, frame in enumerate(shown) if frame[90, 160, 0] < 200]
    assert seen == list(range(5, 35))
    levels = [float(frame[90, 160].mean()) for frame in shown[5:35]]
    expected = (lumas(stills["tall"].path) - 16) * 255 / 219
    assert levels == [pytest.approx(level, abs=3) for level in expected]


@pytest.mark.parametrize(
    ("name", "coding"),
    [
        ("clear.mov", ("-c:v", "qtrle")),
        ("vp9.webm", ("-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-cpu-used", "8", "-crf", "10")),
        ("vp8.webm", ("-c:v", "libvpx", "-pix_fmt", "yuva420p", "-auto-alt-ref", "0", "-cpu-used", "8", "-crf", "4")),
    ],
    ids=["quicktime", "vp9", "vp8"],
)
def test_a_clear_video_lets_the_picture_through(
    draw: Draw, stills: dict[str, SourceMedia], tmp_path: Path, name: str, coding: tuple[str, ...]
) -> None:
    dot = "color=black@0:s=64x64:r=30:d=1,format=rgba,drawbox=16:16:32:32:lime@1:t=fill:replace=1"
    path = make(tmp_path / name, "-f", "lavfi", "-i", dot, *coding)
    frame = draw(
        film(image("tall"), seconds=0.5), color="white", media=stills | {"tall": SourceMedia(path, probe(path))}
    )[3]
    assert tuple(frame[90, 160]) == pytest.approx((0, 255, 0), abs=4)
    assert tuple(frame[70, 140]) == pytest.approx((255, 255, 255), abs=4)


def test_an_image_partly_or_wholly_outside_the_frame_is_no_trouble(draw: Draw) -> None:
    assert box(draw(film(image(x=0.0, y=0.0), seconds=0.1))[0]).size == (40, 20)
    assert is_plain(draw(film(image(x=-5.0, y=9.0), seconds=0.1)))
    assert is_plain(draw(film(image(x=keyframes((0, -5.0), (29, -4.0)), rotation=33.0))))


def test_an_image_that_is_not_there_is_named(draw: Draw) -> None:
    with pytest.raises(MissingMedia) as caught:
        draw(film(image("other")), media={})
    assert caught.value.errors[0].pointer == "/sources/1/assetId"


def test_an_image_beyond_all_size_is_refused_with_its_place(draw: Draw) -> None:
    with pytest.raises(UnusableMedia) as caught:
        draw(film(image(), image(width=4.0, scale=20.0)))
    assert (caught.value.errors[0].pointer, caught.value.errors[0].code) == (
        "/tracks/overlay/0/items/1/scale",
        "too_large",
    )
