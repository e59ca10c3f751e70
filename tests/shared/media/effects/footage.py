"""Clips in memory and what effects make of them: FFmpeg runs for real, raw frames and samples come back."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from shared.media import find_ffmpeg
from shared.media.effects import Frame, filter_picture, filter_sound

FRAME = Frame(320, 180, Fraction(25), 10)
RATE = 48_000
SAMPLES = RATE

COLORFUL = "testsrc2"
"""Moving test patterns, full of colours and edges."""


@dataclass(frozen=True)
class Film:
    """Frames in yuv420p: luma as 8-bit numbers, both chromas at half the size."""

    luma: NDArray[np.float64]
    blue: NDArray[np.float64]
    red: NDArray[np.float64]

    @property
    def rgb(self) -> NDArray[np.float64]:
        """Mean red, green and blue of every frame (0–255), by BT.709."""
        luma = (self.luma.mean(axis=(1, 2)) - 16) / 219
        blue, red = ((plane.mean(axis=(1, 2)) - 128) / 224 for plane in (self.blue, self.red))
        r, b = luma + 1.5748 * red, luma + 1.8556 * blue
        return np.stack([r, (luma - 0.2126 * r - 0.0722 * b) / 0.7152, b], axis=1) * 255

    @property
    def colorfulness(self) -> float:
        """Mean distance of the chromas from grey."""
        return float(np.hypot(self.blue - 128, self.red - 128).mean())

    @property
    def edges(self) -> float:
        """Mean step in luma from pixel to pixel, across."""
        return float(np.abs(np.diff(self.luma, axis=2)).mean())


def source(description: str, frame: Frame = FRAME) -> Any:
    """The stream of a lavfi source, as the compiler hands it to an effect."""
    head, _, rest = description.partition(",")
    shape = f"s={frame.width}x{frame.height}:r={frame.rate.numerator}/{frame.rate.denominator}"
    # In RGB from the start: FFmpeg's colours are exact there, and of BT.601 elsewhere.
    chain = ",".join(part for part in (f"{head}{':' if '=' in head else '='}{shape}", "format=gbrp", rest) if part)
    stream = ffmpeg.input(chain, f="lavfi").filter("trim", end_frame=frame.frames)
    stream = stream.filter("scale", out_color_matrix="bt709", out_range="tv").filter("format", "yuv420p")
    stream = stream.filter("limiter", min=16, max=235, planes=1).filter("limiter", min=16, max=240, planes=6)
    stream = stream.filter("setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709")
    return stream.filter("settb", f"{frame.rate.denominator}/{frame.rate.numerator}").filter("setpts", "N")


def render(stream: Any, **options: object) -> bytes:
    """What FFmpeg writes for the stream."""
    arguments = ffmpeg.get_args(ffmpeg.output(stream, "pipe:1", **options))
    command = [find_ffmpeg().path, "-nostdin", "-loglevel", "error", *arguments]
    ran = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout


def film(stream: Any, frame: Frame = FRAME) -> Film:
    """Every frame of the stream, none added or dropped, which must have the frame's size in yuv420p."""
    raw = np.frombuffer(render(stream, f="rawvideo", fps_mode="passthrough"), np.uint8)
    pixels = frame.width * frame.height
    assert raw.size % (pixels * 3 // 2) == 0
    frames = raw.reshape(-1, pixels * 3 // 2).astype(np.float64)
    half = (-1, frame.height // 2, frame.width // 2)
    return Film(
        frames[:, :pixels].reshape(-1, frame.height, frame.width),
        frames[:, pixels : pixels * 5 // 4].reshape(half),
        frames[:, pixels * 5 // 4 :].reshape(half),
    )


def shown(name: str, params: Mapping[str, Any] | None = None, of: str = COLORFUL, frame: Frame = FRAME) -> Film:
    """The film that an effect makes of a lavfi source."""
    return film(filter_picture(source(of, frame), name, params or {}, frame), frame)


def plain(of: str = COLORFUL, frame: Frame = FRAME) -> Film:
    """The film without an effect."""
    return film(source(of, frame), frame)


def wave(expression: str, seconds: int = 1) -> str:
    """A lavfi source: an expression of the time t, the same on both sides."""
    return f"aevalsrc='{expression}|{expression}':s={RATE}:d={seconds}"


def tones(*frequencies: int, level: float = 0.25) -> str:
    """A lavfi source: sines, the same on both sides."""
    return wave("+".join(f"{level}*sin(2*PI*{frequency}*t)" for frequency in frequencies))


def heard(
    name: str | None, params: Mapping[str, Any] | None = None, of: str = "", *, seconds: int = 1
) -> NDArray[np.float32]:
    """The samples [n, 2] that an effect (None: none) makes of so many seconds of a lavfi source."""
    stream = ffmpeg.input(of or tones(440), f="lavfi")
    stream = stream.filter("aformat", sample_fmts="fltp", sample_rates=RATE, channel_layouts="stereo")
    stream = stream.filter("atrim", end_sample=SAMPLES * seconds)
    if name is not None:
        stream = filter_sound(stream, name, params or {}, SAMPLES * seconds)
    return np.frombuffer(render(stream, f="f32le", acodec="pcm_f32le"), np.float32).reshape(-1, 2)


def level_at(samples: NDArray[np.float32], frequency: int, start: float = 0.3, end: float = 0.9) -> float:
    """Amplitude of a sine in the left channel, between two times in seconds."""
    part = samples[int(start * RATE) : int(end * RATE), 0]
    return float(2 * np.abs(np.mean(part * np.exp(-2j * np.pi * frequency * np.arange(len(part)) / RATE))))


def decibels(after: float, before: float) -> float:
    """How much louder, in dB."""
    return float(20 * np.log10(max(after, 1e-9) / max(before, 1e-9)))
