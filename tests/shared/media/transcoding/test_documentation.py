"""The page about transcoding is true."""

import re
from fractions import Fraction

import pytest

from infra.manifest import ROOT
from shared.media.transcoding import TranscodeRequest
from shared.media.transcoding.ladder import rungs_for
from shared.media.transcoding.profiles import PROFILES

PAGE = (ROOT / "docs" / "transcoding.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]


@pytest.mark.parametrize("name", PROFILES)
def test_the_table_of_profiles_is_that_of_the_code(name: str) -> None:
    profile = PROFILES[name]
    [row] = [cells[1:] for cells in ROWS if cells[0] == f"`{name}`"]
    fps = f"{profile.fps}, or {profile.fast_fps}" if profile.fast_fps else str(profile.fps)
    longest = f"{profile.max_seconds} s" if profile.max_seconds else ""
    size = f"{profile.width}x{profile.height}"
    assert row == [size, fps, str(profile.max_kbps), str(profile.crf), profile.preset, longest]


def test_the_table_of_the_ladder_is_that_of_the_code() -> None:
    slow, fast = (rungs_for((3840, 2160), Fraction(rate), "h264") for rate in (30, 60))
    rows = [cells for cells in ROWS if re.fullmatch(r"\d+p", cells[0])]
    assert rows == [
        [one.name, f"{one.width}x{one.height}", str(one.max_kbps), str(other.max_kbps)]
        for one, other in zip(slow, fast, strict=True)
    ]


def test_every_parameter_is_on_the_page() -> None:
    for name, parameter in TranscodeRequest.model_fields.items():
        written = f"--{name}" if name == "profile" else f"`{parameter.alias}`"
        assert written in PAGE, name
