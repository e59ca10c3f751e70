"""The export command: a file for an editing program, losses beside it, exit codes that scripts can go by."""

import argparse
import json
from pathlib import Path

import pytest

from shared.kompositions.cli import export, main
from shared.kompositions.interchange import FORMATS
from tests.shared.kompositions.interchange.films import crossing, film, segment


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "film.json"
    shots = segment("a", "beach", 0, 4), segment("b", "city", 4, 8)
    path.write_text(json.dumps(film(*shots, transitions=(crossing("a", "b", "pixelize"),)).to_json()))
    return path


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    export.add_parser(parser.add_subparsers())
    parsed = parser.parse_args(["export", *arguments])
    status: int = parsed.run(parsed)
    return status


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written(name: str, document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out"
    assert run(str(document), "--to", name, "-o", str(output), "--json") == 0
    assert "beach.mp4" in output.read_text()
    losses = json.loads(capsys.readouterr().err)
    assert "/tracks/video/0/transitions/0" in {loss["pointer"] for loss in losses}


def test_the_text_goes_to_the_output_and_losses_to_the_error_output(
    document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(document), "--to", "edl") == 0
    told = capsys.readouterr()
    assert told.out.startswith("TITLE: Day")
    assert "/tracks/video/0/transitions/0: An EDL has no 'pixelize'" in told.err


def test_errors_have_exit_codes_and_reasons(document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"tracks": 5}')
    assert run(str(broken), "--to", "otio") == 1
    assert run(str(document), "--to", "edl", "--track", "none") == 1
    assert run(str(tmp_path / "gone.json"), "--to", "otio") == 2
    assert run(str(document), "--to", "otio", "-o", str(tmp_path / "no" / "where")) == 2
    assert "Choose one of 'video'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["otio", "edl"])
def test_what_was_exported_can_be_read_again(
    name: str, document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / f"film.{name}"
    assert run(str(document), "--to", name, "-o", str(output)) == 0
    capsys.readouterr()
    assert main(["convert", str(output)]) == 0
    (track,) = json.loads(capsys.readouterr().out)["tracks"]["video"]
    assert len(track["segments"]) == 2
