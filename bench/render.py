"""`python -m bench.render`: our compiler and runner against the FFmpeg command that an expert would write by hand.

Both make the demo's film from the same files with the same encoder settings: 16 s at 1280x720, 30 fps, two videos and a
photograph, a crossfade, a wipe, blurred backgrounds, speech and music. Runs alternate, so that other load hits both alike."""

import argparse
import resource
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.footage import Footage, make_footage
from demo.komposition import demo_komposition
from shared.kompositions import SourceMedia, compile_komposition, parse_komposition
from shared.media import find_ffmpeg, probe, run_graph

BAR = 1.05
FRAMES = 480

_BLUR = (
    "split[{n}a][{n}b];[{n}a]scale=160:-2,crop=160:90,gblur=4,scale=1280:720,setsar=1,eq=brightness=-0.12[{n}bg];"
    "[{n}b]scale=-2:720,setsar=1[{n}fg];[{n}bg][{n}fg]overlay=(W-w)/2:0"
)
BY_HAND = (
    "[0:v]fps=30,scale=1280:720,setsar=1,format=yuv420p,trim=end_frame=180,settb=1/30[one];"
    f"[1:v]{_BLUR.format(n='s')},format=yuv420p,fps=30,tpad=stop_mode=clone:stop=179,trim=end_frame=180,settb=1/30[two];"
    f"[2:v]{_BLUR.format(n='c')},fps=30,format=yuv420p,trim=end_frame=195,settb=1/30[three];"
    "[one][two]xfade=fade:1:5[onetwo];[onetwo][three]xfade=wipeleft:0.5:9.5[film];"
    "[0:a]aresample=48000,pan=stereo|c0=c0|c1=c0,atrim=0:6,afade=t=out:st=5:d=1,apad=whole_dur=16[voice];"
    "[3:a]aresample=48000,volume=0.7,atrim=0:16,afade=t=in:d=0.5,afade=t=out:st=14.5:d=1.5[music];"
    "[voice][music]amix=inputs=2:normalize=0,alimiter=0.95:level=0[sound]"
)


def main() -> None:
    """Print the median wall time of both, and their ratio."""
    parser = argparse.ArgumentParser(description="Render time against the same FFmpeg command by hand.")
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with TemporaryDirectory(prefix="bench-render-") as name:
        folder = Path(name)
        footage = make_footage(folder / "footage")
        ours, theirs = _alternate(runs, lambda: _compiled(footage, folder), lambda: _by_hand(footage, folder))
        _check_same_length(folder)
    print(f"render of {FRAMES} frames at 1280x720, {runs} runs each, alternating: median seconds (best)")
    for name, cost in (("by hand", theirs), ("compiled", ours)):
        wall, cpu = (f"{_median(times):6.2f} ({min(times):.2f})" for times in (cost.wall, cost.cpu))
        print(f"  {name:9} wall {wall}   cpu {cpu}")
    wall, cpu = _median(ours.wall) / _median(theirs.wall), _median(ours.cpu) / _median(theirs.cpu)
    print(
        f"  ratio     wall {wall:6.3f}          cpu {cpu:6.3f}    bar: wall <= {BAR}: {'met' if wall <= BAR else 'MISSED'}"
    )


@dataclass
class Cost:
    """Seconds of every run: by the clock, and of processors (this process and its children)."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def _median(times: list[float]) -> float:
    return statistics.median(times)


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


def _compiled(footage: Footage, folder: Path) -> None:
    """All of it: probing the sources, checking, compiling, running, making the output safe on disk."""
    media = {name: SourceMedia(path, probe(path)) for name, path in footage.demo_files().items()}
    body = demo_komposition({name: (name, source.info.to_json()) for name, source in media.items()})
    graph = compile_komposition(parse_komposition(body["komposition"]), media)
    output = folder / "compiled.mp4"
    run_graph(graph.arguments(output), duration=graph.duration, output=output)


def _by_hand(footage: Footage, folder: Path) -> None:
    files = footage.demo_files()
    inputs = [argument for name in ("opening", "still", "closing", "music") for argument in ("-i", str(files[name]))]
    encoder = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-pix_fmt", "yuv420p", "-g", "60", "-r", "30"]
    rest = ["-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart", "-t", "16", "-y", str(folder / "by-hand.mp4")]
    command = [str(find_ffmpeg().path), "-loglevel", "error", "-nostdin", *inputs, "-filter_complex", BY_HAND]
    subprocess.run([*command, "-map", "[film]", "-map", "[sound]", *encoder, *rest], check=True)


def _check_same_length(folder: Path) -> None:
    """A comparison counts only if both made the same film."""
    counts = {name: probe(folder / f"{name}.mp4").video for name in ("compiled", "by-hand")}
    assert {video.frame_count for video in counts.values() if video} == {FRAMES}, counts


if __name__ == "__main__":
    main()
