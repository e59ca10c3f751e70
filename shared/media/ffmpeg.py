"""Where the FFmpeg binary is: the one that comes with `imageio-ffmpeg`, or the system's when that is newer."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shared.media.errors import FfmpegMissing

_VERSION = re.compile(r"^ffmpeg version [nN]?(\d+(?:\.\d+)*)")


@dataclass(frozen=True)
class Ffmpeg:
    """A binary that runs, and its release, such as (7, 1, 2). A build without a release number counts as (0,)."""

    path: Path
    version: tuple[int, ...]


@lru_cache(maxsize=8)
def find_ffmpeg(override: Path | str | None = None) -> Ffmpeg:
    """The FFmpeg to use: `override` when given, or the setting's; else the newer of the packaged and the system one (packaged
    on a tie).

    The answer is kept for the life of the process. Raises `FfmpegMissing` when none runs."""
    from shared.core.settings import engine_settings

    named = override or engine_settings().ffmpeg
    if named:
        return _inspect(Path(named))
    found = [ffmpeg for path in (_packaged(), _system()) if path is not None and (ffmpeg := _try(path))]
    if not found:
        raise FfmpegMissing("FFmpeg is not installed. Install the Python package imageio-ffmpeg, or ffmpeg itself.")
    return max(found, key=lambda ffmpeg: ffmpeg.version)


def _packaged() -> Path | None:
    try:
        import imageio_ffmpeg

        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return None


def _system() -> Path | None:
    path = shutil.which("ffmpeg")
    return Path(path) if path else None


def _try(path: Path) -> Ffmpeg | None:
    try:
        return _inspect(path)
    except FfmpegMissing:
        return None


def _inspect(path: Path) -> Ffmpeg:
    try:
        answer = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise FfmpegMissing(f"{path.name} cannot be run as FFmpeg. Check KOMPO_FFMPEG or reinstall it.") from error
    match = _VERSION.match(answer)
    return Ffmpeg(path, tuple(int(part) for part in match.group(1).split(".")) if match else (0,))
