"""Accelerator: what a GPU of this machine can really do for FFmpeg, found by doing it once."""

import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from shared.core.errors import FieldError, KompoError
from shared.media.ffmpeg import Ffmpeg, find_ffmpeg
from shared.media.messages import gpu_refusal

Encoder = Literal["auto", "cpu", "gpu"]
Codec = Literal["h264", "h265", "av1", "vp9"]

NVENC = {"h264": "h264_nvenc", "h265": "hevc_nvenc", "av1": "av1_nvenc"}
"""NVIDIA's encoders. There is none for VP9."""
NVDEC = {"h264": "libx264", "hevc": "libx265", "av1": "libsvtav1", "vp9": "libvpx-vp9", "mpeg2video": "mpeg2video"}
"""What NVIDIA's decoders may decode, by FFmpeg's names, and what encodes a sample of it."""

_SECONDS_ALLOWED = 30
_TEST = ("-f", "lavfi", "-i", "color=c=gray:s=320x180:r=25:d=0.2,format=nv12")
_CUDA = ("-init_hw_device", "cuda=gpu", "-filter_hw_device", "gpu")
_NOWHERE = ("-f", "null", "-")


class NoAccelerator(KompoError):
    """A GPU was asked for, and none of this machine can do it."""


@dataclass(frozen=True)
class Accelerator:
    """What was proved: the codecs that the GPU encoded, those that it decoded (as FFmpeg names them), whether it scales for
    its encoder. `reason`: why it does not encode, or else not scale."""

    name: Literal["nvenc", "nvdec", "none"]
    codecs: frozenset[str] = frozenset()
    decodes: frozenset[str] = frozenset()
    scales: bool = False
    reason: str | None = None


def probe_accelerator(ffmpeg: Ffmpeg | None = None, *, wanted: Encoder = "auto") -> Accelerator:
    """What the machine's GPU does, tried out with a few frames. The answer is kept for the life of the process.

    Where processors are `wanted`, no GPU is tried."""
    if wanted == "cpu":
        return Accelerator("none", reason="processors were asked for")
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
    absent = _refusal(ffmpeg, (*_CUDA, *_TEST, *_NOWHERE))
    if absent is not None:
        return Accelerator("none", reason=absent)
    encoding = {codec: partial(_refusal, ffmpeg, (*_TEST, "-c:v", name, *_NOWHERE)) for codec, name in NVENC.items()}
    decoding = {codec: partial(_decoding_refusal, ffmpeg, codec) for codec in NVDEC}
    with ThreadPoolExecutor() as threads:
        refused, undecoded = (_answers(threads, asked) for asked in (encoding, decoding))
    codecs, decodes = _done(refused), _done(undecoded)
    if not codecs:
        return Accelerator("nvdec" if decodes else "none", decodes=decodes, reason=refused["h264"])
    first = NVENC[sorted(codecs)[0]]
    scaling = _refusal(ffmpeg, (*_CUDA, *_TEST, "-vf", "hwupload,scale_cuda=160:90", "-c:v", first, *_NOWHERE))
    return Accelerator("nvenc", codecs, decodes, scales=scaling is None, reason=scaling)


def _answers(threads: ThreadPoolExecutor, asked: Mapping[str, Callable[[], str | None]]) -> dict[str, str | None]:
    return dict(zip(asked, threads.map(lambda ask: ask(), asked.values()), strict=True))


def _done(refused: Mapping[str, str | None]) -> frozenset[str]:
    return frozenset(codec for codec, reason in refused.items() if reason is None)


def _decoding_refusal(ffmpeg: Ffmpeg, codec: str) -> str | None:
    """Why the GPU does not decode a sample of the codec; None when it does. What the GPU leaves to processors is not found in
    its memory."""
    with TemporaryDirectory(prefix="sample-") as folder:
        sample = str(Path(folder) / "sample.mkv")
        made = _refusal(ffmpeg, (*_TEST, "-pix_fmt", "yuv420p", "-c:v", NVDEC[codec], sample))
        decoded = ("-hwaccel", "cuda", "-hwaccel_output_format", "cuda", "-i", sample)
        return made or _refusal(ffmpeg, (*decoded, "-vf", "hwdownload,format=nv12", *_NOWHERE))


def _refusal(ffmpeg: Ffmpeg, arguments: tuple[str, ...]) -> str | None:
    """Why FFmpeg does not do so with some frames; None when it does."""
    try:
        done = subprocess.run(
            [ffmpeg.path, "-hide_banner", "-loglevel", "error", "-nostdin", *arguments],
            capture_output=True,
            text=True,
            timeout=_SECONDS_ALLOWED,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the GPU did not answer within {_SECONDS_ALLOWED} s"
    return None if done.returncode == 0 else gpu_refusal(done.stderr).rstrip(".") or "FFmpeg gave no reason"
