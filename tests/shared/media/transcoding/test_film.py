"""A whole transcode: all its parts, or nothing and the reason."""

import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from shared.media import RenderCancelled, RenderFailed, RenderTimeout
from shared.media.transcoding import transcode
from tests.cloud import ROOT
from tests.shared.media.transcoding.conftest import plan_for


def test_a_ladder_comes_with_everything_beside_it(film: Path, tmp_path: Path) -> None:
    told: list[float] = []
    made = transcode(film, plan_for(film, profile="ladder"), tmp_path, on_progress=told.append)
    assert made.entry.name == "master.m3u8"
    assert {path.name for path in made.files} == {
        *("master.m3u8", "manifest.mpd", "180p.m3u8", "180p.mp4", "sound.m3u8", "sound.mp4")
    }
    kinds = {each.kind for each in made.sidecars}
    assert kinds == {"poster", "sprites", "spritesIndex", "waveform", *(f"thumbnail{number}" for number in range(1, 9))}
    there = {path.name for path in tmp_path.iterdir()}
    assert there == {path.name for path in made.files} | {each.path.name for each in made.sidecars}
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert made.encoder == "cpu"
    assert made.size == sum(path.stat().st_size for path in made.files)
    assert made.peak_memory > 10_000_000


def test_it_can_be_cancelled_and_has_a_limit(film: Path, tmp_path: Path) -> None:
    plan = plan_for(film, profile="ladder", preset="veryslow")
    with pytest.raises(RenderCancelled):
        transcode(film, plan, tmp_path, should_cancel=lambda: True)
    with pytest.raises(RenderTimeout):
        transcode(film, plan, tmp_path, timeout=0.3)
    assert list(tmp_path.iterdir()) == []


def test_what_fails_stops_the_rest_and_is_the_reason(film: Path, tmp_path: Path) -> None:
    """A source that was damaged after it was probed: its sound cannot be read, while its pictures are being encoded."""
    plan = plan_for(film)
    gone = plan.info.streams[1].model_copy(update={"index": 7})
    broken = plan.info.model_copy(update={"streams": (plan.info.streams[0], gone)})
    with pytest.raises(RenderFailed, match="lacks the picture or the sound"):
        transcode(film, replace(plan, info=broken), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_process_that_is_killed_leaves_is_gone_when_the_next_one_works_there(
    silent: Path, tmp_path: Path
) -> None:
    script = f"""
        import os, signal
        from pathlib import Path
        from shared.media.transcoding import transcode
        from tests.shared.media.transcoding.conftest import plan_for
        silent = Path({str(silent)!r})
        transcode(silent, plan_for(silent), Path({str(tmp_path)!r}), on_progress=lambda _: os.kill(os.getpid(), signal.SIGKILL))
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) != []
    made = transcode(silent, plan_for(silent), tmp_path)
    assert list(tmp_path.iterdir()) == [made.entry]
