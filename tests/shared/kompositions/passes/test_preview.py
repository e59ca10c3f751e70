"""Previews show what the film will show: the same frame, the same frames in a sheet, the same film smaller."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shared.core.errors import InvalidInput
from shared.kompositions import SourceMedia
from shared.kompositions.passes import RenderOptions, preview_frame, preview_proxy, preview_sheet, render
from shared.media import probe
from tests.shared.kompositions.passes.conftest import Film
from tests.shared.media.clips import frames


@pytest.mark.parametrize(("at", "number", "name"), [(0, 0, "a.png"), (5.99, 179, "b.jpg"), (99, 359, "c.png")])
def test_a_frame_is_that_of_the_film(
    film: Film, media: dict[str, SourceMedia], tmp_path: Path, at: float, number: int, name: str
) -> None:
    transitions = ({"type": "crossfade", "fromSegment": "s0", "toSegment": "s1", "duration": {"beats": 1}},)
    komposition = film(3, transitions=transitions)
    path, whole = tmp_path / name, tmp_path / "film.mp4"
    assert preview_frame(komposition, media, Fraction(str(at)), path) == number
    render(komposition, media, [whole], options=RenderOptions(copy_sources=False))
    with Image.open(path) as picture:
        shown = np.asarray(picture.convert("RGB")).astype(float)
    assert np.abs(shown - frames(whole)[number]).mean() < 6


def test_a_sheet_shows_the_middles_of_equal_parts(film: Film, media: dict[str, SourceMedia], tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    preview_sheet(film(2), media, path, columns=3, rows=2)
    with Image.open(path) as sheet:
        assert sheet.size == (3 * 320 + 4 * 8, 2 * 180 + 3 * 8)


def test_a_proxy_is_the_film_smaller(film: Film, media: dict[str, SourceMedia], tmp_path: Path) -> None:
    path = tmp_path / "proxy.mp4"
    made = preview_proxy(film(2, output={"width": 1080, "height": 1920}), media, path)
    info = probe(path)
    assert info.video is not None
    assert (info.video.width, info.video.height, info.video.frame_count) == (360, 640, 240)
    assert made.plan.frames == 240


def test_sound_alone_has_no_frame(film: Film, media: dict[str, SourceMedia], tmp_path: Path) -> None:
    komposition = film(1, outputs=[{"container": "mp3"}])
    with pytest.raises(InvalidInput, match="no picture"):
        preview_frame(komposition, media, Fraction(0), tmp_path / "frame.png")
