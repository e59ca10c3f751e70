"""`plan` and `render` on the command line: from files on this machine to films, with the steps told."""

import json
from pathlib import Path

import pytest

from shared.kompositions.cli import main
from shared.media import probe
from tests.shared.kompositions.documents import document, segment
from tests.shared.media.clips import plain


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A document, and a folder with the file of its source."""
    (tmp_path / "footage").mkdir()
    plain(tmp_path / "footage" / "asset-video.mp4", "red", 5, tone=440)
    body = document(segment("a", "video", 0, 2), segment("b", "video", 2, 5, sourceStart=1))
    (tmp_path / "film.json").write_text(json.dumps(body))
    return tmp_path


def run(folder: Path, command: str, *more: str) -> int:
    where = ["--media-dir", str(folder / "footage"), "--cache", str(folder / "cache")]
    return main([command, str(folder / "film.json"), *where, *more])


def test_a_plan_tells_steps_time_and_cost(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "plan", "--json") == 0
    [plan] = json.loads(capsys.readouterr().out)
    assert (plan["frames"], plan["encodedFrames"], plan["cachedFrames"]) == (150, 150, 0)
    assert [step["kind"] for step in plan["steps"]] == ["encode"]
    assert plan["estimatedSeconds"] > 0
    assert plan["costUsd"] > 0


def test_a_render_is_made_and_planned_for_again_from_the_cache(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = folder / "film.mp4"
    assert run(folder, "render", "-o", str(film)) == 0
    told = capsys.readouterr()
    assert "100 %" in told.err
    assert str(film) in told.out
    video = probe(film).video
    assert video is not None
    assert video.frame_count == 150
    assert run(folder, "plan") == 0
    assert "0 to encode" in capsys.readouterr().out


def test_a_file_can_be_named_for_a_source(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = folder / "footage" / "asset-video.mp4"
    other = clip.rename(folder / "elsewhere.mp4")
    assert run(folder, "plan") == 1
    assert "/sources/0/assetId [missing_media]" in capsys.readouterr().err
    assert run(folder, "plan", "--media", f"video={other}") == 0
    assert run(folder, "plan", "--media", "video") == 2
    assert run(folder, "plan", "--media", f"nobody={other}") == 2


def test_as_many_files_as_outputs_are_wanted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "render", "-o", "a.mp4", "-o", "b.mp4") == 2
    assert "give -o as often" in capsys.readouterr().err


def test_a_document_with_errors_is_not_planned(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "film.json").write_text(json.dumps(document(segment("a", "nobody", 0, 2))))
    assert run(folder, "plan") == 1
    assert "nobody" in capsys.readouterr().err


def test_captions_beside_the_film_are_in_a_file_named_like_it(folder: Path) -> None:
    body = json.loads((folder / "film.json").read_text())
    cue = {"start": 1, "end": 2, "text": "Hello there"}
    body["tracks"]["caption"] = [{"mode": "sidecar", "transcript": {"segments": [cue]}}]
    (folder / "film.json").write_text(json.dumps(body))
    assert run(folder, "render", "-o", str(folder / "film.mp4")) == 0
    told = (folder / "film.vtt").read_text()
    assert told.startswith("WEBVTT")
    assert "00:00:01.000 --> 00:00:02.000" in told
