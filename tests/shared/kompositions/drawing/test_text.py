"""Text overlays, measured in pixels: where they are, how they move, when they are seen."""

import numpy as np
import pytest

from shared.typography import Typeface, find_family
from tests.shared.kompositions.documents import beats
from tests.shared.kompositions.drawing.conftest import Draw, box, film, image, is_plain, keyframes, text

FIRA = Typeface(find_family(None).face())
SIZE = 0.2
LINE = SIZE * 180
ANCHORS = {
    "top_left": (0.0, 0.0),
    "top": (0.5, 0.0),
    "top_right": (1.0, 0.0),
    "left": (0.0, 0.5),
    "center": (0.5, 0.5),
    "right": (1.0, 0.5),
    "bottom_left": (0.0, 1.0),
    "bottom": (0.5, 1.0),
    "bottom_right": (1.0, 1.0),
}


def frames_at(start: int, end: int) -> dict[str, object]:
    return {"start": {"frames": start}, "end": {"frames": end}}


@pytest.mark.parametrize("anchor", ANCHORS)
def test_a_box_of_text_has_its_anchor_where_the_document_says(draw: Draw, anchor: str) -> None:
    body = film(text("Two\nlines", size=SIZE, x=0.55, y=0.5, anchor=anchor, background="#ffffff"), seconds=0.1)
    seen = box(draw(body)[0])
    wide = (FIRA.width("lines") + 0.5) * LINE
    high = 2.5 * LINE
    across, down = ANCHORS[anchor]
    assert seen.size == (pytest.approx(wide, abs=2), pytest.approx(high, abs=2))
    assert seen.left == pytest.approx(0.55 * 320 - across * wide, abs=2)
    assert seen.top == pytest.approx(0.5 * 180 - down * high, abs=2)


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_lines_are_aligned_inside_the_text(draw: Draw, align: str) -> None:
    body = film(text("HHHHHHHH\nH", size=SIZE, anchor="center", align=align), seconds=0.1)
    frame = draw(body)[0]
    wide, narrow = box(frame[: 180 // 2]), box(frame[180 // 2 :])
    assert wide.middle[0] == pytest.approx(160, abs=2)
    match align:
        case "left":
            assert narrow.left == pytest.approx(wide.left, abs=2)
        case "center":
            assert narrow.middle[0] == pytest.approx(wide.middle[0], abs=2)
        case "right":
            assert narrow.right == pytest.approx(wide.right, abs=2)


def test_it_moves_straight_between_keyframes_at_their_frames(draw: Draw) -> None:
    x, y = keyframes((5, 0.25), (20, 0.75)), keyframes((0, 0.2), (10, 0.8), (25, 0.5))
    shown = draw(film(text("H", size=SIZE, background="#ffffff", x=x, y=y)))
    for frame in range(30):
        across = np.interp(frame, [5, 20], [80, 240])
        down = np.interp(frame, [0, 10, 25], [36, 144, 90])
        assert box(shown[frame]).middle == (pytest.approx(across, abs=0.75), pytest.approx(down, abs=0.75)), frame


@pytest.mark.parametrize(
    ("easing", "way"), [("hold", 0), ("ease_in", 0.25), ("ease_out", 0.75), ("ease_in_out", 0.5), ("linear", 0.5)]
)
def test_easings_shape_the_way(draw: Draw, easing: str, way: float) -> None:
    x = keyframes((0, 0.25), (20, 0.75), easing=easing)
    shown = draw(film(text("H", size=SIZE, background="#ffffff", x=x)))
    places = [box(shown[frame]).middle[0] for frame in (0, 10, 19, 20, 29)]
    assert places[0] == pytest.approx(80, abs=1)
    assert places[1] == pytest.approx(80 + 160 * way, abs=1)
    assert places[2] == pytest.approx(80, abs=1) if easing == "hold" else places[2] > 200
    assert places[3:] == [pytest.approx(240, abs=1)] * 2


def test_it_grows_from_its_anchor_and_keeps_its_lines(draw: Draw) -> None:
    item = text(
        "wrapped here", size=0.1, width=0.2, x=0.1, y=0.1, anchor="top_left", background="#ffffff",
        scale=keyframes((0, 1.0), (20, 2.5)),
    )  # fmt: skip
    shown = draw(film(item))
    first = box(shown[0])
    for frame in (0, 7, 20, 29):
        factor = np.interp(frame, [0, 20], [1, 2.5])
        seen = box(shown[frame])
        assert (seen.left, seen.top) == (pytest.approx(32, abs=1), pytest.approx(18, abs=1))
        assert seen.size == tuple(pytest.approx(side * factor, abs=2) for side in first.size)


def test_it_turns_clockwise_about_its_anchor(draw: Draw) -> None:
    item = text("HHHH", size=0.1, anchor="left", background="#ffffff", rotation=keyframes((0, 0.0), (20, 90.0)))
    shown = draw(film(item))
    flat, upright = box(shown[0]), box(shown[20])
    assert (flat.left, flat.middle[1]) == (pytest.approx(160, abs=1), pytest.approx(90, abs=1))
    assert (upright.top, upright.middle[0]) == (pytest.approx(90, abs=1), pytest.approx(160, abs=1))
    assert upright.size == tuple(pytest.approx(side, abs=2) for side in reversed(flat.size))
    halfway = box(shown[10])
    assert halfway.left < 160 < halfway.right
    assert halfway.bottom - 90 > 90 - halfway.top, "it hangs down on its way"


def test_opacity_blends_text_with_the_picture(draw: Draw) -> None:
    opacity = keyframes((0, 0.0), (20, 1.0))
    item = text("HHHH", size=0.5, color="#ffffff", opacity=opacity)
    shown = draw(film(item), color="black")
    for frame in range(30):
        assert shown[frame].max() == pytest.approx(255 * min(1, frame / 20), abs=4), frame


def test_colours_carry_their_own_opacity(draw: Draw) -> None:
    item = text("HHHH", size=0.5, color="#ff000080", background="#0000ff80")
    frame = draw(film(item, seconds=0.1), color="white")[0]
    corner = box(frame, background=255)
    assert tuple(frame[corner.top + 4, corner.left + 4]) == pytest.approx((127, 127, 255), abs=5)
    reds = frame[frame[:, :, 2] < 160]
    assert np.median(reds, axis=0) == pytest.approx((191, 64, 127), abs=6)


def test_fades_run_over_their_frames_and_are_exact_in_the_middle_of_each(draw: Draw) -> None:
    item = text("HHHH", size=0.5, fadeIn={"frames": 5}, fadeOut={"frames": 10}, **frames_at(5, 25))
    levels = [int(frame.max()) for frame in draw(film(item))]
    factors = [*([0.0] * 5), *(np.arange(5) + 0.5) / 5, *([1.0] * 5), *(1 - (np.arange(10) + 0.5) / 10), *([0.0] * 5)]
    assert levels == [pytest.approx(255 * factor, abs=5) for factor in factors]


@pytest.mark.parametrize("fps", [23.976, 30, 59.94, 120])
def test_it_is_seen_from_its_first_frame_to_its_last(draw: Draw, fps: float) -> None:
    item = text("HHHH", size=0.5, **frames_at(7, 13))
    shown = draw(film(item, seconds=1, output={"fps": fps}))
    assert [number for number, frame in enumerate(shown) if not is_plain(frame)] == list(range(7, 13))


def test_times_in_beats_follow_the_tempo(draw: Draw) -> None:
    item = text("HHHH", size=0.5, start=beats(1), end=beats(2), x=[{"at": beats("1/2"), "value": 0.5}])
    shown = draw(film(item, seconds=4, bpm=120))
    assert [number for number, frame in enumerate(shown) if not is_plain(frame)] == list(range(15, 30))


def test_later_items_lie_above_earlier_ones_whatever_they_are(draw: Draw) -> None:
    place = {"x": 0.5, "y": 0.5}
    item = {"size": 0.1, "background": "#00ff00", "color": "#00ff00", **place}
    red = image("still", **place, width=0.5)
    above, below = text("HHHHH", **item), text("HHHHH", **item | {"background": "#0000ff", "color": "#0000ff"})
    assert tuple(draw(film(red, below, above, seconds=0.1))[0][90, 160]) == pytest.approx((0, 255, 0), abs=4)
    assert tuple(draw(film(red, above, below, seconds=0.1))[0][90, 160]) == pytest.approx((0, 0, 255), abs=4)
    assert tuple(draw(film(above, below, red, seconds=0.1))[0][90, 160]) == pytest.approx((254, 0, 0), abs=4)
    middle = draw(film(above, red, below, seconds=0.1))[0]
    assert tuple(middle[90, 160]) == pytest.approx((0, 0, 255), abs=4)
    assert tuple(middle[60, 160]) == pytest.approx((254, 0, 0), abs=4)


def test_outline_and_shadow_are_as_wide_as_asked(draw: Draw) -> None:
    plain = box(draw(film(text("H", size=0.5, outline=0), seconds=0.1), color="gray")[0], background=126)
    lined = box(draw(film(text("H", size=0.5, outline=0.04), seconds=0.1), color="gray")[0], background=126)
    shaded = box(draw(film(text("H", size=0.5, shadow=0.04), seconds=0.1), color="gray")[0], background=126, least=40)
    assert (plain.left - lined.left, lined.right - plain.right) == (
        pytest.approx(7, abs=1.5),
        pytest.approx(7, abs=1.5),
    )
    assert (plain.left - shaded.left, shaded.right - plain.right) == (0, pytest.approx(7, abs=1.5))


def test_long_lines_are_wrapped_inside_their_width(draw: Draw) -> None:
    words = "many words that do not fit on a line of this width, andonethatisfarlongerthananylinecanbeherehere"
    frame = draw(film(text(words, size=0.08, width=0.5), seconds=0.1))[0]
    assert 0.35 * 320 < box(frame).size[0] <= 0.5 * 320 + 1
    assert box(frame).size[1] > 3.5 * 0.08 * 180


def test_a_part_of_the_film_shows_the_same_frames_as_the_whole(draw: Draw) -> None:
    moving = text(
        "moving", size=0.2, x=keyframes((0, 0.2), (29, 0.8), easing="ease_in_out"), opacity=keyframes((0, 0.1), (29, 0.9)),
        rotation=keyframes((3, 0.0), (29, 70.0)), fadeIn={"frames": 9}, **frames_at(2, 28),
    )  # fmt: skip
    logo = image(
        "other", x=keyframes((0, 0.2), (20, 0.9)), scale=keyframes((0, 0.5), (29, 2.0)), fadeOut={"frames": 20}
    )
    words = [{"word": word, "start": n / 5, "end": (n + 1) / 5} for n, word in enumerate(("one", "two", "six", "ten"))]
    cue = {"start": 0, "end": 0.9, "text": "", "words": words}
    captions = tuple(
        {"id": style, "style": style, "position": place, "transcript": {"segments": [cue]}}
        for style, place in (("karaoke", "bottom"), ("highlight", "top"), ("bounce", "middle"))
    )
    body = film(moving, logo, image("tall", width=0.2, x=0.1, y=0.1), captions=captions)
    whole = draw(body)
    for window in (range(0, 7), range(7, 8), range(8, 30)):
        assert np.array_equal(draw(body, window=window), whole[window.start : window.stop]), window


def test_nothing_to_draw_leaves_the_picture_as_it_is(draw: Draw) -> None:
    assert is_plain(draw(film(text("H", **frames_at(20, 30))), window=range(0, 20)))
