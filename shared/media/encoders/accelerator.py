"""Accelerator: what a GPU of this machine can really do for FFmpeg, found by doing it once."""

import subprocess
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from shared.core.errors import FieldError, KompoError
from shared.media.ffmpeg import Ffmpeg, find_ffmpeg
from shared.media.messages import useful_line

Encoder = Literal["auto", "cpu", "gpu"]
Codec = Literal["h264", "h265", "av1", "vp9"]

NVENC = {"h264": "h264_nvenc", "h265": "hevc_nvenc", "av1": "av1_nvenc"}
"""NVIDIA's encoders. There is none for VP9."""

_SECONDS_ALLOWED = 30
_TEST = "color=c=gray:s=320x180:r=25:d=0.2,format=nv12"
_CUDA = ("-init_hw_device", "cuda=gpu", "-filter_hw_device", "gpu")


class NoAccelerator(KompoError):
    """A GPU was asked for, and none of this machine can do it."""


@dataclass(frozen=True)
class Accelerator:
    """What was proved: the codecs that the GPU encoded, whether it scales there too. `reason`: why there is not more."""

    name: Literal["nvenc", "none"]
    codecs: frozenset[str] = frozenset()
    scales: bool = False
    reason: str | None = None


def probe_accelerator(ffmpeg: Ffmpeg | None = None) -> Accelerator:
    """What the machine's GPU does, tried out with a few frames. The answer is kept for the life of the process."""
    return _probe(ffmpeg or find_ffmpeg())


def choose(encoder: Encoder, codec: Codec, accelerator: Accelerator) -> Literal["cpu", "gpu"]:
    """The encoder to use. Raises `NoAccelerator` when a GPU is asked for that does not encode `codec`."""
    if encoder == "cpu" or (encoder == "auto" and codec not in accelerator.codecs):
        return "cpu"
    if codec in accelerator.codecs:
        return "gpu"
    can = f"it encodes {', '.join(sorted(accelerator.codecs))}" if accelerator.codecs else accelerator.reason
    detail = f"No GPU here encodes {codec} ({can}). Use the encoder auto or cpu."
    raise NoAccelerator(detail, errors=[FieldError("/params/encoder", detail, "no_gpu")])


@lru_cache(maxsize=8)
def _probe(ffmpeg: Ffmpeg) -> Accelerator:
    refused = {codec: _refusal(ffmpeg, ("-vf", "null", "-c:v", name)) for codec, name in NVENC.items()}
    codecs = frozenset(codec for codec, reason in refused.items() if reason is None)
    if not codecs:
        return Accelerator("none", reason=refused["h264"])
    first = NVENC[sorted(codecs)[0]]
    scaling = _refusal(ffmpeg, ("-vf", "hwupload,scale_cuda=160:90", "-c:v", first))
    return Accelerator("nvenc", codecs, scales=scaling is None, reason=scaling)


def _refusal(ffmpeg: Ffmpeg, arguments: tuple[str, ...]) -> str | None:
    """Why FFmpeg does not encode some frames so; None when it does."""
    device = _CUDA if any("hwupload" in argument for argument in arguments) else ()
    read = ("-hide_banner", "-loglevel", "error", "-nostdin", *device, "-f", "lavfi", "-i", _TEST)
    try:
        done = subprocess.run(
            [ffmpeg.path, *read, *arguments, "-f", "null", "-"],
            capture_output=True,
            text=True,
            timeout=_SECONDS_ALLOWED,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the GPU did not answer within {_SECONDS_ALLOWED} s"
    return None if done.returncode == 0 else useful_line(done.stderr).rstrip(".") or "FFmpeg gave no reason"
