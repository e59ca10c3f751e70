"""What NVIDIA's encoders are told."""

from fractions import Fraction

from shared.media.encoders.accelerator import NVENC
from shared.media.encoders.coding import Options, PictureCoding

_SPEEDS = {
    "ultrafast": "p1",
    "superfast": "p2",
    "veryfast": "p3",
    "faster": "p4",
    "fast": "p4",
    "medium": "p5",
    "slow": "p6",
    "slower": "p7",
    "veryslow": "p7",
}


def nvenc_options(coding: PictureCoding, frames: int, *, on_gpu: bool) -> Options:
    """For a picture of `frames` frames; `on_gpu`: they are in the GPU's memory already.

    Every group of pictures begins with an IDR picture: NVENC's groups are closed."""
    options: Options = {
        "frames:v": frames,
        "fps_mode": "passthrough",
        "c:v": NVENC[coding.codec],
        "preset": _SPEEDS[coding.preset],
        "tune": "hq",
        "rc": "vbr",
        "cq": _quality(coding),
        "b:v": 0,
        "g": coding.gop_frames,
        "forced-idr": 1,
        "spatial-aq": 1,
        **coding.colors,
        **coding.cap,
    }
    if not on_gpu:
        options["pix_fmt"] = "yuv420p" if coding.transfer is None else "p010le"
    if coding.fixed_gops:
        options |= {"no-scenecut": 1, "strict_gop": 1}
    if coding.codec == "h265":
        options |= {"tag:v": "hvc1", "profile:v": "main" if coding.transfer is None else "main10"}
    return options


def _quality(coding: PictureCoding) -> int:
    """NVENC's scale of constant quality for x264's: as with the other encoders of the codec."""
    match coding.codec:
        case "h265":
            return min(51, coding.crf + 4)
        case "av1":
            return min(63, round(coding.crf * Fraction(13, 8)))
        case _:
            return max(1, coding.crf)
