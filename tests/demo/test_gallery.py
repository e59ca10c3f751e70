"""The gallery shows everything there is, as it renders today, and making it again changes nothing."""

import io
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image

from demo.gallery import Exhibit, all_exhibits, gallery_page, render_strip
from shared.kompositions import SourceMedia
from shared.kompositions.model.captions import CaptionStyle
from shared.kompositions.model.layout import Layout
from shared.kompositions.model.video import Scale, TransitionType
from shared.media import probe
from shared.media.effects import describe_effects
from tests.shared.media.clips import make

DOCS = Path(__file__).parents[2] / "docs"
EXHIBITS = list(all_exhibits())


def names(section: str) -> set[str]:
    """What hangs in a section."""
    return {exhibit.name for exhibit in EXHIBITS if exhibit.section == section}


def test_everything_that_can_be_seen_hangs_in_the_gallery() -> None:
    assert names("Transitions") == set(get_args(TransitionType))
    assert names("Effects") == {effect.name for effect in describe_effects() if "picture" in effect.media}
    assert {name.split(",")[0] for name in names("Layouts")} == set(get_args(Layout.model_fields["kind"].annotation))
    assert names("Scales") == set(get_args(Scale))
    assert names("Captions") == set(get_args(CaptionStyle))


def test_the_page_is_up_to_date() -> None:
    assert (DOCS / "gallery.md").read_text("utf-8") == gallery_page(), "run python -m demo.gallery"


def test_effects_on_sound_are_told_with_their_parameters() -> None:
    page = gallery_page()
    for effect in describe_effects():
        assert f"**`{effect.name}`** {' '.join(effect.description.split())}" in page
    assert "`frequency` 10 to 22000 Hz (80)" in page


def test_every_exhibit_has_its_strip_and_the_folder_stays_small() -> None:
    strips = {path.name: path for path in (DOCS / "gallery").glob("*.png")}
    assert set(strips) == {exhibit.file for exhibit in EXHIBITS}
    assert len(strips) == len(EXHIBITS), "no two exhibits share a file"
    sizes = [path.stat().st_size for path in strips.values()]
    assert max(sizes) < 25_000
    assert sum(sizes) < 2_000_000
    for exhibit in EXHIBITS:
        with Image.open(strips[exhibit.file]) as strip:
            assert strip.mode == "P"
            assert strip.size == (162 * len(exhibit.frames) - 2, 90)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceMedia]:
    """Stand-ins for the footage."""
    folder = tmp_path_factory.mktemp("gallery")
    paths = {"face": make(folder / "face.png", "-f", "lavfi", "-i", "color=red:s=320x180", "-frames:v", "1")}
    for name in ("dusk", "cells", "embers"):
        moving = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=4", "-pix_fmt", "yuv420p", "-preset", "ultrafast")
        paths[name] = make(folder / f"{name}.mp4", *moving)
    return {name: SourceMedia(path, probe(path)) for name, path in paths.items()}


@pytest.mark.parametrize("section", ["Transitions", "Effects", "Layouts", "Captions", "Overlays"])
def test_a_strip_is_the_same_each_time(section: str, media: dict[str, SourceMedia]) -> None:
    exhibit = next(exhibit for exhibit in EXHIBITS if exhibit.section == section)
    assert render_strip(exhibit, media) == render_strip(exhibit, media)


def test_a_strip_shows_the_exhibits_frames_in_order(media: dict[str, SourceMedia]) -> None:
    """A wipe to red from the right: the red grows from tile to tile."""
    red = [sum(_is_red(pixel) for pixel in tile) for tile in _tiles(_named("wipeleft"), media)]
    assert red == sorted(red)
    assert red[0] < 0.4 * red[-1]


def _named(name: str) -> Exhibit:
    [found] = [exhibit for exhibit in EXHIBITS if exhibit.name == name]
    return found


def _tiles(exhibit: Exhibit, media: dict[str, SourceMedia]) -> list[list[tuple[int, ...]]]:
    strip = Image.open(io.BytesIO(render_strip(exhibit, media))).convert("RGB")
    boxes = [(162 * place, 0, 162 * place + 160, 90) for place in range(len(exhibit.frames))]
    return [list(strip.crop(box).get_flattened_data()) for box in boxes]


def _is_red(pixel: tuple[int, ...]) -> bool:
    return pixel[0] > 200 and max(pixel[1:]) < 60
