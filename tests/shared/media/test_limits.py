"""What a run may take of the machine, and what is left when it is ended."""

import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from shared.core.settings import EngineSettings
from shared.media import (
    Limits,
    OutOfMemory,
    OutputTooLarge,
    RenderFailed,
    RenderTimeout,
    find_ffmpeg,
    run_graph,
)
from shared.media.limits import default_limits, machine_memory, probe_limits
from shared.media.partials import partials, sweep_partials
from tests.shared.media.clips import plain
from tests.shared.media.test_runner import ENCODE, SLOW, left_in, run, running

ENDLESS = ("-f", "lavfi", "-i", "testsrc2=s=640x360:r=30", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-f", "mp4")
HUNGRY = ("-f", "lavfi", "-i", "testsrc2=s=1280x720:r=30:d=20", "-vf", "reverse", "-preset", "ultrafast", "-f", "mp4")


def test_a_run_that_needs_too_much_memory_is_stopped(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(OutOfMemory, match="more than 200 MiB of memory"):
        run(tmp_path / "out.mp4", *HUNGRY, limits=Limits(memory=200 << 20))
    assert time.monotonic() - started < 10
    assert left_in(tmp_path) == []
    assert running(tmp_path / "out.mp4") == []


def test_a_result_that_grows_over_its_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputTooLarge, match="grew over 100 KiB"):
        run(tmp_path / "out.mp4", *ENCODE, limits=Limits(output=100 << 10))
    assert left_in(tmp_path) == []


def test_the_limit_is_of_all_results_together(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.yuv" for number in range(4)]
    raw = [("-map", "0:v", "-c:v", "rawvideo", "-pix_fmt", "gray", "-f", "rawvideo", str(path)) for path in paths]
    arguments = ["-re", *ENDLESS[:4], *(argument for output in raw for argument in output)]
    with pytest.raises(OutputTooLarge):
        run_graph(arguments, duration=8, output=paths, limits=Limits(seconds=30, output=20 << 20))
    assert left_in(tmp_path) == []


def test_a_file_beside_the_results_is_held_to_the_limit_too(tmp_path: Path) -> None:
    stray = tmp_path / "stray.yuv"
    arguments = [*ENDLESS[:4], "-c:v", "rawvideo", "-f", "rawvideo", str(stray)]
    with pytest.raises(OutputTooLarge):
        run_graph(arguments, duration=8, output=(), limits=Limits(output=1 << 20))
    assert stray.stat().st_size <= 1 << 20


@pytest.mark.parametrize(
    ("limits", "error"), [(Limits(seconds=1), RenderTimeout), (Limits(output=300 << 10), OutputTooLarge)]
)
def test_an_endless_source_ends_at_a_limit(tmp_path: Path, limits: Limits, error: type[RenderFailed]) -> None:
    with pytest.raises(error):
        run(tmp_path / "out.mp4", *ENDLESS, limits=limits)
    assert left_in(tmp_path) == []


def test_an_endless_source_ends_at_the_length_that_is_planned(tmp_path: Path) -> None:
    clip = plain(tmp_path / "clip.mp4", "red", 1)
    arguments = ("-stream_loop", "-1", "-i", str(clip), "-t", "3", "-preset", "ultrafast", "-f", "mp4")
    assert run(tmp_path / "out.mp4", *arguments, duration=3).frames == 90


def test_the_nearer_of_timeout_and_limit_counts(tmp_path: Path) -> None:
    for timeout, seconds in ((0.3, 60), (60, 0.3)):
        with pytest.raises(RenderTimeout, match=r"longer than 0\.3 seconds"):
            run(tmp_path / "out.mp4", *SLOW, timeout=timeout, limits=Limits(seconds=seconds))


def test_a_run_has_limits_when_nobody_sets_any(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KOMPO_FFMPEG_MEMORY_BYTES", "KOMPO_FFMPEG_OUTPUT_BYTES", "KOMPO_FFMPEG_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    for asked in (default_limits, probe_limits):
        asked.cache_clear()
    found, looking = default_limits(), probe_limits()
    assert found == Limits(86_400, machine_memory() * 3 // 4, 256 << 30)
    assert 1 << 28 < machine_memory() < 1 << 50
    assert looking.memory == min(machine_memory() // 2, 1 << 30)


def test_the_settings_say_other_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPO_FFMPEG_MEMORY_BYTES", str(6 << 30))
    monkeypatch.setenv("KOMPO_FFMPEG_OUTPUT_BYTES", str(2 << 30))
    settings = EngineSettings()
    assert (settings.ffmpeg_memory_bytes, settings.ffmpeg_output_bytes) == (6 << 30, 2 << 30)


def test_what_ffmpeg_started_is_ended_with_it(tmp_path: Path) -> None:
    binary = tmp_path / "ffmpeg"
    binary.write_text(
        "#!/bin/sh\n[ \"$1\" = -version ] && echo 'ffmpeg version 9.9' && exit 0\n"
        f"( trap '' TERM HUP; sleep 60 & echo $! > {tmp_path}/pid; wait ) > /dev/null 2>&1 &\n"
        f"while [ ! -s {tmp_path}/pid ]; do sleep 0.01; done\nexit 1\n"
    )
    binary.chmod(0o755)
    with pytest.raises(RenderFailed):
        run(tmp_path / "out.mp4", *ENCODE, ffmpeg=find_ffmpeg(binary))
    pid = (tmp_path / "pid").read_text().strip()
    deadline = time.monotonic() + 2
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists()


def killed_parent(output: Path, after: float) -> None:
    """A process that runs FFmpeg over and over is killed after so many seconds."""
    script = f"""
        from pathlib import Path
        from shared.media import run_graph
        output = Path({str(output)!r})
        print("on", flush=True)
        while True:
            run_graph([*{ENCODE!r}, str(output)], duration=8, output=output)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "on\n"
    time.sleep(after)
    parent.send_signal(signal.SIGKILL)
    parent.wait(10)
    parent.stdout.close()


def test_a_parent_that_is_killed_at_any_moment_leaves_no_ffmpeg_and_what_it_leaves_is_swept(tmp_path: Path) -> None:
    chance = random.Random(5)
    output = tmp_path / "out.mp4"
    for _ in range(4):
        killed_parent(output, chance.uniform(0, 0.8))
        deadline = time.monotonic() + 5
        while running(output) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert running(output) == []
    output.unlink(missing_ok=True)
    (tmp_path / ".kompo-0123456789ab.partial").mkdir()
    run(tmp_path / "next.mp4", *ENCODE)
    assert left_in(tmp_path) == ["next.mp4"]


def test_what_a_living_writer_holds_is_not_swept(tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    with partials([output]) as asides:
        asides[output].write_bytes(b"half")
        sweep_partials([tmp_path])
        with partials([asides[output]]) as inner:  # A part of the result is made by another run.
            inner[asides[output]].write_bytes(b"whole")
        sweep_partials([tmp_path])
        assert asides[output].read_bytes() == b"whole"
    assert output.read_bytes() == b"whole"
    assert left_in(tmp_path) == ["out.mp4"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RenderFailed, match="folder of the result"):
        run(tmp_path / "nowhere" / "out.mp4", *ENCODE)
