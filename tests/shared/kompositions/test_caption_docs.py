"""docs/captions.md is true: its document is valid, its programs run, and its tables name everything there is."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from shared.kompositions import parse_komposition
from shared.kompositions.caption_presets import caption_presets
from shared.kompositions.drawing.safe_areas import safe_area
from shared.kompositions.model import Platform
from shared.kompositions.model.captions import CaptionStyle

PAGE = (Path(__file__).parents[3] / "docs" / "captions.md").read_text("utf-8")


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def test_the_document_is_a_komposition() -> None:
    (document,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert parse_komposition(json.loads(document)).tracks.caption[0].style == "boxed"


def test_the_program_runs() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(program, "docs/captions.md", "exec"), names)
    assert names["track"].platform == "reels"


def test_every_style_platform_and_preset_is_told() -> None:
    assert set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.*?) \|", section("Styles"), re.M)))) == {
        "style",
        *get_args(CaptionStyle),
    }
    assert set(re.findall(r"^\| `(\w+)`", section("Platforms"), re.M)) == set(get_args(Platform))
    assert set(caption_presets()) <= set(re.findall(r"`(\w+)`", section("Looks by name")))


def test_the_figures_of_platforms_are_those_in_force() -> None:
    rows = re.findall(r"^\| `(\w+)`.*?\| ([\d.]+) % \| ([\d.]+) % \| ([\d.]+) % \|", section("Platforms"), re.M)
    assert len(rows) == len(get_args(Platform))
    for platform, *told in rows:
        area = safe_area(platform, 1080, 1920)
        least = [max(float(value) / 100, 0.08) for value in told]
        assert (area.top, area.bottom, area.side) == pytest.approx(tuple(least))
