"""`make demo` does what the README says, on footage of our own and on a video of the user's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from demo.footage import Footage
from shared.media import probe
from tests.cloud import ROOT


def run_demo(folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """The command behind `make demo`, with its results in `folder`."""
    command = [sys.executable, "-m", "infra.local", "exec", "--", sys.executable, "-m", "demo"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DEMO_EXIT": "1", **variables}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=170, check=False
    )


def test_the_demo_opens_with_a_video_of_the_users_and_leaves_a_film_and_its_pictures(
    tmp_path: Path, footage: Footage
) -> None:
    ran = run_demo(tmp_path, VIDEO=str(footage.cells))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    film = probe(tmp_path / "demo-out" / "komposition.mp4")
    assert film.video is not None
    assert (film.video.width, film.video.height) == (1280, 720)
    assert (tmp_path / "demo-out" / "contact-sheet.png").read_bytes().startswith(b"\x89PNG")
    for line in ("Upload cells.mp4", "Render:", "counted, 100.0% succeeded", "API          http://127.0.0.1:"):
        assert line in ran.stdout


@pytest.mark.parametrize("video", ["no-such-file.mp4", __file__])
def test_a_video_that_cannot_be_used_ends_the_demo_with_a_reason(tmp_path: Path, video: str) -> None:
    ran = run_demo(tmp_path, VIDEO=video)
    assert ran.returncode == 1
    assert "This step failed." in ran.stdout
    assert Path(video).name in ran.stdout
