"""`python -m bench.chunks`: a film in chunks on two workers against one pass, and what an hour would take on sixty tasks.

Two workers of one thread each take the chunks, largest first, check them and join them: all of it counts. Against that, one pass
on one thread, and one pass with as many threads as FFmpeg likes. Runs alternate, so that other load hits all alike.

The hour is a simulation: the stages of a job one after the other, with the speeds that were measured here just before. They
are taken from processor time, spread over this machine's processors, which encoders keep busy: other load does not count."""

import argparse
import os
import re
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.media import find_ffmpeg, probe
from shared.media.chunking import (
    Chunk,
    Prediction,
    Speeds,
    Work,
    check_chunk,
    encode_speeds,
    even_splits,
    join_chunks,
    key_moments,
    plan_chunks,
    predict,
)
from shared.media.machines import machine_of
from shared.media.transcoding import (
    TranscodePlan,
    TranscodeRequest,
    encode_pictures,
    encode_sound,
    make_sidecars,
    package,
    plan_transcode,
    sidecar_pieces,
)

WORKERS, CHUNK_SECONDS = 2, 15
"""An hour on sixty tasks is split into 240 chunks: so long are they."""
ONE_THREAD_BAR, OWN_THREADS_BAR, VMAF_BAR, HOUR_BAR = 1.6, 0.95, 0.5, 300.0
HOUR, TASKS = 3600, 60
SAMPLE_LOOPS = 100
"""Repetitions of the sample in its source: so long that pictures for the seek bar are made of key frames, as those of an hour."""
COPIES, CORES = 50, 4
"""A chunk's copies in a join; the processors of a task, where this machine has more."""
SOURCE_KBPS = 8000
"""Of the hour's source: a usual upload in 1080p."""
ASSUMED = {"start": 20.0, "plan": 15.0, "transfer": 200e6}
"""Seconds until a task works, and until the chunks are known; bytes a second between a task and a bucket."""


def main() -> None:
    """Print the times, their ratios, the likeness, and the table of the hour."""
    parser = argparse.ArgumentParser(description="Chunks on two workers against one pass; an hour on sixty tasks.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--seconds", type=int, default=120, help="of the film: as tasks of an hour, each worker has four chunks"
    )
    parser.add_argument("--chunk", type=float, default=CHUNK_SECONDS, help="seconds of each chunk")
    chosen = parser.parse_args()
    with TemporaryDirectory(prefix="bench-chunks-") as name:
        folder = Path(name)
        _compare(folder, chosen.runs, chosen.seconds, chosen.chunk)
        _simulate(folder)


def _compare(folder: Path, runs: int, seconds: int, each: float) -> None:
    source = _footage(folder / "film.mp4", "1280x720", seconds)
    plan = plan_transcode(probe(source), TranscodeRequest(preset="veryfast"))
    chunks = plan_chunks(plan.frames, plan.gop_frames, plan.frame_rate, round(seconds / each), key_moments(source))
    print(f"{seconds} s of 1280x720, {len(chunks)} chunks of {each:g} s, {runs} runs each, alternating: median seconds")
    whole, joined = folder / "film" / "film.mp4", folder / "joined.mp4"
    whole.parent.mkdir()
    one, own, ours = _alternate(
        runs,
        lambda: encode_pictures(plan, source, range(plan.frames), whole.parent, threads=1),
        lambda: encode_pictures(plan, source, range(plan.frames), whole.parent),
        lambda: _in_chunks(plan, source, chunks, folder, joined),
    )
    for title, cost in (("one pass, one thread", one), ("one pass, own threads", own), ("chunks", ours)):
        print(f"  {title:24} {cost.median_wall:6.2f} by the clock, {cost.median_cpu:6.2f} of processors")
    _tell("against one thread", one.median_wall / ours.median_wall, ONE_THREAD_BAR)
    _tell("against FFmpeg's own threads", own.median_wall / ours.median_wall, OWN_THREADS_BAR)
    scores = [_vmaf(path, source) for path in (whole, joined)]
    far = abs(scores[0] - scores[1])
    met = "met" if far <= VMAF_BAR else "MISSED"
    print(f"  VMAF {scores[0]:.2f} in one pass, {scores[1]:.2f} in chunks: {far:.2f} apart  bar {VMAF_BAR}: {met}")
    frames = [probe(path).video for path in (whole, joined)]
    assert frames[0] is not None
    assert frames[1] is not None
    print(f"  frames {frames[0].frame_count} in one pass, {frames[1].frame_count} in chunks")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  peak memory of an FFmpeg {peak:.0f} MiB")


def _tell(what: str, ratio: float, bar: float) -> None:
    print(f"  {what:28} {ratio:5.2f} times as fast  bar {bar}: {'met' if ratio >= bar else 'MISSED'}")


def _in_chunks(
    plan: TranscodePlan, source: Path, chunks: tuple[Chunk, ...], folder: Path, joined: Path, threads: int | None = 1
) -> None:
    def make(chunk: Chunk) -> Path:
        place = folder / f"chunk-{chunk.index}"
        place.mkdir(exist_ok=True)
        encoded, [only] = encode_pictures(plan, source, chunk.range, place, threads=threads), plan.renditions
        path, sums = encoded.paths[only.name], encoded.sums[only.name]
        check_chunk(path, only.size, chunk.frames, plan.frame_rate, sums=sums, decode="keys")
        return path

    with ThreadPoolExecutor(WORKERS) as workers:
        made = dict(zip((chunk.index for chunk in chunks), workers.map(make, chunks), strict=True))
    join_chunks([made[index] for index in sorted(made)], joined, plan.frame_rate)


@dataclass
class Cost:
    """Seconds of every run: by the clock, and of processors (this process and its children)."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def median_wall(self) -> float:
        return statistics.median(self.wall)

    @property
    def median_cpu(self) -> float:
        return statistics.median(self.cpu)

    def measure(self, subject: Callable[[], object]) -> None:
        """Run it once."""
        started, used = time.perf_counter(), _processor_seconds()
        subject()
        self.wall.append(time.perf_counter() - started)
        self.cpu.append(_processor_seconds() - used)


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _alternate(runs: int, *subjects: Callable[[], object]) -> list[Cost]:
    costs = [Cost() for _ in subjects]
    for turn in range(runs):
        order = list(zip(costs, subjects, strict=True))
        for cost, subject in order if turn % 2 else reversed(order):
            cost.measure(subject)
    return costs


def _simulate(folder: Path) -> None:
    """The hour, with what one task of this machine shows on a few seconds of the same."""
    sample = _footage(folder / "sample.mp4", "1920x1080", 6)
    source = folder / "source.mp4"
    looped = ("-stream_loop", str(SAMPLE_LOOPS - 1), "-i", str(sample), "-c", "copy", str(source))
    subprocess.run([find_ffmpeg().path, "-loglevel", "error", "-y", *looped], check=True)
    info = probe(source)
    for title, request in (
        ("one file, 1080p", TranscodeRequest(preset="veryfast")),
        ("a ladder", TranscodeRequest(profile="ladder")),
    ):
        place = folder / title
        place.mkdir()
        plan = plan_transcode(info, request)
        speeds, kbps = _measured(plan, source, place)
        _table(f"{title}, {len(plan.renditions)} renditions", plan, speeds, _hour(plan, speeds, kbps))


def _measured(plan: TranscodePlan, source: Path, folder: Path) -> tuple[Speeds, float]:
    """How fast this machine is at every kind of work, and the thousands of bits a second that all renditions take."""
    chunk, made = range(plan.gop_frames * 2), dict[str, Path]()

    def pictures() -> None:
        encoded = encode_pictures(plan, source, chunk, folder)
        made.update(encoded.paths)
        for name, path in made.items():
            size, sums = plan.rendition(name).size, encoded.sums[name]
            check_chunk(path, size, len(chunk), plan.frame_rate, sums=sums, decode="keys")

    seconds = float(plan.seconds)
    speeds = {
        **encode_speeds(plan.renditions, len(chunk), _own_time(pictures)),
        "sound": seconds / _own_time(lambda: encode_sound(plan, source, folder / "sound.mp4")),
        "join": len(chunk) * COPIES * len(made) / _own_time(lambda: _join_copies(plan, made, len(chunk), folder)),
    }
    for piece in sidecar_pieces(plan):
        spent = _own_time(partial(make_sidecars, plan, source, folder, pieces=(piece,)))
        speeds[piece] = spent if piece == "stills" else seconds / spent
    size = sum(path.stat().st_size for path in made.values())
    return Speeds({**ASSUMED, **speeds}), size * 8 / 1000 / float(len(chunk) / plan.frame_rate)


def _own_time(subject: Callable[[], object]) -> float:
    """Seconds that it takes where nothing else runs."""
    cost = Cost()
    cost.measure(subject)
    return min(cost.wall[0], cost.cpu[0] / min(CORES, os.cpu_count() or 1))


def _join_copies(plan: TranscodePlan, paths: Mapping[str, Path], frames: int, folder: Path) -> None:
    """Join and package many copies of the chunk: enough that starting does not count."""
    joined = {name: folder / f"{name}-joined.mp4" for name in paths}
    for name, path in paths.items():
        copies = [folder / f"{name}-{number}.mp4" for number in range(COPIES)]
        for copy in copies:
            copy.hardlink_to(path)
        join_chunks(copies, joined[name], plan.frame_rate)
    packed = folder / "package"
    packed.mkdir()
    package(replace(plan, frames=frames * COPIES), joined, None, packed)


def _hour(plan: TranscodePlan, speeds: Speeds, kbps: float) -> Prediction:
    frames, whole = int(HOUR * plan.frame_rate), ("sound", *sidecar_pieces(plan))

    def split(count: int) -> Prediction:
        work = Work(
            renditions=plan.renditions,
            chunks=plan_chunks(frames, plan.gop_frames, plan.frame_rate, count),
            seconds=HOUR,
            source_bytes=SOURCE_KBPS * 125 * HOUR,
            result_bytes=kbps * 125 * HOUR,
            whole=whole,
        )
        return predict(work, speeds, TASKS, machine_of("transcode").usd_per_second)

    return min(map(split, even_splits(TASKS, len(whole))), key=lambda prediction: prediction.seconds)


def _table(title: str, plan: TranscodePlan, speeds: Speeds, hour: Prediction) -> None:
    chunk = speeds.encode(plan.renditions, HOUR / TASKS * plan.frame_rate)
    met = "met" if hour.seconds < HOUR_BAR else "MISSED"
    tasks = f"{TASKS} tasks like this machine ({HOUR / TASKS / chunk:.2f} x real time each)"
    print(f"\nan hour into {title}, {hour.chunks} chunks, {tasks}")
    for stage, seconds in hour.stages.items():
        print(f"  {stage:8} {seconds:7.1f} s")
    print(f"  {'all':8} {hour.seconds:7.1f} s, {hour.cost_usd:.2f} USD  bar {HOUR_BAR:.0f} s: {met}")


def _footage(path: Path, size: str, seconds: int) -> Path:
    """A moving picture with grain and a tone, as a camera would give it."""
    picture = f"testsrc2=s={size}:r=30:d={seconds},noise=alls=3:allf=t,format=yuv420p"
    inputs = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}")
    tags = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
    coding = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-g", "24", *tags, "-c:a", "aac")
    subprocess.run([find_ffmpeg().path, "-loglevel", "error", "-y", *inputs, *coding, str(path)], check=True)
    return path


def _vmaf(path: Path, reference: Path) -> float:
    """Of every fifth frame."""
    graph = "[0:v]setpts=N/30/TB[a];[1:v]setpts=N/30/TB[b];[a][b]libvmaf=n_threads=2:n_subsample=5"
    inputs = ("-i", str(path), "-i", str(reference))
    command = [find_ffmpeg().path, "-hide_banner", "-nostats", *inputs, "-lavfi", graph, "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    found = re.search(r"VMAF score: ([\d.]+)", said)
    assert found is not None, said[-2000:]
    return float(found[1])


if __name__ == "__main__":
    main()
