"""What the effects on pictures are built from: tables, blends, masks and moving views, in yuv420p BT.709 of limited range."""

from collections.abc import Callable

from shared.media.effects.kind import Frame, Stream

BLACK = (16, 128, 128)


def finish(stream: Stream) -> Stream:
    """The stream as every effect hands it on: yuv420p, no value outside the limited range, colours tagged."""
    return (
        stream.filter("format", "yuv420p")
        .filter("limiter", min=16, max=235, planes=1)
        .filter("limiter", min=16, max=240, planes=6)
        .filter("setparams", color_primaries="bt709", color_trc="bt709", colorspace="bt709", range="tv")
    )


def lut(stream: Stream, luma: str = "val", chroma: str = "val") -> Stream:
    """Each value replaced by an expression of `val`: luma in 16–235, both chromas in 16–240 around 128."""
    cut = {name: f"clip({text},minval,maxval)" for name, text in (("y", luma), ("u", chroma), ("v", chroma))}
    return stream.filter("format", "yuv420p").filter("lutyuv", **cut)


def scaled(factor: float, pivot: float = 0.0) -> dict[str, str]:
    """For `lut`: every colour moved away from the grey `pivot` (0 black, 1 white) by `factor`, as in RGB."""
    grey = 16 + 219 * pivot
    return {"luma": f"(val-{grey:.4f})*{factor:.6f}+{grey:.4f}", "chroma": f"(val-128)*{factor:.6f}+128"}


def saturated(stream: Stream, factor: float) -> Stream:
    """Colours `factor` times as strong; 0 leaves greys."""
    return lut(stream, chroma=f"(val-128)*{factor:.6f}+128")


def blended(stream: Stream, change: Callable[[Stream], Stream], intensity: float) -> Stream:
    """`change` of the stream, laid over the stream itself with the opacity `intensity`."""
    if intensity == 0:
        return stream
    if intensity == 1:
        return change(stream)
    copies = stream.split()
    changed = change(copies[1]).filter("format", "yuv420p")
    return over(changed, copies[0], all_mode="normal", all_opacity=f"{intensity:.6f}")


def over(top: Stream, bottom: Stream, **modes: object) -> Stream:
    """`top` blended with `bottom` by FFmpeg's blend modes. Below full opacity `top` shows, in mode normal `bottom`."""
    import ffmpeg

    return ffmpeg.filter([top, bottom], "blend", **modes)


def masked(inside: Stream, outside: Stream, mask: Stream) -> Stream:
    """`inside` where `mask` is white, `outside` where it is black."""
    import ffmpeg

    return ffmpeg.filter([outside, inside, mask], "maskedmerge")


def still(stream: Stream) -> Stream:
    """The stream's first frame; where frames are put together it holds as long as it is needed."""
    return stream.filter("trim", end_frame=1).filter("format", "yuv420p")


def flat(stream: Stream, luma: float, blue: float, red: float) -> Stream:
    """A still of the stream's size in one colour (yuv420p)."""
    return still(stream).filter("lutyuv", y=f"{luma:.3f}", u=f"{blue:.3f}", v=f"{red:.3f}")


def mask(stream: Stream, shade: str, frame: Frame, *, soft: bool = False) -> Stream:
    """A still that is as white as `shade` (0–1), an expression of ld(0) and ld(1): across and down, from -1 to 1.

    A `soft` one is drawn at an eighth of the size and enlarged: an expression for every pixel is slow."""
    value = f"st(0,2*(X+0.5)/W-1);st(1,2*(Y+0.5)/H-1);255*clip(({shade}),0,1)"
    canvas = still(stream)
    if soft:
        canvas = canvas.filter("scale", max(16, frame.width // 16 * 2), max(16, frame.height // 16 * 2))
    drawn = canvas.filter("geq", lum=value, cb=value, cr=value)
    return drawn.filter("scale", frame.width, frame.height, flags="bilinear") if soft else drawn


def darkened(stream: Stream, keep: str, frame: Frame, *, soft: bool = False) -> Stream:
    """The picture times `keep` (0–1), an expression for `mask`: black where it is 0."""
    copies = stream.split()
    return masked(copies[0], flat(copies[2], *BLACK), mask(copies[1], keep, frame, soft=soft))


def ring(start: float, end: float, aspect: float) -> str:
    """For `mask`: 1 up to `start` from the centre, falling smoothly to 0 at `end`; 1 is the distance of a corner."""
    distance = f"hypot(ld(0)*{aspect:.6f},ld(1))/{(aspect**2 + 1) ** 0.5:.6f}"
    part = f"st(2,clip(({distance}-{start:.6f})/{max(end - start, 1e-4):.6f},0,1))"
    return f"{part};1-ld(2)*ld(2)*(3-2*ld(2))"


def vignetted(stream: Stream, frame: Frame, strength: float, start: float = 0.35) -> Stream:
    """Darker towards the corners, by `strength` (0–1) in the corners, from `start` of the way on."""
    shade = ring(start, 1.0, frame.width / frame.height)
    return darkened(stream, f"1-{strength:.6f}*(1-({shade}))", frame, soft=True) if strength else stream


def view(stream: Stream, left: str, top: str, right: str, bottom: str) -> Stream:
    """The rectangle between these expressions of `in` (the number of the frame, from 1), W and H, stretched over the frame.

    It is placed to a fraction of a pixel: slow moves do not tremble."""
    corners = {"x0": left, "y0": top, "x1": right, "y1": top, "x2": left, "y2": bottom, "x3": right, "y3": bottom}
    return stream.filter("perspective", interpolation="cubic", sense="source", eval="frame", **corners)
