"""`python -m bench.operations`: each operation against the bare FFmpeg command that does the same with the same encoder.

Ours includes everything: probing, checking, planning, running, as a job does it. Runs alternate, so that other load
hits both alike. Two clips of 12 s at 1280x720, cut in the middle of a group of pictures, as footage is, and once at a key frame.
What takes only sound, or copies pictures, is given recordings of three minutes, and what only copies, one of forty: starting and
probing cost some fixed hundredths of a second, which a line at the end tells; another, what it costs that a result is made
safe from power cuts, as the command line makes it and a job does not, which puts it into a bucket."""

import argparse
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shared.media import find_ffmpeg
from shared.media.operations import run_operation

BAR = 1.05
SECONDS = 12
REPEATS, LONG_REPEATS = 15, 200
_H264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-pix_fmt", "yuv420p", "-g", "60")
_AAC = ("-c:a", "aac", "-b:a", "192k", "-ar", "48000")
_FAST = ("-movflags", "+faststart")
_LEICA = (
    "curves=preset=vintage,eq=contrast=1.1:brightness=0.05:saturation=0.9:gamma=1.05,"
    "colorbalance=rs=0.1:gs=-0.05:bs=-0.1:rm=0.05:bm=-0.05:rh=-0.05:gh=0.05:bh=0.1,format=yuv420p,"
    "unsharp=5:5:0.8:3:3:0.4"
)
_CROSS = (
    "[0:v]settb=1/30[a];[1:v]settb=1/30[b];[a][b]xfade=transition={kind}:duration=1:offset=11[v];"
    "[0:a][1:a]acrossfade=d=1:c1=qsin:c2=qsin[s]"
)
_CONCAT = "[0:v][0:a][1:v][1:a]concat=n=2:v=1:a=1[v][s]"
_MAPPED = ("-map", "[v]", "-map", "[s]", *_H264, *_AAC, *_FAST)


@dataclass(frozen=True)
class Case:
    """An operation, and the arguments by hand: `{0}` and `{1}` are the inputs. Several commands run one after the other."""

    name: str
    inputs: Sequence[str]
    by_hand: Sequence[Sequence[str]]
    params: Mapping[str, Any] = field(default_factory=dict)
    suffix: str = "mp4"
    remark: str = ""
    lasting: bool = False


def _hand(*arguments: str, inputs: int = 1, before: Sequence[str] = ()) -> tuple[str, ...]:
    opened = [word for place in range(inputs) for word in ("-i", f"{{{place}}}")]
    return (*before, *opened, *arguments)


_COPY_SOUND = (*_H264, "-c:a", "copy", *_FAST)


def _trim(start: int) -> Case:
    by_hand = _hand("-t", "8", *_H264, *_AAC, *_FAST, before=("-ss", str(start)))
    return Case("trim", ["one"], [by_hand], {"start": start, "duration": 8})


_LOUD = "loudnorm=I=-14:TP=-1:LRA=11"
CASES = (
    Case("convert", ["one"], [_hand(*_COPY_SOUND)]),
    Case("extract_audio", ["long"], [_hand("-vn", "-c:a", "copy", *_FAST)], suffix="m4a"),
    _trim(start=3),
    replace(_trim(start=2), remark=", at a key"),
    Case("resize", ["one"], [_hand("-vf", "scale=640:360:flags=bicubic", *_COPY_SOUND)], {"width": 640}),
    Case(
        "normalize_audio",
        ["recording"],
        [_hand("-vn", "-af", _LOUD, "-f", "null"), _hand("-af", _LOUD, "-c:v", "copy", *_AAC, *_FAST)],
    ),
    Case("to_mp3", ["recording"], [_hand("-vn", "-c:a", "libmp3lame", "-b:a", "192k")], suffix="mp3"),
    Case(
        "replace_audio",
        ["recording", "other"],
        [_hand("-map", "0:v", "-map", "1:a", "-c:v", "copy", *_AAC, *_FAST, "-shortest", inputs=2)],
    ),
    Case("concatenate_simple", ["one", "two"], [_hand("-filter_complex", _CONCAT, *_MAPPED, inputs=2)]),
    Case(
        "image_to_video",
        ["photo"],
        [_hand("-t", "10", *_H264, *_FAST, before=("-loop", "1", "-framerate", "25"))],
        {"duration": 10},
    ),
    Case("reverse", ["short"], [_hand("-vf", "reverse", "-af", "areverse", *_H264, *_AAC, *_FAST)]),
    Case(
        "gradient_wipe",
        ["one", "two"],
        [_hand("-filter_complex", _CROSS.format(kind="wiperight"), *_MAPPED, inputs=2)],
    ),
    Case(
        "crossfade_transition",
        ["one", "two"],
        [_hand("-filter_complex", _CROSS.format(kind="fade"), *_MAPPED, inputs=2)],
    ),
    Case(
        "opacity_transition",
        ["one", "two"],
        [
            _hand(
                "-filter_complex",
                "[1:v]format=yuva420p,lutyuv=a=128[t];[0:v][t]overlay=eof_action=pass[v]",
                *("-map", "[v]", "-map", "0:a", *_COPY_SOUND),
                inputs=2,
            )
        ],
    ),
    Case("leica_look", ["one"], [_hand("-vf", _LEICA, *_COPY_SOUND)]),
    Case(
        "apply_leica_and_trim",
        ["one"],
        [_hand("-t", "8", "-vf", _LEICA, *_H264, *_AAC, *_FAST, before=("-ss", "3"))],
        {"start": 3, "duration": 8},
    ),
    Case(
        "trim_and_replace_audio",
        ["one", "two"],
        [
            _hand(
                *("-map", "0:v", "-map", "1:a", "-t", "8", *_H264, *_AAC, *_FAST),
                inputs=2,
                before=("-ss", "3"),
            )
        ],
        {"start": 3, "duration": 8},
    ),
)

_SHORT = replace(next(case for case in CASES if case.name == "extract_audio"), inputs=["one"])


def main() -> None:
    """Print the median times of each operation and of the command by hand, and the median and quarters of their ratios."""
    parser = argparse.ArgumentParser(description="Each operation against the same FFmpeg command by hand.")
    parser.add_argument("names", nargs="*", metavar="OPERATION", help="which; all if none is named")
    parser.add_argument("--runs", type=int, default=7)
    chosen = parser.parse_args()
    print(f"operations, {chosen.runs} runs each, alternating: median seconds, in brackets by hand")
    with TemporaryDirectory(prefix="bench-operations-") as name:
        files = _footage(Path(name))
        for case in CASES:
            if not chosen.names or case.name in chosen.names:
                _tell(case, *_alternate(case, files, Path(name), chosen.runs))
        fixed = _more(_SHORT, files, Path(name), 2 * chosen.runs)
        print(f"fixed cost of one operation: {fixed:.0f} ms more than FFmpeg alone takes to copy 12 s of sound")
        safe = _more(replace(_SHORT, lasting=True), files, Path(name), 2 * chosen.runs) - fixed
        print(f"making those safe from power cuts: {safe:.0f} ms")


def _more(case: Case, files: Mapping[str, Path], folder: Path, runs: int) -> float:
    """Milliseconds that ours takes more."""
    ours, theirs = _alternate(case, files, folder, runs)
    return 1000 * (statistics.median(ours.wall) - statistics.median(theirs.wall))


@dataclass
class Cost:
    """Seconds of every run: by the clock, and of processors (this process and its children that have ended: of those, which the
    process that looks into files is not)."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def _tell(case: Case, ours: Cost, theirs: Cost) -> None:
    wall, hand_wall, cpu, hand_cpu = map(statistics.median, (ours.wall, theirs.wall, ours.cpu, theirs.cpu))
    met = "met" if statistics.median(_ratios(ours.wall, theirs.wall)) <= BAR else "MISSED"
    seconds = f"wall {wall:6.2f} ({hand_wall:6.2f})  cpu {cpu:6.2f} ({hand_cpu:6.2f})"
    ratios = f"ratio {_spread(ours.wall, theirs.wall)}, cpu {_spread(ours.cpu, theirs.cpu)}"
    print(f"  {case.name + case.remark:24} {seconds}  {ratios}  bar {BAR}: {met}", flush=True)


def _ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Of every pair of runs, one right after the other: what slows both does not count."""
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]


def _spread(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """The median ratio, and between which two half of the ratios lie."""
    ratios = _ratios(ours, theirs)
    low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    return f"{middle:5.3f} [{low:5.3f}, {high:5.3f}]"


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _alternate(case: Case, files: Mapping[str, Path], folder: Path, runs: int) -> tuple[Cost, Cost]:
    inputs = [files[name] for name in case.inputs]
    ours, theirs = Cost(), Cost()
    pair: list[tuple[Cost, Callable[[], None]]] = [
        (ours, lambda: _ours(case, inputs, folder)),
        (theirs, lambda: _by_hand(case, inputs, folder)),
    ]
    for turn in range(runs + 1):
        for cost, subject in pair if turn % 2 else reversed(pair):
            started, used = time.perf_counter(), _processor_seconds()
            subject()
            if turn:  # The first only warms the disk's cache.
                cost.wall.append(time.perf_counter() - started)
                cost.cpu.append(_processor_seconds() - used)
    return ours, theirs


def _ours(case: Case, inputs: Sequence[Path], folder: Path) -> None:
    run_operation(case.name, inputs, case.params, folder / f"ours.{case.suffix}", lasting=case.lasting)


def _by_hand(case: Case, inputs: Sequence[Path], folder: Path) -> None:
    for arguments in case.by_hand:
        output = "-" if arguments[-1] == "null" else str(folder / f"by-hand.{case.suffix}")
        filled = [word.format(*inputs) if word in ("{0}", "{1}") else word for word in arguments]
        _ffmpeg(*filled, output)


def _footage(folder: Path) -> dict[str, Path]:
    noise = f"anoisesrc=r=48000:a=0.2:c=pink:d={SECONDS}"
    for name, source in (("one", "testsrc2"), ("two", "mandelbrot=end_scale=0.1")):
        picture = f"{source}{':' if '=' in source else '='}s=1280x720:r=30"
        tags = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
        limits = ("-t", str(SECONDS), "-ac", "2")
        inputs = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", noise)
        _ffmpeg(*inputs, *limits, *_H264, *tags, *_AAC, str(folder / f"{name}.mp4"))
    for name, clip, times in (("recording", "one", REPEATS), ("other", "two", REPEATS + 1)):
        # Sound of its own: that of a film which is repeated has gaps, which Kompo closes and the command by hand does not see.
        looped = ("-stream_loop", str(times - 1), "-i", str(folder / f"{clip}.mp4"))
        sound = ("-f", "lavfi", "-i", f"anoisesrc=r=48000:a=0.2:c=pink:d={times * SECONDS}", "-ac", "2", *_AAC)
        _ffmpeg(*looped, *sound, "-map", "0:v", "-map", "1:a", "-c:v", "copy", *_FAST, str(folder / f"{name}.mp4"))
    looped = ("-stream_loop", str(LONG_REPEATS - 1), "-i", str(folder / "one.mp4"))
    _ffmpeg(*looped, "-c", "copy", str(folder / "long.mp4"))
    _ffmpeg("-i", str(folder / "one.mp4"), "-t", "4", "-c", "copy", str(folder / "short.mp4"))
    _ffmpeg("-i", str(folder / "two.mp4"), "-frames:v", "1", str(folder / "photo.png"))
    return {path.stem: path for path in folder.iterdir()}


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([find_ffmpeg().path, "-loglevel", "error", "-nostdin", "-y", *arguments], check=True)


if __name__ == "__main__":
    main()
