"""transcode on the command line: what would be made, what was made, and why not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shared.media.cli import main
from tests.cloud import ROOT
from tests.shared.media.clips import numbered, plain, read_numbers


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1 s of numbered frames."""
    return numbered(tmp_path_factory.mktemp("films") / "film.mp4", 1)


def test_a_profile_is_made_as_a_command(film: Path, tmp_path: Path) -> None:
    sized = ["--set", "width=160", "--set", "height=90", "--set", "crf=4"]
    command = [
        sys.executable,
        "-m",
        "shared.media",
        "transcode",
        film,
        "--profile",
        "preview",
        *sized,
        "--set",
        "fps=30",
    ]
    done = subprocess.run(
        [*command, "-o", tmp_path / "new" / "folder"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "100 %  preview" in done.stderr
    assert "encoded by cpu" in done.stdout or "encoded by gpu" in done.stdout
    assert read_numbers(tmp_path / "new" / "folder" / "preview.mp4") == list(range(30))


def test_a_ladder_says_in_json_what_it_made(film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["transcode", str(film), "--profile", "ladder", "-o", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["entry"] == str(tmp_path / "master.m3u8")
    assert all(Path(path).exists() for path in (*told["files"], *told["sidecars"].values()))
    assert told["fellBack"] is None
    assert told["peakMemory"] > 0


def test_a_plan_is_told_and_nothing_is_made(film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["transcode", str(film), "--profile", "tiktok", "--plan", "-o", str(tmp_path / "none")]) == 0
    assert "1080x1920 h264, fast, crf 23, at most 4000 kbit/s" in capsys.readouterr().out
    assert main(["transcode", str(film), "--profile", "ladder", "--plan", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in told["renditions"]] == ["90p"]
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_a_sentence(film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = plain(tmp_path / "long.mp4", "gray", 61, rate="5", size="64x64")
    out = ["-o", str(tmp_path / "out")]
    for arguments, status, said in (
        ([str(long), "--profile", "tiktok", *out], 1, "takes 60 s at most; this film lasts 61.0 s"),
        ([str(tmp_path / "none.mp4"), "--profile", "tiktok", *out], 1, "The file is not there"),
        ([str(film), "--set", "crf=99", *out], 1, "/params/crf"),
        ([str(film), "--set", "codec=vp9", "--set", "encoder=gpu", *out], 1, "No GPU here encodes vp9"),
        ([str(film), "-o", str(film)], 1, "cannot be made"),
        ([str(film), "--profile", "tiktok"], 2, "-o FOLDER"),
        ([str(film), "--set", "crf", *out], 2, "NAME=VALUE"),
    ):
        assert main(["transcode", *arguments]) == status
        assert said in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"long.mp4"}
