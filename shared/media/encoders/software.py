"""What the encoders that need no GPU are told: x264, x265, SVT-AV1, libvpx."""

from collections.abc import Callable

from shared.media.encoders.coding import Options, PictureCoding
from shared.media.graph.encoding import picture_options
from shared.media.graph.scaling import HDR_PIXELS


def software_options(coding: PictureCoding, frames: int, threads: int | None = None) -> Options:
    """For a picture of `frames` frames. `threads`: of the encoder; None: as it likes."""
    options = picture_options(coding, frames, "") | coding.colors | coding.cap | {"g": coding.gop_frames}
    if coding.transfer is not None:
        options["pix_fmt"] = HDR_PIXELS
    if coding.fixed_gops:
        options |= {"keyint_min": coding.gop_frames, "sc_threshold": 0}
    if threads is not None:
        options["threads"] = threads
    if (more := _MORE.get(coding.codec)) is not None:
        options |= more(coding, options, threads)
    return options


def _h265(coding: PictureCoding, options: Options, threads: int | None) -> Options:
    told = [str(options["x265-params"])]
    if coding.fixed_gops:
        told.append(f"scenecut=0:min-keyint={coding.gop_frames}")
    if coding.transfer is not None:
        told.append("hdr10-opt=1")
    if threads is not None:
        told.append(f"pools={threads}:frame-threads=1")
    return {"x265-params": ":".join(told)}


def _av1(_coding: PictureCoding, _options: Options, threads: int | None) -> Options:
    pools = "" if threads is None else f":lp={min(threads, 6)}"
    return {"svtav1-params": f"scd=0:enable-overlays=0{pools}"}


def _vp9(coding: PictureCoding, _options: Options, _threads: int | None) -> Options:
    """Its cap on a quality is the rate itself."""
    return {} if coding.max_kbps is None else {"b:v": f"{coding.max_kbps}k"}


_MORE: dict[str, Callable[[PictureCoding, Options, int | None], Options]] = {"h265": _h265, "av1": _av1, "vp9": _vp9}
