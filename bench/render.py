"""`python -m bench.render`: our compiler and runner against the FFmpeg commands that an expert would write by hand.

Five shapes of film (see `bench.shapes`), made from the same files with the same encoder settings. Runs alternate, so that other
load hits both alike. Ours is all of it: probing the sources, checking, compiling, running, making the output safe on disk."""

import argparse
import resource
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.shapes import Shape, files, shapes
from demo.footage import Footage, make_footage
from shared.kompositions import SourceMedia, parse_komposition
from shared.kompositions.passes import RenderOptions, render
from shared.media import find_ffmpeg, probe

BAR = 1.05
_ENCODER = (
    *("-map", "[film]", "-map", "[sound]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "21"),
    *("-pix_fmt", "yuv420p", "-g", "60", "-r", "30", "-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart", "-y"),
)


def main() -> None:
    """Print the median wall and processor time of both for every shape, and their ratios."""
    parser = argparse.ArgumentParser(description="Render time against the same FFmpeg command by hand.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", metavar="SHAPE")
    chosen = parser.parse_args()
    print(
        f"1280x720 at 30 frames a second, {chosen.runs} runs each, alternating: median seconds, by hand against compiled"
    )
    with TemporaryDirectory(prefix="bench-render-") as name:
        footage = make_footage(Path(name) / "footage")
        for shape in shapes(footage):
            if chosen.only in (None, shape.name):
                _compare(shape, footage, Path(name), chosen.runs)


def _compare(shape: Shape, footage: Footage, folder: Path, runs: int) -> None:
    ours, theirs = folder / f"{shape.name}-ours.mp4", folder / f"{shape.name}-by-hand.mp4"
    compiled, by_hand = _alternate(runs, lambda: _compiled(shape, footage, ours), lambda: _by_hand(shape, theirs))
    _check_same_length(shape, ours, theirs)
    wall, cpu = (_ratio(getattr(compiled, kind), getattr(by_hand, kind)) for kind in ("wall", "cpu"))
    print(
        f"  {shape.name:11} wall {_median(by_hand.wall):6.2f} {_median(compiled.wall):6.2f}  ratio {wall:5.3f}"
        f"   cpu {_median(by_hand.cpu):6.2f} {_median(compiled.cpu):6.2f}  ratio {cpu:5.3f}"
        f"   bar: wall <= {BAR}: {'met' if wall <= BAR else 'MISSED'}",
        flush=True,
    )


@dataclass
class Cost:
    """Seconds of every run: by the clock, and of processors (this process and its children)."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def _median(times: list[float]) -> float:
    return statistics.median(times)


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return _median(ours) / _median(theirs)


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _alternate(runs: int, *subjects: Callable[[], None]) -> list[Cost]:
    costs = [Cost() for _ in subjects]
    for subject in subjects:
        subject()
    for turn in range(runs):
        order = list(enumerate(subjects))
        for index, subject in order if turn % 2 else reversed(order):
            started, used = time.perf_counter(), _processor_seconds()
            subject()
            costs[index].wall.append(time.perf_counter() - started)
            costs[index].cpu.append(_processor_seconds() - used)
    return costs


def _compiled(shape: Shape, footage: Footage, output: Path) -> None:
    komposition = parse_komposition(shape.komposition)
    used = {source_id for source_id, path in files(footage).items() if str(path) in shape.by_hand}
    media = {name: SourceMedia(path, probe(path)) for name, path in files(footage).items() if name in used}
    render(komposition, media, [output], options=RenderOptions(copy_sources=False))


def _by_hand(shape: Shape, output: Path) -> None:
    command = [str(find_ffmpeg().path), "-loglevel", "error", "-nostdin", *shape.by_hand, *_ENCODER]
    subprocess.run([*command, str(output)], check=True)


def _check_same_length(shape: Shape, *paths: Path) -> None:
    """A comparison counts only if both made the same film."""
    for path in paths:
        video = probe(path).video
        assert video is not None
        assert video.frame_count == shape.frames, (path.name, video.frame_count, shape.frames)


if __name__ == "__main__":
    main()
