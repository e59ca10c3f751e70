"""Small files to operate on, made once, and a short way to operate on them."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.media import find_ffmpeg
from shared.media.operations import run_operation
from tests.shared.media.clips import make, numbered

Do = Callable[..., Path]
TONE = ("-f", "lavfi", "-i", "sine=f=440:r=48000:d={seconds}", "-c:a", "aac", "-ac", "2", "-shortest")


def sine(seconds: float) -> tuple[str, ...]:
    """Arguments for `numbered`: a sine of 440 Hz under the film."""
    return tuple(argument.format(seconds=seconds) for argument in TONE)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files are."""
    return Path(tmp_path_factory.mktemp("operations"))


@pytest.fixture(scope="session")
def film(folder: Path) -> Path:
    """2 s of numbered frames at 30 a second, groups of 15 with B-frames, under a sine of 440 Hz."""
    return numbered(folder / "film.mp4", 2, more=(*sine(2), "-g", "15", "-bf", "2"))


@pytest.fixture(scope="session")
def silent(folder: Path) -> Path:
    """1 s of numbered frames at 25 a second, larger and upright, without sound."""
    return numbered(folder / "silent.mp4", 1, rate="25", size="180x240")


@pytest.fixture(scope="session")
def photo(folder: Path) -> Path:
    """A red picture of odd size."""
    return make(folder / "photo.png", "-f", "lavfi", "-i", "color=red:s=161x91", "-frames:v", "1")


@pytest.fixture(scope="session")
def voice(folder: Path) -> Path:
    """3 s of quiet noise that comes and goes, mono at 44.1 kHz."""
    noise = "anoisesrc=r=44100:a=0.1:d=3:c=pink:seed=1,volume='0.3+0.7*gt(sin(6*t),0)':eval=frame"
    return make(folder / "voice.wav", "-f", "lavfi", "-i", noise)


@pytest.fixture
def do(tmp_path: Path) -> Do:
    """Does an operation quickly and gives its result."""

    def run(name: str, *files: Path, suffix: str = "mp4", **params: Any) -> Path:
        output = tmp_path / f"result-{len(list(tmp_path.iterdir()))}.{suffix}"
        run_operation(name, files, params, output)
        assert [path for path in tmp_path.iterdir() if path.name.endswith(".partial")] == []
        return output

    return run


def ssim(one: Path, other: Path) -> float:
    """How alike the pictures of two films are, from 0 to 1, by FFmpeg."""
    graph = "[0:v]setpts=N[a];[1:v]setpts=N[b];[a][b]ssim"
    command = [find_ffmpeg().path, "-i", one, "-i", other, "-lavfi", graph, "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr
    return float(told.rpartition("All:")[2].split()[0])


def ebur128(path: Path) -> tuple[float, float, float]:
    """Integrated loudness in LUFS, range in LU and true peak in dBTP of a file, by EBU R 128."""
    measure = ["-vn", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
    command = [find_ffmpeg().path, "-nostats", "-i", path, *measure]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr
    words = told[told.rindex("Integrated loudness") :].split()
    return tuple(float(words[words.index(name) + 1]) for name in ("I:", "LRA:", "Peak:"))  # type: ignore[return-value]
