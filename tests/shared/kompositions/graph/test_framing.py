"""Framing: what of a source's picture is seen, measured in rendered pixels."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.shared.kompositions.graph.conftest import Render
from tests.shared.media.clips import counted, frames, make, mean_color

WIDE, HIGH = 640, 360
BAR = 300
"""Where the middle of the soft white bar of `world` is."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture that stands still for four seconds: a soft white bar on grey. Where it is seen tells where the view is."""
    light = f"60+160*exp(-pow((X-{BAR})/12\\,2))"
    source = f"nullsrc=s={WIDE}x{HIGH}:r=30:d=4,format=yuv420p,geq=lum='{light}':cb=128:cr=128"
    tags = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
    return make(
        tmp_path_factory.mktemp("world") / "world.mp4",
        *("-f", "lavfi", "-i", source, "-crf", "4", "-preset", "ultrafast", *tags),
    )


def film(
    framing: dict[str, Any], seconds: float = 4, size: tuple[int, int] = (202, 360), **more: Any
) -> dict[str, Any]:
    """A komposition of one framed segment."""
    segment = {"id": "s", "sourceId": "v", "start": {"seconds": 0}, "end": {"seconds": seconds}, "framing": framing}
    output = {"width": size[0], "height": size[1], "fps": 30, "preset": "ultrafast", "crf": 8}
    return {
        "schemaVersion": "2.0",
        "sources": [{"id": "v", "kind": "video", "assetId": "v"}],
        "tracks": {"video": [{"segments": [segment | more]}]},
        "outputs": [output],
    }


def shot(
    at: float, *path: tuple[float, float], width: float = 202 / WIDE, height: float = 1.0, **more: Any
) -> dict[str, Any]:
    """A shot of one view that goes through these (seconds, left edge)."""
    ways = [{"at": {"seconds": moment}, "x": x, "y": 0.0, **more} for moment, x in path]
    return {"start": {"seconds": at}, "views": [{"width": width, "height": height, "path": ways}]}


def bar(frame: NDArray[np.uint8]) -> float:
    """Where the middle of the bar is, to a fraction of a pixel."""
    line = frame[:, :, 1].astype(float).mean(axis=0)
    weight = np.clip(line - line.min() - 20, 0, None)
    return float((np.arange(len(line)) * weight).sum() / weight.sum())


def test_a_slow_pan_moves_by_fractions_of_a_pixel_and_never_trembles(render: Render, world: Path) -> None:
    pan = shot(0, (0, 200 / WIDE), (4, 240 / WIDE))
    places = [bar(frame) for frame in frames(render(film({"shots": [pan]}), v=world).path)]
    expected = [BAR - 200 - 40 * number / 120 for number in range(120)]
    assert max(abs(place - true) for place, true in zip(places, expected, strict=True)) < 0.2
    steps = [after - before for before, after in pairwise(places)]
    assert max(abs(step + 1 / 3) for step in steps) < 0.15


def test_a_pan_of_an_enlarged_or_shrunken_picture_is_as_smooth(render: Render, world: Path) -> None:
    pan = shot(0, (0, 200 / WIDE), (4, 240 / WIDE))
    for size, factor in (((404, 720), 2.0), ((102, 180), 0.5)):
        places = [bar(frame) for frame in frames(render(film({"shots": [pan]}, size=size), v=world).path)]
        moved = [(place - places[0]) / factor for place in places]
        assert max(abs(way + number / 3) for number, way in enumerate(moved)) < 0.45


def test_a_smooth_move_begins_and_ends_at_rest_where_it_says(render: Render, world: Path) -> None:
    move = shot(0, (1, 200 / WIDE), (3, 260 / WIDE), pace="smooth")
    places = [bar(frame) for frame in frames(render(film({"shots": [move]}), v=world).path)]
    assert max(abs(place - 100) for place in places[:30]) < 0.3
    assert max(abs(place - 40) for place in places[91:]) < 0.3
    assert abs(places[60] - 70) < 0.5
    steps = [after - before for before, after in pairwise(places)]
    assert max(steps) < 0.15 and abs(steps[32]) < 0.5 * abs(steps[60])


def test_the_view_jumps_in_the_very_frame_with_which_a_shot_begins(render: Render, world: Path) -> None:
    shots = [shot(0, (0, 200 / WIDE)), shot(1.5, (1.5, 240 / WIDE)), shot(2 + 1 / 30, (0, 280 / WIDE))]
    places = [bar(frame) for frame in frames(render(film({"shots": shots}), v=world).path)]
    seen = [100] * 45 + [60] * 16 + [20] * 59
    assert max(abs(place - true) for place, true in zip(places, seen, strict=True)) < 0.5


def test_a_framing_belongs_to_the_source_however_the_segment_is_cut_slowed_or_turned_round(
    render: Render, world: Path
) -> None:
    pan = {"shots": [shot(0, (0, 200 / WIDE), (4, 280 / WIDE))]}
    cut = film(pan, 1, sourceStart={"seconds": 2})
    slow = film(pan, 2, sourceStart={"seconds": 2}, sourceDuration={"seconds": 1})
    back = film(pan, 1, sourceStart={"seconds": 2}, sourceDuration={"seconds": 1}, reverse=True)
    forwards = [60 - 20 * number / 30 for number in range(30)]
    for body, expected in (
        (cut, forwards),
        (slow, [60 - 20 * number / 60 for number in range(60)]),
        (back, forwards[::-1]),
    ):
        places = [bar(frame) for frame in frames(render(body, v=world).path)]
        assert max(abs(place - true) for place, true in zip(places, expected, strict=True)) < 0.3


def colors(path: Path, *more: str) -> Path:
    """A video of 320x180 pixels: red on the left, green in the middle, blue on the right."""
    thirds = "if(lt(X\\,W/3)\\,{0}\\,if(lt(X\\,2*W/3)\\,{1}\\,{2}))"
    rgb = ":".join(
        f"{name}='{thirds.format(*values)}'"
        for name, values in zip("rgb", ((200, 0, 0), (0, 200, 0), (0, 0, 200)), strict=True)
    )
    source = f"nullsrc=s=320x180:r=30:d=1,format=gbrp,geq={rgb}"
    return make(path, "-f", "lavfi", "-i", source, *more, "-pix_fmt", "yuv420p", "-preset", "ultrafast")


def seen_color(frame: NDArray[np.uint8]) -> str:
    """Which of red, green and blue most of it is."""
    return "rgb"[int(np.argmax(mean_color(frame)))]


def test_two_views_lie_above_each_other_in_an_upright_frame_and_beside_each_other_in_a_lying_one(
    render: Render, tmp_path: Path
) -> None:
    source = colors(tmp_path / "colors.mp4")
    views = [{"width": 0.3, "height": 0.3, "path": [{"at": {"seconds": 0}, "x": x, "y": 0.3}]} for x in (0.7, 0.0)]
    split = {"shots": [{"start": {"seconds": 0}, "layout": "split", "views": views, "share": 0.25}]}
    upright = frames(render(film(split, 1, (90, 160)), v=source).path)[10]
    assert [seen_color(part) for part in (upright[:36], upright[44:])] == ["b", "r"]
    lying = frames(render(film(split, 1, (160, 90)), v=source).path)[10]
    assert [seen_color(part) for part in (lying[:, :36], lying[:, 44:])] == ["b", "r"]


def test_fit_shows_all_of_the_picture_on_a_blurred_copy_and_layouts_follow_each_other(
    render: Render, tmp_path: Path
) -> None:
    source = colors(tmp_path / "colors.mp4")
    shots = [{"start": {"seconds": 0}, "layout": "fit"}, shot(0.5, (0, 0.02), width=0.3, height=0.9)]
    seen = frames(render(film({"shots": shots}, 1, (90, 160)), v=source).path)
    middle = seen[10][75:85]
    assert [seen_color(middle[:, place : place + 10]) for place in (5, 40, 75)] == ["r", "g", "b"]
    assert mean_color(seen[10][:20]).max() > 20
    assert [seen_color(frame) for frame in (seen[14], seen[15])] == ["g", "r"]


@pytest.mark.parametrize("turned", ["rotated", "anamorphic", "odd", "still"])
def test_fractions_are_of_the_picture_as_people_see_it(render: Render, tmp_path: Path, turned: str) -> None:
    plain = colors(tmp_path / "colors.mp4")
    path = tmp_path / ("turned.png" if turned == "still" else "turned.mp4")
    match turned:
        case "rotated":
            stored = make(tmp_path / "stored.mp4", "-i", str(plain), "-vf", "transpose=clock", "-preset", "ultrafast")
            make(path, "-display_rotation", "90", "-i", str(stored), "-c", "copy")
        case "anamorphic":
            make(path, "-i", str(plain), "-vf", "scale=160:180,setsar=2", "-preset", "ultrafast")
        case "odd":
            odd = ("-vf", "scale=321:181,format=yuv444p", "-c:v", "libx264", "-preset", "ultrafast")
            make(path, "-i", str(plain), *odd)
        case "still":
            make(path, "-i", str(plain), "-frames:v", "1")
    kind = {"kind": "image"} if turned == "still" else {}
    walk = shot(0, (0, 0.03), (0.9, 0.67), width=0.3)
    body = film({"shots": [walk]}, 1, (90, 160))
    body["sources"][0] |= kind
    seen = frames(render(body, v=path).path)
    assert [seen_color(frame) for frame in (seen[0], seen[14], seen[29])] == ["r", "g", "b"]


def test_a_cut_of_the_source_between_frames_of_the_film_is_met_at_every_rate(render: Render, tmp_path: Path) -> None:
    """Frame 20 of the source is the first of its other scene; the view changes with it, never before, never after."""
    plain = counted(tmp_path / "counted.mp4", 2)
    box = "drawbox=y=0:w=iw/2:h=ih:c=red:t=fill:x"
    side = f"{box}=0:enable='lt(n,20)',{box}=iw/2:enable='gte(n,20)'"
    source = make(
        tmp_path / "cut.mp4", "-i", str(plain), "-vf", f"format=gbrp,{side},format=yuv420p", "-preset", "ultrafast"
    )
    for rate in (24, 25, 30, 50, 60):
        body = film({"shots": [shot(0, (0, 0.1)), shot(20 / 30, (0, 0.6))]}, 1.5, (90, 160))
        body["outputs"][0]["fps"] = rate
        assert {seen_color(frame) for frame in frames(render(body, v=source).path)} == {"r"}, rate
