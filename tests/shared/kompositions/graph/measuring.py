"""What comes out of a graph before any encoder: its pictures as checksums, its sound as samples."""

import subprocess
from pathlib import Path

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from shared.kompositions import MediaGraph
from shared.media import find_ffmpeg
from shared.media.graph import command
from tests.shared.media.clips import read_number


def checksums(graph: MediaGraph) -> list[str]:
    """The MD5 of every frame of the graph's picture."""
    lines = _run(graph, ffmpeg.output(graph.picture, "-", format="framemd5", vcodec="rawvideo", fps_mode="passthrough"))
    return [line.split()[-1] for line in lines.decode().splitlines() if not line.startswith("#")]


def pictures(graph: MediaGraph) -> NDArray[np.uint8]:
    """The graph's picture in RGB: an array of frames by height by width by 3."""
    raw = _run(graph, ffmpeg.output(graph.picture, "-", format="rawvideo", pix_fmt="rgb24", fps_mode="passthrough"))
    output = graph.outputs[0]
    return np.frombuffer(raw, np.uint8).reshape(-1, output.height, output.width, 3)


def numbers(graph: MediaGraph) -> list[int]:
    """The number on every frame of a graph of `numbered` videos that fill the frame."""
    return [read_number(frame) for frame in pictures(graph)]


def samples(graph: MediaGraph) -> NDArray[np.float32]:
    """The graph's sound: an array of samples by 2 channels."""
    raw = _run(graph, ffmpeg.output(graph.sound, "-", format="f32le", acodec="pcm_f32le"))
    return np.frombuffer(raw, np.float32).reshape(-1, 2)


def loudness(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP of a file, by EBU R 128."""
    told = subprocess.run(
        [
            find_ffmpeg().path,
            "-nostats",
            "-i",
            path,
            "-af",
            "ebur128=peak=true:framelog=quiet",
            "-vn",
            "-f",
            "null",
            "-",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stderr
    last = told[told.rindex("Integrated loudness") :].split()
    return float(last[last.index("I:") + 1]), float(last[last.index("Peak:") + 1])


def _run(graph: MediaGraph, output: object) -> bytes:
    arguments = [find_ffmpeg().path, "-v", "error", "-nostdin", *command([output], graph.folder)]
    return subprocess.run(arguments, capture_output=True, check=True, timeout=60).stdout
