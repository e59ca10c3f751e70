"""`make demo` does what the README says, on footage of our own and on a video of the user's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from demo.footage import Footage
from shared.media import probe
from tests.cloud import ROOT


def run_demo(folder: Path, *videos: Path) -> "subprocess.CompletedProcess[str]":
    """The command behind `make demo`, with its results in `folder`; of several videos one after the other in one suite."""
    demos = "; ".join(f'VIDEO="{video}" "{sys.executable}" -m demo; echo "exit $?"' for video in videos)
    command = [sys.executable, "-m", "infra.local", "exec", "--", "sh", "-c", demos]
    short = {"DEMO_TALK": "45", "DEMO_CLIP": "6-10"}
    environment = {**os.environ, **short, "PYTHONPATH": str(ROOT), "DEMO_EXIT": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280, check=False
    )


@pytest.mark.timeout(300)
def test_the_demo_refuses_what_is_no_video_and_leaves_a_film_clips_and_their_pictures(
    tmp_path: Path, footage: Footage
) -> None:
    shutil.copytree(footage.dusk.parent, tmp_path / "demo-out" / "footage")
    text = tmp_path / "text.mp4"
    text.write_text("no film")
    ran = run_demo(tmp_path, tmp_path / "no-such-file.mp4", text, footage.cells)
    ends = [line for line in ran.stdout.splitlines() if line.startswith("exit ")]
    assert ends == ["exit 1", "exit 1", "exit 0"], ran.stdout + ran.stderr
    assert ran.stdout.count("This step failed.") == 2
    assert ran.stdout.index("no-such-file.mp4") < ran.stdout.index("text.mp4") < ran.stdout.index("Upload cells.mp4")
    for line in ("Render:", "counted, 100.0% succeeded", "API          http://127.0.0.1:", "as they were said"):
        assert line in ran.stdout
    out = tmp_path / "demo-out"
    assert size(out / "komposition.mp4") == (1280, 720)
    assert [size(out / f"clip-{number}.mp4") for number in (1, 2, 3)] == [(540, 960)] * 3
    for name in ("contact-sheet", "clip-1", "clip-2", "clip-3"):
        assert (out / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def size(film: Path) -> tuple[int | None, int | None]:
    video = probe(film).video
    assert video is not None
    return video.width, video.height
