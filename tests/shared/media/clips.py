"""Small media files for tests, made by FFmpeg, and measurements of what came out."""

import subprocess
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from shared.media import find_ffmpeg


def make(path: Path, *arguments: str) -> Path:
    """The file that FFmpeg writes to `path` with these arguments."""
    subprocess.run([find_ffmpeg().path, "-y", "-loglevel", "error", *arguments, path], check=True, timeout=60)
    return path


def plain(
    path: Path, color: str, seconds: float = 2, *, size: str = "320x180", rate: str = "30", tone: int = 0
) -> Path:
    """A video of one colour; with a sine of `tone` Hz when that is not 0."""
    sound = ["-f", "lavfi", "-i", f"sine=f={tone}:r=48000:d={seconds}"] if tone else []
    picture = ["-f", "lavfi", "-i", f"color={color}:s={size}:r={rate}:d={seconds}"]
    return make(path, *picture, *sound, "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-tune", "stillimage")


def counted(path: Path, seconds: float = 3, *, rate: int = 30, size: str = "320x180") -> Path:
    """A video that brightens by the same step every frame, so that every frame tells its number. Up to 100 frames."""
    source = f"nullsrc=s={size}:r={rate}:d={seconds},format=yuv420p,geq=lum='16+2*N':cb=128:cr=128"
    tags = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
    return make(path, "-f", "lavfi", "-i", source, "-crf", "4", "-preset", "ultrafast", "-bf", "0", *tags)


def frames(path: Path) -> list[NDArray[np.uint8]]:
    """Every frame of a video or a still, as RGB."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def lumas(path: Path) -> NDArray[np.float64]:
    """Mean luma of every frame of a yuv420p video, as it is coded."""
    with av.open(str(path)) as container:
        return np.array([frame.to_ndarray()[: frame.height].mean() for frame in container.decode(video=0)])


def numbers(path: Path, source: Path) -> list[int]:
    """For every frame of `path`, the number of the frame of the `counted` video `source` that it shows."""
    known = lumas(source)
    return [int(np.abs(known - luma).argmin()) for luma in lumas(path)]


def mean_color(frame: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean red, green and blue."""
    means: NDArray[np.float64] = frame.reshape(-1, 3).mean(axis=0)
    return means


def sound(path: Path) -> NDArray[np.float64]:
    """The left channel as floats at 48 kHz."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=48_000)
        pieces = [piece for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
        pieces += resampler.resample(None)
        return np.concatenate([piece.to_ndarray()[0] for piece in pieces]).astype(np.float64)


def loudness_at(samples: NDArray[np.float64], start: float, end: float, tone: int) -> float:
    """Amplitude of the sine of `tone` Hz between two times in seconds."""
    part = samples[int(start * 48_000) : int(end * 48_000)]
    time = np.arange(len(part)) / 48_000
    return float(2 * np.abs(np.mean(part * np.exp(-2j * np.pi * tone * time))))


BITS = 12
"""Of the number that every frame of a `numbered` video carries."""


def numbered(path: Path, seconds: float, *, rate: str = "30", size: str = "160x90", more: tuple[str, ...] = ()) -> Path:
    """A video whose every frame shows its number in binary: BITS upright stripes, white for 1, the lowest bit on the left.

    `more` are further arguments, such as a second input and its codec."""
    stripe = f"mod(floor(N/pow(2,floor(X*{BITS}/W))),2)"
    source = f"nullsrc=s={size}:r={rate}:d={seconds},format=yuv420p,geq=lum='16+219*{stripe}':cb=128:cr=128"
    tags = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
    return make(path, "-f", "lavfi", "-i", source, *more, "-crf", "10", "-preset", "ultrafast", *tags)


def read_numbers(path: Path) -> list[int]:
    """The number on every frame of a video that was cut from `numbered` ones."""
    return [read_number(frame) for frame in frames(path)]


def read_number(frame: NDArray[np.uint8]) -> int:
    """The number that a frame of a `numbered` video carries, whatever its size; RGB or luma."""
    height, width = frame.shape[:2]
    middle = frame[height // 4 : height * 3 // 4].reshape(-1, width, frame.size // height // width).mean(axis=(0, 2))
    places = [int((bit + 0.5) * width / BITS) for bit in range(BITS)]
    return sum(1 << bit for bit, place in enumerate(places) if middle[max(0, place - 1) : place + 2].mean() > 128)
