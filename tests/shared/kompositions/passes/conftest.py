"""A film of many segments, rendered with and without what earlier renders left."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.kompositions import Komposition, SourceMedia, parse_komposition
from shared.kompositions.passes import LocalCache
from shared.media import find_ffmpeg, probe
from tests.shared.kompositions.documents import document, segment
from tests.shared.media.clips import make

SECONDS = 4
"""Of each of the film's segments."""


@dataclass(frozen=True)
class Decoded:
    """A film as FFmpeg decodes it: stamp and checksum of every frame, and of every packet of sound."""

    stamps: list[str]
    frames: list[str]
    sound: list[str]


def decode(path: Path) -> Decoded:
    """Decode all of a film."""
    pictures, sound = (_lines(path, stream) for stream in ("0:v", "0:a"))
    return Decoded([line[2] for line in pictures], [line[-1] for line in pictures], [line[-1] for line in sound])


def _lines(path: Path, stream: str) -> list[list[str]]:
    command = [find_ffmpeg().path, "-v", "error", "-i", path, "-map", stream, "-f", "framemd5", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [[field.strip() for field in line.split(",")] for line in told.splitlines() if not line.startswith("#")]


def likeness(one: Path, other: Path) -> float:
    """The lowest PSNR of a frame of two films, dB."""
    command = [find_ffmpeg().path, "-v", "info", "-i", one, "-i", other, "-lavfi", "[0:v][1:v]psnr", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    found = next(
        word for line in told.splitlines() if "PSNR" in line for word in line.split() if word.startswith("min:")
    )
    return float(found.removeprefix("min:"))


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceMedia]:
    """`video` and `other` move and sound; both are coded as the films of these tests will be, with a key frame every 20."""
    folder = tmp_path_factory.mktemp("moving")
    tags = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
    coded = ("-pix_fmt", "yuv420p", "-preset", "veryfast", "-crf", "18", "-g", "20", *tags)
    paths = {}
    for name, picture, tone in (("video", "testsrc2", 440), ("other", "testsrc", 880)):
        inputs = ("-f", "lavfi", "-i", f"{picture}=s=320x180:r=30:d=30", "-f", "lavfi", "-i", f"sine=f={tone}:d=30")
        paths[name] = make(folder / f"{name}.mp4", *inputs, *coded)
    paths["still"] = make(folder / "still.png", "-f", "lavfi", "-i", "color=blue:s=320x180", "-frames:v", "1")
    return {name: SourceMedia(path, probe(path)) for name, path in paths.items()}


Film = Callable[..., Komposition]


@pytest.fixture
def film() -> Film:
    """A komposition of `count` segments of 4 s each; `change` is made to the segments' JSON, by index."""

    def made(count: int = 6, change: dict[int, dict[str, Any]] | None = None, **more: Any) -> Komposition:
        segments = [
            segment(f"s{n}", ("video", "other")[n % 2], SECONDS * n, SECONDS * (n + 1), sourceStart=n + 0.5)
            | (change or {}).get(n, {})
            for n in range(count)
        ]
        return parse_komposition(document(*segments, **more))

    return made


@pytest.fixture
def cache(tmp_path: Path) -> LocalCache:
    """An empty cache."""
    return LocalCache(tmp_path / "cache")
