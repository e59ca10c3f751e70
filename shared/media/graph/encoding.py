"""Encoding: what each container and codec is told, so that quality means the same and the file plays wherever it should."""

from collections.abc import Callable
from fractions import Fraction
from typing import Protocol

from shared.media.containers import AudioCodec, Container, Preset, VideoCodec
from shared.media.graph.counting import SAMPLE_RATE

Options = dict[str, object]


class Coding(Protocol):
    """How a file is coded: `crf` on x264's scale, `audio_bitrate` in thousands of bits a second."""

    @property
    def container(self) -> Container: ...
    @property
    def coded(self) -> tuple[VideoCodec | None, AudioCodec | None]: ...
    @property
    def frame_rate(self) -> Fraction: ...
    @property
    def crf(self) -> int: ...
    @property
    def preset(self) -> Preset: ...
    @property
    def audio_bitrate(self) -> int: ...


KEYFRAME_SECONDS = 2
FORMATS = {"mkv": "matroska", "m4a": "ipod"}
"""FFmpeg's name of a container, where it is another."""
_PRESETS = ("veryslow", "slower", "slow", "medium", "fast", "faster", "veryfast", "superfast", "ultrafast")
_COLORS: Options = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709", "color_range": "tv"}
_MOST_KBPS = {"opus": 510, "mp3": 320}


def container_options(output: Coding) -> Options:
    """What the container is told."""
    options: Options = {"format": FORMATS.get(output.container, output.container), "map_metadata": -1}
    if output.container in ("mp4", "mov", "m4a"):
        options["movflags"] = "+faststart"
    if output.container == "gif":
        options["loop"] = 0
    return options


def picture_options(output: Coding, frames: int, keyframes: str) -> Options:
    """What the encoder of pictures is told. `keyframes`: moments in seconds that must begin a closed group, or nothing."""
    codec = output.coded[0]
    if codec is None or codec == "gif":
        return {"frames:v": frames, "fps_mode": "passthrough"}
    every = max(1, round(output.frame_rate * KEYFRAME_SECONDS))
    options: Options = {
        "frames:v": frames,
        "fps_mode": "passthrough",
        "pix_fmt": "yuv420p",
        "g": every,
        **_COLORS,
        **_CODECS[codec](output),
    }
    if keyframes:
        options["force_key_frames"] = keyframes
    return options


def sound_options(output: Coding) -> Options:
    """What the encoder of sound is told."""
    codec = output.coded[1]
    if codec is None:
        return {}
    options: Options = {"c:a": _SOUND[codec], "ar": SAMPLE_RATE}
    if codec not in ("flac", "pcm"):
        options["b:a"] = f"{min(output.audio_bitrate, _MOST_KBPS.get(codec, output.audio_bitrate))}k"
    return options


_SOUND = {"aac": "aac", "mp3": "libmp3lame", "opus": "libopus", "flac": "flac", "pcm": "pcm_s16le"}


def _h264(output: Coding) -> Options:
    return {"c:v": "libx264", "preset": output.preset, "crf": output.crf, "forced-idr": 1}


def _h265(output: Coding) -> Options:
    """x265 reaches x264's quality at a number about 4 higher. Players of Apple's want its tag."""
    quiet = "log-level=error:open-gop=0"
    tag = {"tag:v": "hvc1"} if output.container in ("mp4", "mov") else {}
    crf = min(51, output.crf + 4)
    return {"c:v": "libx265", "preset": output.preset, "crf": crf, "forced-idr": 1, "x265-params": quiet, **tag}


def _vp9(output: Coding) -> Options:
    """0–63 instead of 0–51, and about 30 where x264 has 21."""
    speed = min(8, _PRESETS.index(output.preset))
    quality = {"crf": min(63, round(output.crf * Fraction(10, 7))), "b:v": 0}
    return {
        "c:v": "libvpx-vp9",
        **quality,
        "deadline": "good" if speed < 6 else "realtime",
        "cpu-used": speed,
        "row-mt": 1,
    }


def _av1(output: Coding) -> Options:
    """0–63 instead of 0–51, and about 34 where x264 has 21."""
    return {
        "c:v": "libsvtav1",
        "crf": min(63, round(output.crf * Fraction(13, 8))),
        "preset": min(12, 4 + _PRESETS.index(output.preset)),
    }


_CODECS: dict[str, Callable[[Coding], Options]] = {"h264": _h264, "h265": _h265, "vp9": _vp9, "av1": _av1}
