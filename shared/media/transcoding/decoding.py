"""Decoding: which sources a GPU of this machine decodes, and for which of them that is worth while."""

from typing import Literal

from shared.media.encoders import Accelerator, Encoder
from shared.media.graph.scaling import fit_inside, is_wide
from shared.media.info import StreamInfo
from shared.media.transcoding.plan import TranscodePlan

_PIXELS = {
    "h264": ("yuv420p",),
    "mpeg2video": ("yuv420p",),
    "hevc": ("yuv420p", "yuv420p10le"),
    "vp9": ("yuv420p", "yuv420p10le"),
    "av1": ("yuv420p", "yuv420p10le"),
}
"""Pixels that NVIDIA's decoders give, by FFmpeg's name of the codec."""
_CODECS = {"libvpx-vp9": "vp9", "libdav1d": "av1"}
"""The codec, where FFmpeg names a decoder."""
_WORTH_WHILE = 1_500_000_000
"""Pixels of a film up to which even many processors decode it before a GPU has begun to: 24 s in HD, 6 s in 4K."""


def choose_decoder(encoder: Encoder, plan: TranscodePlan, accelerator: Accelerator) -> Literal["cpu", "gpu"]:
    """What decodes the source for processors that encode. The pictures are the same, to the bit; `encoder` as it was asked for:
    `cpu` keeps the GPU out of all of it."""
    video = plan.info.video
    pixels = (video.width or 0) * (video.height or 0) * plan.frames if video is not None else 0
    return "gpu" if encoder != "cpu" and pixels > _WORTH_WHILE and gpu_decodes(video, accelerator) else "cpu"


def gpu_decodes(video: StreamInfo | None, accelerator: Accelerator) -> bool:
    """Whether the GPU has shown that it decodes such pictures."""
    codec = _CODECS.get(video.codec, video.codec) if video is not None else None
    return codec in accelerator.decodes and video is not None and video.pixel_format in _PIXELS[codec]


def stays_on_gpu(plan: TranscodePlan, accelerator: Accelerator) -> bool:
    """Whether frames need nothing but scaling, so that they need not leave the GPU's memory from decoder to encoder.

    Bars, blur, turning upright, other colours, tone mapping and making whole frames of fields are the processors' work."""
    video = plan.info.video
    if video is None or plan.tone_map or video.interlaced or video.rotation or video.sample_aspect_ratio != 1:
        return False
    space = video.color_space or ("bt709" if min(video.display_size) >= 720 else "bt601")
    plain = (
        video.color_space in (None, "bt2020nc")
        if plan.hdr
        else (space == "bt709" and video.color_range in (None, "tv") and not is_wide(video))
    )
    shape_kept = plan.scale == "stretch" or all(
        fit_inside(video.display_size, each.size) == each.size for each in plan.renditions
    )
    return accelerator.scales and gpu_decodes(video, accelerator) and plain and shape_kept
