"""From eight minutes of video to five captioned upright clips on this machine. Goal: 5 minutes on two cores.

`python -m bench.clips [MINUTES]`. The baseline is FFmpeg encoding as many seconds of the same picture at the clips' size, on
all cores.
The video is the talk of `make demo`, over and over."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.footage import portrait
from demo.footage.talk import make_talk
from shared.clips.finding import Found, Hearing, Known, find_clips
from shared.clips.look import ClipLook
from shared.clips.running import ClipFolder, Order, run_recording
from shared.clips.stage import Stage
from shared.media import find_ffmpeg, probe
from shared.prompts import fill, preset

MINUTES, CLIPS, GOAL_S = 8.0, 5, 300.0
REQUEST = fill(preset("viral"), {"clip_count": CLIPS, "duration": "20-40"})


def main() -> None:
    """Measure and print the table."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    load = os.getloadavg()[0]
    with TemporaryDirectory(prefix="bench-clips-") as name:
        folder = Path(name)
        video = _video(folder, minutes * 60)
        seconds = probe(video).duration
        stages = _Stages()
        started = time.perf_counter()
        selection, made = run_recording(video, Order(REQUEST), ClipFolder(folder / "out"), on_stage=stages.hear)
        taken = time.perf_counter() - started
        again = _selected(folder / "out", video)
        shown = sum(each.clip.duration for each in made)
        baseline = _encoded(video, shown)
    print(f"{seconds / 60:.1f} minutes of talk, {os.cpu_count()} cores, load {load:.1f} at the start\n")
    print(f"{'':<44}{'s':>8}{'x real time':>13}")
    for stage in Stage:
        print(f"{stage.value:<44}{stages.seconds(stage):>8.1f}{seconds / max(stages.seconds(stage), 1e-9):>13.1f}")
    print(f"{'selecting again, transcript and analysis known':<44}{again:>8.2f}")
    print(f"{f'encoding {shown:.0f} s with FFmpeg alone (baseline)':<44}{baseline:>8.1f}{shown / baseline:>13.1f}")
    print(f"{f'all: {len(made)} clips of {selection.considered} moments':<44}{taken:>8.1f}{seconds / taken:>13.1f}")
    print(
        f"\nrendering {stages.seconds(Stage.RENDERING) / baseline:.2f} x the baseline; goal for the whole: {GOAL_S:.0f} s"
    )


class _Stages:
    """How long each stage takes. Transcribing and analysing go on side by side, so each lasts from the start to its last word; of
    the others, every time between two words belongs to the stage of the second."""

    def __init__(self) -> None:
        self._began = self._heard = time.perf_counter()
        self._spent = dict.fromkeys(Stage, 0.0)

    def hear(self, stage: Stage, _fraction: float) -> None:
        """Hear of a stage."""
        moment = time.perf_counter()
        if stage in (Stage.TRANSCRIBING, Stage.ANALYSING):
            self._spent[stage] = moment - self._began
        else:
            self._spent[stage] += moment - self._heard
        self._heard = moment

    def seconds(self, stage: Stage) -> float:
        """What it has taken until now."""
        return self._spent[stage]


def _video(folder: Path, seconds: float) -> Path:
    """The talk as often as it takes."""
    talk, video = folder / "talk.mp4", folder / "video.mp4"
    make_talk(talk, portrait())
    times = int(seconds // probe(talk).duration)
    _ffmpeg("-stream_loop", str(times), "-i", str(talk), "-c", "copy", "-t", f"{seconds:.2f}", str(video))
    return video


def _selected(folder: Path, video: Path) -> float:
    """Seconds of a selection when everything else is known."""
    known = ClipFolder(folder).known(video, Hearing(), None)
    with _timed() as taken:
        _found(video, known)
    return taken[0]


def _found(video: Path, known: Known) -> Found:
    return find_clips(video, REQUEST, known=known)


def _encoded(video: Path, seconds: float) -> float:
    """Seconds that FFmpeg takes to encode so much of the video at the size of the clips."""
    width, height = ClipLook().size
    scaled = f"scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height}"
    with _timed() as taken:
        _ffmpeg(
            *("-t", f"{seconds:.2f}", "-i", str(video), "-vf", scaled, "-preset", "veryfast", "-crf", "21"),
            str(video.with_name("baseline.mp4")),
        )
    return taken[0]


@contextmanager
def _timed() -> Iterator[list[float]]:
    taken: list[float] = []
    started = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - started)


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([find_ffmpeg().path, "-v", "error", "-y", *arguments], check=True)


if __name__ == "__main__":
    main()
