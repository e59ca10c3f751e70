"""`python -m bench.reframing`: what a plan for another shape costs, what carrying it out costs, and how restless plans are.

Carrying out is against FFmpeg by hand with the same places: a crop that sendcmd moves frame by frame, on whole pixels, as others
do it. Ours moves by fractions of a pixel. Runs alternate, so that other load hits both alike; both are without sound. The
figures of restlessness are of people whose ways are made up, a minute each: their places are known, so nothing is detected."""

import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import sin
from pathlib import Path
from tempfile import TemporaryDirectory

from skimage import data
from skimage.io import imsave

from shared.media import find_ffmpeg, probe, run_graph
from shared.media.faces import FaceBox, FaceTrack
from shared.media.graph import SourceMedia, command
from shared.media.graph.framing import Framing
from shared.media.graph.inputs import Inputs
from shared.media.graph.reversal import shot_frames
from shared.media.graph.shot import Shot
from shared.media.reframing import ReframeMetrics, ReframePlan, framing_of, plan_reframe
from shared.media.reframing.directing import direct
from shared.media.reframing.metrics import measure
from shared.media.reframing.picture import Picture
from shared.media.reframing.watching import Watched

SECONDS, RATE, SIZE = 12, 30, (1280, 720)
REPEATS = 3
MOST_REVERSALS, MOST_TRAVEL = 0.13, 60.0
_CODED = {"c:v": "libx264", "preset": "veryfast", "crf": 21, "pix_fmt": "yuv420p", "g": 60}
_OUTPUT = (608, 1080)


def main() -> int:
    """Print the figures. 1 if the people move the view more than they may."""
    with TemporaryDirectory(prefix="reframing-") as name:
        folder = Path(name)
        for what, across in (("rests", "500"), ("walks", "40+60*t")):
            film = _film(folder / f"{what}.mp4", folder, across)
            plan = _planned(what, film)
            _carried_out(what, film, plan, folder)
    return _restlessness()


def _film(path: Path, folder: Path, across: str) -> Path:
    face = folder / "face.png"
    imsave(face, data.astronaut(), check_contrast=False)
    backdrop = f"color=0x405060:s={SIZE[0]}x{SIZE[1]}:r={RATE}:d={SECONDS},noise=alls=3:allf=t"
    still = ("-loop", "1", "-framerate", str(RATE), "-t", str(SECONDS), "-i", str(face))
    laid = f"[1]scale=420:420[f];[0][f]overlay=x='{across}':y=60:shortest=1,format=yuv420p"
    _ffmpeg("-f", "lavfi", "-i", backdrop, *still, "-filter_complex", laid, "-preset", "veryfast", str(path))
    return path


def _planned(what: str, film: Path) -> ReframePlan:
    before, started = _cpu(), time.monotonic()
    plan = plan_reframe(film)
    wall, cpu = time.monotonic() - started, _cpu() - before
    print(
        f"plan, someone {what}: {SECONDS / wall:.1f} x real time; {cpu / SECONDS * 1000:.0f} ms of a core a second of film"
    )
    return plan


def _carried_out(what: str, film: Path, plan: ReframePlan, folder: Path) -> None:
    ours, hand = folder / "ours.mp4", folder / "hand.mp4"
    arguments = _ours(film, plan, ours)
    commands = _by_hand(film, plan, hand, folder)
    pairs = []
    for _ in range(REPEATS):
        pairs.append(
            (
                _coded(lambda: run_graph(arguments, duration=Fraction(SECONDS), output=ours)),
                _coded(lambda: _ffmpeg(*commands)),
            )
        )
    ratio = statistics.median(one / other for one, other in pairs)
    best = [min(times) for times in zip(*pairs, strict=True)]
    print(
        f"render, someone {what}: {best[0]:.2f} s of a core; by hand on whole pixels {best[1]:.2f}; ratio {ratio:.2f}"
    )


def _ours(film: Path, plan: ReframePlan, output: Path) -> list[str]:
    import ffmpeg

    framing: Framing = framing_of(plan)
    frames = SECONDS * RATE
    shot = Shot(
        "film", SourceMedia(film, probe(film)), Fraction(0), Fraction(SECONDS), Fraction(1), frames, framing=framing
    )
    picture = shot_frames(shot, 0, frames, _OUTPUT, "contain", clear=False, inputs=Inputs(Fraction(RATE)))
    return command([ffmpeg.output(picture, str(output), **_CODED)])


def _by_hand(film: Path, plan: ReframePlan, output: Path, folder: Path) -> list[str]:
    (shot,) = plan.shots
    (view,) = shot.views
    width = round(view.width * SIZE[0] / 2) * 2
    script = folder / "commands.txt"
    places = (view.corner(number / RATE)[0] for number in range(SECONDS * RATE))
    script.write_text("".join(f"{n / RATE:.6f} crop x {round(x * SIZE[0])};\n" for n, x in enumerate(places)))
    moved = f"sendcmd=f={script},crop={width}:{SIZE[1]}:0:0,scale={_OUTPUT[0]}:{_OUTPUT[1]}"
    options = [text for name, value in _CODED.items() for text in (f"-{name}", str(value))]
    return ["-i", str(film), "-vf", moved, *options, str(output)]


def _restlessness() -> int:
    ways: dict[str, Callable[[random.Random], Iterator[float]]] = {
        "talks, and sways": lambda chance: (0.5 + 0.03 * sin(n / 4) + chance.gauss(0, 0.01) for n in range(300)),
        "leans to and fro": lambda chance: (0.5 + 0.08 * sin(n / 20) + chance.gauss(0, 0.01) for n in range(300)),
        "changes place twice": lambda chance: _stages(chance, (0.3, 0.6, 0.4)),
        "wanders": _wandering,
    }
    good = True
    for name, way in ways.items():
        plans = [_metrics(list(way(random.Random(seed)))) for seed in range(10)]
        reversals = statistics.mean(each.reversals_per_second for each in plans)
        travel = statistics.mean(each.travel_per_second for each in plans)
        inside = statistics.mean(each.subject_in_frame for each in plans)
        calm = reversals <= MOST_REVERSALS and travel <= MOST_TRAVEL
        good = good and calm
        verdict = "" if calm else "  OVER"
        print(
            f"someone who {name}: {reversals:.3f} reversals, {travel:.1f} pixels a second, in the frame {inside:.1%}{verdict}"
        )
    print(f"bars: {MOST_REVERSALS} reversals and {MOST_TRAVEL:g} pixels a second")
    return 0 if good else 1


def _metrics(places: list[float]) -> ReframeMetrics:
    boxes = tuple(FaceBox(n / 5, min(max(x, 0.05), 0.95) - 0.05, 0.25, 0.1, 0.178, 1.0) for n, x in enumerate(places))
    faces = (FaceTrack(0, boxes),)
    watched = Watched(0.0, len(places) / 5, (), faces, ())
    shots = direct(watched, (0.0, watched.end), Picture((1920, 1080), Fraction(9, 16)))
    return measure(shots, faces, (1920, 1080))


def _stages(chance: random.Random, stages: tuple[float, ...]) -> Iterator[float]:
    here = stages[0]
    for number in range(300):
        there = stages[number * len(stages) // 300]
        here += max(-0.012, min(0.012, there - here))
        yield here + chance.gauss(0, 0.008)


def _wandering(chance: random.Random) -> Iterator[float]:
    here, goal = 0.5, 0.5
    for number in range(300):
        if number % 60 == 0:
            goal = chance.uniform(0.3, 0.7)
        here += max(-0.01, min(0.01, goal - here))
        yield here + chance.gauss(0, 0.008)


def _coded(work: Callable[[], object]) -> float:
    """Seconds of a core that FFmpeg takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([find_ffmpeg().path, "-y", "-loglevel", "error", *arguments], check=True)


if __name__ == "__main__":
    sys.exit(main())
