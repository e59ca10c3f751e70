"""`make demo` does what the README says, on footage of our own and on a video of the user's."""

import os
import subprocess
import sys
from pathlib import Path

from demo.footage import Footage
from shared.media import probe
from tests.cloud import ROOT


def run_demo(folder: Path, *videos: Path) -> "subprocess.CompletedProcess[str]":
    """The command behind `make demo`, with its results in `folder`; of several videos one after the other in one suite."""
    demos = "; ".join(f'VIDEO="{video}" "{sys.executable}" -m demo' for video in videos)
    command = [sys.executable, "-m", "infra.local", "exec", "--", "sh", "-c", demos]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DEMO_EXIT": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=170, check=False
    )


def test_the_demo_opens_with_a_video_of_the_users_and_leaves_a_film_and_its_pictures(
    tmp_path: Path, footage: Footage
) -> None:
    ran = run_demo(tmp_path, footage.cells)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    film = probe(tmp_path / "demo-out" / "komposition.mp4")
    assert film.video is not None
    assert (film.video.width, film.video.height) == (1280, 720)
    assert (tmp_path / "demo-out" / "contact-sheet.png").read_bytes().startswith(b"\x89PNG")
    for line in ("Upload cells.mp4", "Render:", "counted, 100.0% succeeded", "API          http://127.0.0.1:"):
        assert line in ran.stdout


def test_a_video_that_cannot_be_used_ends_the_demo_with_a_reason(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("no film")
    ran = run_demo(tmp_path, tmp_path / "no-such-file.mp4", text)
    assert ran.returncode == 1
    assert ran.stdout.count("This step failed.") == 2
    assert ran.stdout.index("no-such-file.mp4") < ran.stdout.index("text.mp4")
