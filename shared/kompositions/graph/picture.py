"""The picture's part of the graph: a shot becomes exactly its number of frames in the size, rate and colours of the output."""

from fractions import Fraction
from typing import Any

from shared.kompositions.model import Output, Scale
from shared.kompositions.shots import Shot
from shared.media import StreamInfo

Stream = Any
"""A stream of ffmpeg-python, which has no types."""

XFADE_NAMES = {"crossfade": "fade", "gradient_wipe": "wiperight"}
"""Our names of transitions that FFmpeg calls otherwise."""

_HDR = ("smpte2084", "arib-std-b67")
_BLUR_SHRINK = 8


def shape_picture(source: Stream, shot: Shot, output: Output) -> Stream:
    """`source`, whose time stamps begin at the shot's start, as `shot.frames` frames of the output."""
    info = shot.media.info.video
    assert info is not None, "plan_shots refuses files without a picture"
    rate = output.frame_rate
    stream = source.filter("setpts", f"PTS*{shot.stretch.numerator}/{shot.stretch.denominator}")
    slower = info.frame_rate is None or info.frame_rate / shot.stretch <= rate
    if slower:
        stream = _pace(_fill_frame(stream, info, output, shot.segment.scale), rate)
    else:
        stream = _fill_frame(_pace(stream, rate), info, output, shot.segment.scale)
    return cut_to(stream, shot.frames, rate)


def black(color: Stream, frames: int, rate: Fraction) -> Stream:
    """`frames` black frames from an endless black source."""
    return cut_to(_tagged(color.filter("format", "yuv420p")), frames, rate)


def cut_to(stream: Stream, frames: int, rate: Fraction) -> Stream:
    """Exactly `frames` frames, time stamps from 0; the last one is held if there are too few."""
    held = stream.filter("tpad", stop_mode="clone", stop=frames).filter("trim", end_frame=frames)
    return renumber(held, rate)


def renumber(stream: Stream, rate: Fraction) -> Stream:
    """Time stamps counted anew, one tick per frame, so that no rounding of an earlier filter can drop or double a frame."""
    return stream.filter("settb", f"{rate.denominator}/{rate.numerator}").filter("setpts", "N")


def _pace(stream: Stream, rate: Fraction) -> Stream:
    """Constant rate from the shot's start, whatever the source's rate; a late first frame is shown from the start."""
    return stream.filter("fps", fps=f"{rate.numerator}/{rate.denominator}", start_time=0)


def _fill_frame(stream: Stream, info: StreamInfo, output: Output, scale: Scale) -> Stream:
    width, height = output.width, output.height
    inner = _fit_inside(info, width, height)
    if scale == "stretch" or inner == (width, height):
        return _tagged(_resize(stream, info, width, height))
    if scale == "cover":
        return _tagged(_cover(stream, info, width, height))
    left, top = (width - inner[0]) // 4 * 2, (height - inner[1]) // 4 * 2
    if scale == "contain":
        return _tagged(_resize(stream, info, *inner).filter("pad", width, height, left, top, "black"))
    return _tagged(_on_blur(stream, info, output, inner, (left, top)))


def _on_blur(
    stream: Stream, info: StreamInfo, output: Output, inner: tuple[int, int], corner: tuple[int, int]
) -> Stream:
    """The picture on an enlarged, blurred and darkened copy of itself. The copy is blurred small: the eye cannot tell."""
    copies = stream.split()
    small = (max(2, output.width // _BLUR_SHRINK // 2 * 2), max(2, output.height // _BLUR_SHRINK // 2 * 2))
    background = (
        _cover(copies[0], info, *small)
        .filter("gblur", sigma=4)
        .filter("scale", output.width, output.height, flags="bicubic")
        .filter("setsar", 1)
        .filter("eq", brightness=-0.12)
    )
    return background.overlay(_resize(copies[1], info, *inner), x=corner[0], y=corner[1])


def _cover(stream: Stream, info: StreamInfo, width: int, height: int) -> Stream:
    shown_width, shown_height = info.display_size
    factor = max(Fraction(width, shown_width), Fraction(height, shown_height))
    scaled = (max(width, _even(shown_width * factor)), max(height, _even(shown_height * factor)))
    return _resize(stream, info, *scaled).filter("crop", width, height)


def _fit_inside(info: StreamInfo, width: int, height: int) -> tuple[int, int]:
    shown_width, shown_height = info.display_size
    factor = min(Fraction(width, shown_width), Fraction(height, shown_height))
    return min(width, _even(shown_width * factor)), min(height, _even(shown_height * factor))


def _even(value: Fraction) -> int:
    return max(2, round(value / 2) * 2)


def _resize(stream: Stream, info: StreamInfo, width: int, height: int) -> Stream:
    """Scaled to an exact size in square pixels, 8-bit 4:2:0, limited range, BT.709."""
    if info.color_transfer in _HDR:
        scaled = stream.filter("scale", width, height, flags="bicubic")
        return _tone_map(scaled).filter("format", "yuv420p").filter("setsar", 1)
    options = {"flags": "bicubic", "out_color_matrix": "bt709", "out_range": "tv"}
    if info.color_space is None:
        # FFmpeg takes untagged video for BT.601 at any size; players, and so people, go by the height.
        options["in_color_matrix"] = "bt709" if min(info.display_size) >= 720 else "bt601"
    return stream.filter("scale", width, height, **options).filter("format", "yuv420p").filter("setsar", 1)


def _tone_map(stream: Stream) -> Stream:
    """High dynamic range (HLG, PQ) to standard: linear light, BT.709 primaries, Hable's curve."""
    return (
        stream.filter("zscale", t="linear", npl=100)
        .filter("format", "gbrpf32le")
        .filter("zscale", p="bt709")
        .filter("tonemap", "hable", desat=0)
        .filter("zscale", t="bt709", m="bt709", r="tv")
    )


def _tagged(stream: Stream) -> Stream:
    return stream.filter("setparams", color_primaries="bt709", color_trc="bt709", colorspace="bt709", range="tv")
