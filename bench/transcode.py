"""`python -m bench.transcode`: our transcodes against the FFmpeg commands that an expert would write by hand.

One file (the profile for Instagram), and a ladder of four rungs as HLS in one command. Ours is all of it: probing, planning,
encoding pictures and sound, packaging, making the result safe on disk. Runs alternate, so that other load hits both alike.

Where a GPU decodes, also what that gains: 4K to 1080p of pictures that it, or processors, have decoded."""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from shared.media import find_ffmpeg, probe
from shared.media.encoders import probe_accelerator
from shared.media.transcoding import TranscodeRequest, plan_transcode, transcode

BAR = 1.05
SECONDS = 20
_TAGS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
_AAC = ("-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2")
_LADDER: dict[str, object] = {
    "profile": "ladder",
    **dict.fromkeys(("poster", "thumbnails", "sprites", "waveform"), False),
}
_RUNGS = ((416, 234, 145), (640, 360, 365), (768, 432, 730), (960, 540, 2000))


@dataclass
class Cost:
    """Of every run: seconds by the clock and of processors (this process and its children); FFmpeg's bytes at the peak."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[int] = field(default_factory=list)


def main() -> None:
    """Print the median wall and processor time of both, their ratios, and the peak memory."""
    parser = argparse.ArgumentParser(description="Transcodes against the same FFmpeg command by hand.")
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    print(
        f"{SECONDS} s at 30 frames a second, {chosen.runs} runs each, alternating: median seconds, in brackets by hand"
    )
    with TemporaryDirectory(prefix="bench-transcode-") as name:
        folder = Path(name)
        large, small = _footage(folder, 1280, 720), _footage(folder, 960, 540)
        _compare(
            "file", lambda: _ours(large, folder, {"profile": "instagram"}), lambda: _file(large, folder), chosen.runs
        )
        _compare("ladder", lambda: _ours(small, folder, _LADDER), lambda: _ladder(small, folder), chosen.runs)
        _decoders(folder, chosen.runs)


def _decoders(folder: Path, runs: int) -> None:
    found = probe_accelerator()
    if "h264" not in found.decodes:
        print(f"  no GPU here decodes H.264: {found.reason}")
        return
    source, asked = _footage(folder, 3840, 2160), {"width": 1920, "height": 1080}
    by: dict[Literal["gpu", "cpu"], list[float]] = {"gpu": [], "cpu": []}
    for _ in range(runs):
        for decoder, seconds in by.items():
            started = time.perf_counter()
            _ours(source, folder, asked, decoder)
            seconds.append(time.perf_counter() - started)
    gpu, cpu = (statistics.median(seconds) for seconds in by.values())
    print(f"  decoder wall {gpu:6.2f} ({cpu:6.2f} by processors) ratio {gpu / cpu:5.3f}")


def _compare(name: str, ours: Callable[[], int], by_hand: Callable[[], int], runs: int) -> None:
    mine, theirs = Cost(), Cost()
    pair = [(mine, ours), (theirs, by_hand)]
    for turn in range(runs + 1):
        for cost, subject in pair if turn % 2 else reversed(pair):
            started, used = time.perf_counter(), _processor_seconds()
            peak = subject()
            if turn:  # The first only warms the disk's cache.
                cost.wall.append(time.perf_counter() - started)
                cost.cpu.append(_processor_seconds() - used)
                cost.peak.append(peak)
    wall, hand_wall, cpu, hand_cpu = map(statistics.median, (mine.wall, theirs.wall, mine.cpu, theirs.cpu))
    met = "met" if wall / hand_wall <= BAR else "MISSED"
    print(
        f"  {name:7} wall {wall:6.2f} ({hand_wall:6.2f}) ratio {wall / hand_wall:5.3f}"
        f"   cpu {cpu:6.2f} ({hand_cpu:6.2f}) ratio {cpu / hand_cpu:5.3f}"
        f"   peak MiB {max(mine.peak) >> 20} ({max(theirs.peak) >> 20})   bar: wall <= {BAR}: {met}",
        flush=True,
    )


def _ours(source: Path, folder: Path, asked: Mapping[str, object], decoder: Literal["gpu", "cpu"] = "cpu") -> int:
    made = folder / "ours"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    request = TranscodeRequest.model_validate(asked)
    return transcode(source, plan_transcode(probe(source), request), made, decoder=decoder).peak_memory


def _file(source: Path, folder: Path) -> int:
    fit = "scale=1080:608:flags=bicubic,pad=1080:1920:0:656,setsar=1"
    coded = ("-c:v", "libx264", "-preset", "fast", "-crf", "23", "-maxrate", "4M", "-bufsize", "8M", "-g", "60")
    return _by_hand(
        *("-i", str(source), "-vf", fit, "-r", "30", *coded, "-pix_fmt", "yuv420p", *_TAGS, *_AAC),
        *("-movflags", "+faststart", str(folder / "by-hand.mp4")),
    )


def _ladder(source: Path, folder: Path) -> int:
    made = folder / "by-hand"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    pads = range(len(_RUNGS))
    graph = f"[0:v]split={len(_RUNGS)}" + "".join(f"[s{pad}]" for pad in pads)
    coded: list[str] = []
    for pad, (width, height, kbps) in enumerate(_RUNGS):
        graph += f";[s{pad}]scale={width}:{height}:flags=bicubic[v{pad}]"
        coded += ["-map", f"[v{pad}]", f"-maxrate:v:{pad}", f"{kbps}k", f"-bufsize:v:{pad}", f"{2 * kbps}k"]
    names = " ".join([*(f"v:{pad},agroup:sound" for pad in pads), "a:0,agroup:sound"])
    grid = (
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "21",
        "-g",
        "60",
        "-keyint_min",
        "60",
        "-sc_threshold",
        "0",
    )
    playlists = ("-f", "hls", "-hls_time", "6", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4")
    return _by_hand(
        *(
            "-i",
            str(source),
            "-filter_complex",
            graph,
            *coded,
            "-map",
            "0:a",
            *grid,
            "-pix_fmt",
            "yuv420p",
            *_TAGS,
            *_AAC,
        ),
        *(*playlists, "-master_pl_name", "master.m3u8", "-var_stream_map", names, str(made / "v%v.m3u8")),
    )


def _by_hand(*arguments: str) -> int:
    """Run FFmpeg; the most memory that it held, in bytes."""
    process = subprocess.Popen([find_ffmpeg().path, "-loglevel", "error", "-nostdin", "-y", *arguments])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit("The command by hand failed.")
    return usage.ru_maxrss * 1024


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _footage(folder: Path, width: int, height: int) -> Path:
    path = folder / f"{height}.mp4"
    picture = f"testsrc2=s={width}x{height}:r=30"
    inputs = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "anoisesrc=r=48000:a=0.2:c=pink")
    coded = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p", *_TAGS, *_AAC)
    _by_hand(*inputs, "-t", str(SECONDS), *coded, str(path))
    return path


if __name__ == "__main__":
    main()
