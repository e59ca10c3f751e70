"""Shapes are kept unless asked otherwise, and a crop keeps what it says."""

from pathlib import Path

import numpy as np
import pytest

from shared.media import probe
from shared.media.operations import InvalidOperation, run_operation
from shared.media.operations.framing import SHAPES
from tests.shared.media.clips import frames, make
from tests.shared.media.operations.conftest import Do


@pytest.fixture(scope="module")
def quarters(folder: Path) -> Path:
    """320x180 with four upright stripes (red, green, blue, white), 0.2 s."""
    stripes = "".join(f",drawbox=x={x}:w=80:h=180:c={c}:t=fill" for x, c in ((0, "red"), (80, "lime"), (160, "blue")))
    return make(folder / "quarters.mp4", "-f", "lavfi", "-i", f"color=white:s=320x180:r=10:d=0.2{stripes}", "-crf", "5")


def size(path: Path) -> tuple[int | None, int | None]:
    video = probe(path).video
    assert video is not None
    return video.width, video.height


def colors(path: Path, row: float = 0.5) -> list[str]:
    """What is seen from left to right on a row of the first frame, once each; not what is narrower than 8 pixels."""
    frame = frames(path)[0]
    names = {(1, 0, 0): "red", (0, 1, 0): "lime", (0, 0, 1): "blue", (1, 1, 1): "white", (0, 0, 0): "black"}
    seen = [names.get(tuple(int(value > 128) for value in pixel), "?") for pixel in frame[int(frame.shape[0] * row)]]
    return [color for color in dict.fromkeys(seen) if seen.count(color) > 8]


def test_one_side_alone_keeps_the_shape_and_the_frames(do: Do, film: Path) -> None:
    path = do("resize", film, width=96)
    assert size(path) == (96, 54)
    assert len(frames(path)) == 60
    assert probe(path).audio == probe(film).audio, "the sound is copied"


def test_what_an_extreme_shape_does_not_allow_is_refused(tmp_path: Path) -> None:
    thin = make(tmp_path / "thin.mkv", "-f", "lavfi", "-i", "color=red:s=4x600:r=10:d=0.2", "-c:v", "ffv1")
    with pytest.raises(InvalidOperation, match="48000 pixels") as caught:
        run_operation("resize", [thin], {"width": 320}, tmp_path / "out.mp4")
    assert [error.pointer for error in caught.value.errors] == ["/params/width"]
    with pytest.raises(InvalidOperation, match="at least 16 pixels"):
        run_operation("convert", [thin], {"videoCodec": "h265"}, tmp_path / "out.mp4")


@pytest.mark.parametrize(
    ("fit", "seen"),
    [
        ("contain", ["red", "lime", "blue", "white"]),
        ("cover", ["lime", "blue"]),
        ("stretch", ["red", "lime", "blue", "white"]),
    ],
)
def test_another_shape_is_fitted_as_asked(do: Do, quarters: Path, fit: str, seen: list[str]) -> None:
    path = do("resize", quarters, width=100, height=100, fit=fit)
    assert size(path) == (100, 100)
    assert colors(path) == seen
    top = colors(path, row=0.05)
    assert (top == ["black"]) == (fit == "contain")


@pytest.mark.parametrize("name", SHAPES)
def test_every_platform_gets_its_shape(do: Do, quarters: Path, name: str) -> None:
    width, height = SHAPES[name]
    path = do(name, quarters, scale=0.1, crop="blur")
    assert size(path) == (round(width / 20) * 2, round(height / 20) * 2)


def test_crops_keep_what_they_say(do: Do, folder: Path) -> None:
    halves = "color=red:s=90x160:r=10:d=0.2,drawbox=y=80:w=90:h=80:c=blue:t=fill"
    upright = make(folder / "halves.mp4", "-f", "lavfi", "-i", halves, "-crf", "5")
    shown = {crop: do("youtube_landscape", upright, scale=0.1, crop=crop) for crop in ("top", "center", "bottom")}
    means = {crop: frames(path)[0].mean(axis=(0, 1)) for crop, path in shown.items()}
    assert means["top"][0] > 240
    assert means["top"][2] < 15
    assert means["bottom"][2] > 240
    assert means["bottom"][0] < 15
    assert means["center"][0] == pytest.approx(means["center"][2], abs=20)


@pytest.mark.parametrize("place", [0, 240])
def test_a_smart_crop_keeps_what_moves(do: Do, folder: Path, place: int) -> None:
    moving = f"color=gray:s=320x180:r=10:d=1[g];testsrc2=s=80x80:r=10:d=1[t];[g][t]overlay=x={place}:y=50"
    source = make(folder / f"moving-{place}.mp4", "-f", "lavfi", "-i", moving, "-crf", "10")

    def detail(crop: str) -> float:
        return float(np.mean([frame.std() for frame in frames(do("tiktok_vertical", source, scale=0.1, crop=crop))]))

    assert detail("smart") > 20
    assert detail("center") < 5


def test_a_film_of_a_few_frames_is_looked_at_too(do: Do, quarters: Path) -> None:
    assert size(do("instagram_square", quarters, scale=0.1, crop="smart")) == (108, 108)


def test_a_size_must_be_named(film: Path, tmp_path: Path) -> None:
    for params, pointer in (
        ({}, "/params/width"),
        ({"width": 101}, "/params/width"),
        ({"height": 2}, "/params/height"),
    ):
        with pytest.raises(InvalidOperation) as caught:
            run_operation("resize", [film], params, tmp_path / "out.mp4")
        assert [error.pointer for error in caught.value.errors] == [pointer]
