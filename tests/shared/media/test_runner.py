"""Running FFmpeg: progress, cancel, time limit, errors that help, and never half a file."""

import os
import subprocess
import time
from itertools import pairwise
from pathlib import Path

import pytest

from shared.media import (
    OutOfSpace,
    Progress,
    RenderCancelled,
    RenderFailed,
    RenderTimeout,
    RunResult,
    find_ffmpeg,
    run_graph,
)
from tests.shared.media.clips import plain

SLOW = ("-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=60:d=600", "-preset", "veryslow", "-f", "mp4")
ENCODE = ("-f", "lavfi", "-i", "testsrc2=s=640x360:r=30:d=8", "-pix_fmt", "yuv420p", "-preset", "veryfast", "-f", "mp4")


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def run(output: Path, *arguments: str, duration: float = 8, **options: object) -> RunResult:
    return run_graph([*arguments, str(output)], duration=duration, output=output, **options)  # type: ignore[arg-type]


def running(output: Path) -> list[int]:
    """FFmpeg processes that write beside `output`."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            command = (process / "cmdline").read_bytes().decode().split("\0")
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z" and any(part.startswith(f"{output.parent}/.kompo-") for part in command):
            found.append(int(process.name))
    return found


def test_progress_rises_to_one_and_the_cost_is_told(tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    seen: list[Progress] = []
    result = run_graph([*ENCODE, str(output)], duration=8, output=output, on_progress=seen.append)
    assert [progress.fraction for progress in seen] == sorted(progress.fraction for progress in seen)
    assert seen[-1].fraction > 0.98
    assert seen[-1].frames == result.frames == 240
    assert result.size == output.stat().st_size > 0
    assert 0 < result.cpu_seconds < 60
    assert result.peak_memory > 10 << 20
    assert left_in(tmp_path) == ["out.mp4"]


def test_cancel_stops_within_a_second_and_a_half_and_leaves_nothing(tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    asked: list[float] = []

    def should_cancel() -> bool:
        asked.append(time.monotonic())
        return len(asked) >= 8

    with pytest.raises(RenderCancelled):
        run(output, *SLOW, should_cancel=should_cancel)
    assert time.monotonic() - asked[-1] < 1.5
    assert all(later - earlier < 0.25 for earlier, later in pairwise(asked)), "asked at 4 Hz or more"
    assert left_in(tmp_path) == []
    assert running(output) == []


def test_a_process_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    deaf = tmp_path / "ffmpeg"
    deaf.write_text(
        "#!/bin/sh\n[ \"$1\" = -version ] && echo 'ffmpeg version 9.9' && exit 0\ntrap '' TERM\nsleep 60 & sleep 60\nsleep 60\n"
    )
    deaf.chmod(0o755)
    output = tmp_path / "films" / "out.mp4"
    output.parent.mkdir()
    started = time.monotonic()
    with pytest.raises(RenderTimeout):
        run(output, *SLOW, timeout=0.3, ffmpeg=find_ffmpeg(deaf))
    assert time.monotonic() - started < 0.3 + 1.5
    assert running(output) == []


def test_a_run_over_its_time_is_stopped(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(RenderTimeout) as caught:
        run(tmp_path / "out.mp4", *SLOW, timeout=0.5)
    assert time.monotonic() - started < 2
    assert "0.5 seconds" in caught.value.detail
    assert left_in(tmp_path) == []


def test_a_callback_that_raises_stops_the_run(tmp_path: Path) -> None:
    def broken(_: Progress) -> None:
        raise LookupError("the job is gone")

    output = tmp_path / "out.mp4"
    with pytest.raises(LookupError):
        run(output, *SLOW, on_progress=broken)
    assert left_in(tmp_path) == []
    assert running(output) == []


def test_a_failed_run_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    output.write_bytes(b"the film of yesterday")
    with pytest.raises(RenderFailed):
        run(output, "-i", str(tmp_path / "missing.mp4"), "-f", "mp4")
    assert output.read_bytes() == b"the film of yesterday"
    assert left_in(tmp_path) == ["out.mp4"]


def test_the_reason_is_told_without_local_folders(tmp_path: Path) -> None:
    clip = plain(tmp_path / "clip.mp4", "red")
    with pytest.raises(RenderFailed) as caught:
        run(tmp_path / "out.mp4", "-i", str(clip), "-vf", "frobnicate", "-f", "mp4")
    assert "frobnicate" in caught.value.detail
    with pytest.raises(RenderFailed) as caught:
        run(tmp_path / "out.mp4", "-i", str(tmp_path / "missing.mp4"), "-f", "mp4")
    assert caught.value.detail == "missing.mp4 is not there any more. Upload it again."
    assert str(tmp_path) not in caught.value.detail


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_out_of_space(tmp_path: Path) -> None:
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", tmp_path], capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        with pytest.raises(OutOfSpace):
            run(tmp_path / "out.mp4", *ENCODE)
        assert left_in(tmp_path) == []
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_several_outputs_appear_together(tmp_path: Path) -> None:
    film, sound = tmp_path / "film.mp4", tmp_path / "sound.wav"
    tone = ("-f", "lavfi", "-i", "sine=d=8", "-map", "0:v", "-pix_fmt", "yuv420p", "-f", "mp4", str(film))
    arguments = [*ENCODE[:4], *tone, "-map", "1:a", "-f", "wav", str(sound)]
    result = run_graph(arguments, duration=8, output=[film, sound])
    assert result.outputs == (film, sound)
    assert result.size == film.stat().st_size + sound.stat().st_size
    assert left_in(tmp_path) == ["film.mp4", "sound.wav"]


def test_of_several_outputs_none_appears_when_one_fails(tmp_path: Path) -> None:
    film, odd = tmp_path / "film.mp4", tmp_path / "odd.mp4"
    arguments = [*ENCODE, str(film), "-c:v", "no-such-encoder", "-f", "mp4", str(odd)]
    with pytest.raises(RenderFailed) as caught:
        run_graph(arguments, duration=8, output=[film, odd])
    assert "no-such-encoder" in caught.value.detail
    assert left_in(tmp_path) == []


def test_a_run_without_output_tells_what_it_measured() -> None:
    measure = ["-loglevel", "info", "-f", "lavfi", "-i", "sine=d=2", "-af", "volumedetect", "-f", "null", "-"]
    result = run_graph(measure, duration=2, output=())
    assert "mean_volume" in result.log
    assert result.size == 0


def test_arguments_that_do_not_name_the_output_are_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="every output"):
        run_graph([*ENCODE, "other.mp4"], duration=1, output=tmp_path / "out.mp4")


@pytest.mark.parametrize(("name", "options"), [("still.jpg", ("-f", "image2", "-update", "1")), ("film.mp4", ())])
def test_an_output_for_which_there_was_nothing_is_an_error(tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    nothing = ("-f", "lavfi", "-i", "testsrc2=s=64x36:d=1", "-vf", "trim=start=9,format=yuvj420p")
    with pytest.raises(RenderFailed, match="nothing to write"):
        run(tmp_path / name, *nothing, *options)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(("name", "reason"), [("z" * 300, "file name too long"), ("folder", "is a folder")])
def test_a_name_that_no_result_can_have_is_refused_before_anything_runs(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(RenderFailed, match=reason):
        run(tmp_path / name, "-f", "lavfi", "-i", "no such thing")
    assert left_in(tmp_path) == ["folder"]
