"""Any picture into a frame of a given size: its shape kept unless asked otherwise, upright, 8-bit 4:2:0, BT.709."""

from fractions import Fraction
from typing import Literal

from shared.media.graph.streams import Stream, combine
from shared.media.info import StreamInfo

Size = tuple[int, int]
Scale = Literal["contain", "cover", "stretch", "blur"]
Anchor = tuple[Fraction, Fraction]
"""Which part of a picture that is too large is kept, across and down: 0 its left or top, 1 its right or bottom."""

CENTRE: Anchor = (Fraction(1, 2), Fraction(1, 2))

EXACT = "bicubic+accurate_rnd"
"""How pictures are scaled whose colours get another matrix: left to itself, FFmpeg rounds down, and the film gets darker."""
_HDR = ("smpte2084", "arib-std-b67")
_WIDE = ("bt2020", "smpte431", "smpte432")
"""Primaries beyond BT.709's: left as they are, colours would come out paler."""
_OF_BT2020 = ("bt2020c", "ictcp")
_UNCOMMON = (*_OF_BT2020, "chroma-derived-nc", "chroma-derived-c", "ycgco")
"""Matrices that FFmpeg's scaler does not read, and zimg does."""
HDR_PIXELS = "yuv420p10le"
"""Of pictures whose high dynamic range is kept."""

_BLUR_SHRINK = 8
_CLEAR = ("yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya8", "ya16", "pal8")


def is_clear(info: StreamInfo) -> bool:
    """Whether the picture may be transparent in places."""
    return (info.pixel_format or "").startswith(_CLEAR)


def decoder(info: StreamInfo | None) -> dict[str, str]:
    """The option of an input for the decoder that reads the transparency of its picture, where FFmpeg's usual one does not."""
    return {"c:v": info.codec} if info is not None and is_clear(info) and info.codec.startswith("libvpx") else {}


def _untold(info: StreamInfo) -> dict[str, str]:
    """What a file leaves unsaid of its colours. Nobody pairs a curve of high dynamic range with others than BT.2020's."""
    deep = is_hdr(info) or info.color_primaries == "bt2020" or info.color_space in _OF_BT2020
    usual = {
        "color_primaries": (info.color_primaries, "bt2020" if deep else "bt709"),
        "color_trc": (info.color_transfer, "bt709"),
        "colorspace": (info.color_space or _is_rgb(info), "bt2020nc" if deep else "bt709"),
    }
    return {name: value for name, (told, value) in usual.items() if not told}


def _is_rgb(info: StreamInfo) -> bool:
    return not (info.pixel_format or "yuv").startswith("yuv")


def is_wide(info: StreamInfo) -> bool:
    """Whether its colours must be converted to be BT.709's: they are told in another way, or BT.709 has not all of them."""
    return is_hdr(info) or info.color_primaries in _WIDE or info.color_space in _UNCOMMON


def is_hdr(info: StreamInfo | None) -> bool:
    """Whether the picture is of high dynamic range: HLG or PQ."""
    return info is not None and info.color_transfer in _HDR


def fill_frame(
    stream: Stream,
    info: StreamInfo,
    size: Size,
    scale: Scale,
    *,
    clear: bool = False,
    anchor: Anchor = CENTRE,
    keep_hdr: bool = False,
) -> Stream:
    """A source's picture in a frame of `size`; `clear` keeps its transparency, with the bars around it transparent too.

    Where it covers the frame, `anchor` says which part of it is seen. `keep_hdr`: a picture of high dynamic range stays one,
    in 10 bits."""
    if keep_hdr and is_hdr(info):
        return _tag_hdr(_filled(stream, info, size, scale, HDR_PIXELS, anchor), info)
    return tag(_filled(stream, info, size, scale, "yuva420p" if clear else "yuv420p", anchor))


def _filled(stream: Stream, info: StreamInfo, size: Size, scale: Scale, pixels: str, anchor: Anchor) -> Stream:
    clear = pixels.startswith("yuva")
    inner = fit_inside(info.display_size, size)
    if scale == "stretch" or inner == size:
        return resize(stream, info, size, pixels)
    if scale == "cover":
        return _cover(stream, info, size, pixels, anchor)
    if scale == "contain" or clear:
        bars = "black@0" if clear else "black"
        return resize(stream, info, inner, pixels).filter("pad", *size, *_corner(inner, size), bars)
    return _on_blur(stream.split(), info, size, inner, pixels)


def _on_blur(pair: Stream, info: StreamInfo, size: Size, inner: Size, pixels: str) -> Stream:
    """The picture on an enlarged, blurred and darkened copy of itself. The copy is blurred small: the eye cannot tell."""
    small = (max(2, size[0] // _BLUR_SHRINK // 2 * 2), max(2, size[1] // _BLUR_SHRINK // 2 * 2))
    background = (
        _cover(pair[0], info, small, pixels, CENTRE)
        .filter("gblur", sigma=4)
        .filter("scale", *size, flags="bicubic")
        .filter("setsar", 1)
        .filter("eq", brightness=-0.12)
    )
    left, top = _corner(inner, size)
    deep = {"format": "yuv420p10"} if pixels == HDR_PIXELS else {}
    return combine([background, resize(pair[1], info, inner, pixels)], "overlay", x=left, y=top, **deep)


def refit(stream: Stream, before: Size, size: Size, scale: Scale) -> Stream:
    """A finished picture of size `before` in another size."""
    if before == size:
        return stream
    return fill_frame(stream, _finished(before), size, scale)


def fit_inside(shown: Size, size: Size) -> Size:
    """The largest even size of the shape `shown` that fits into `size`."""
    factor = min(Fraction(size[0], shown[0]), Fraction(size[1], shown[1]))
    return min(size[0], _even(shown[0] * factor)), min(size[1], _even(shown[1] * factor))


def tag(stream: Stream) -> Stream:
    """Frames that say what their colours are."""
    return stream.filter("setparams", color_primaries="bt709", color_trc="bt709", colorspace="bt709", range="tv")


def for_jpeg(stream: Stream) -> Stream:
    """A finished picture for a JPEG: readers take its colours for BT.601 in full range, whatever it says."""
    return stream.filter("scale", out_color_matrix="bt601", out_range="pc").filter("format", "yuvj420p")


def _tag_hdr(stream: Stream, info: StreamInfo) -> Stream:
    return stream.filter(
        "setparams", color_primaries="bt2020", color_trc=info.color_transfer, colorspace="bt2020nc", range="tv"
    )


def _finished(size: Size) -> StreamInfo:
    return StreamInfo(
        index=0, kind="video", codec="rawvideo", width=size[0], height=size[1], color_space="bt709", color_range="tv"
    )


def _corner(inner: Size, size: Size) -> Size:
    """Where the middle is, on even pixels."""
    return (size[0] - inner[0]) // 4 * 2, (size[1] - inner[1]) // 4 * 2


def _cover(stream: Stream, info: StreamInfo, size: Size, pixels: str, anchor: Anchor) -> Stream:
    shown = info.display_size
    factor = max(Fraction(size[0], shown[0]), Fraction(size[1], shown[1]))
    scaled = (max(size[0], _even(shown[0] * factor)), max(size[1], _even(shown[1] * factor)))
    corner = [int((whole - kept) * share / 2) * 2 for whole, kept, share in zip(scaled, size, anchor, strict=True)]
    return resize(stream, info, scaled, pixels).filter("crop", *size, *corner)


def _even(value: Fraction) -> int:
    return max(2, round(value / 2) * 2)


def resize(stream: Stream, info: StreamInfo, size: Size, pixels: str) -> Stream:
    """A source's picture, or a part of it, scaled to an exact size in square pixels, limited range, BT.709.

    Of `HDR_PIXELS`: in the colours that it has. What is transparent lies over black, unless `pixels` can tell it."""
    if is_clear(info) and not pixels.startswith("yuva"):
        stream = _on_black(stream, info)
    if is_wide(info):
        stream = _told(stream, info)
    if info.color_space in _UNCOMMON:
        stream = stream.filter("zscale", m="bt2020nc")
    if pixels == HDR_PIXELS:
        return (
            stream.filter("scale", *size, flags="bicubic", out_range="tv").filter("format", pixels).filter("setsar", 1)
        )
    if is_hdr(info):
        scaled = stream.filter("scale", *size, flags="bicubic")
        return _tone_map(scaled).filter("format", "yuv420p").filter("setsar", 1)
    if is_wide(info):
        scaled = stream.filter("scale", *size, flags="bicubic")
        narrowed = scaled.filter("zscale", p="bt709", m="bt709", r="tv")
        return narrowed.filter("format", pixels).filter("setsar", 1)
    # FFmpeg takes untagged video for BT.601 at any size; players, and so people, go by the height.
    matrix = info.color_space or ("bt709" if min(info.display_size) >= 720 else "bt601")
    options = {"flags": "bicubic" if matrix == "bt709" else EXACT, "out_color_matrix": "bt709", "out_range": "tv"}
    if info.color_space is None:
        options["in_color_matrix"] = matrix
    return stream.filter("scale", *size, **options).filter("format", pixels).filter("setsar", 1)


def _on_black(stream: Stream, info: StreamInfo) -> Stream:
    """The colours that a file has where nothing is to be seen are not meant to be seen. In 16 bits: in 8 all get darker."""
    deep = "yuva444p16le|yuva422p16le|yuva420p16le" if (info.pixel_format or "").startswith("yuva") else "gbrap16le"
    return stream.filter("format", deep).filter("premultiply", inplace=1)


def _told(stream: Stream, info: StreamInfo) -> Stream:
    untold = _untold(info)
    return stream.filter("setparams", **untold) if untold else stream


def _tone_map(stream: Stream) -> Stream:
    """High dynamic range (HLG, PQ) to standard: linear light, BT.709 primaries, Hable's curve."""
    return (
        stream.filter("zscale", t="linear", npl=100)
        .filter("format", "gbrpf32le")
        .filter("zscale", p="bt709")
        .filter("tonemap", "hable", desat=0)
        .filter("zscale", t="bt709", m="bt709", r="tv")
    )
