"""Still geometry: turning, cutting and covering parts of the frame. The size of the frame never changes."""

from math import cos, radians, sin
from typing import Literal, Self

from pydantic import Field, model_validator

from shared.media.effects.kind import Color, Frame, Params, Share, Stream, picture_effect, unit
from shared.media.effects.picture import finish, flat, mask, masked


class Flip(Params):
    """Which way."""

    direction: Literal["horizontal", "vertical", "both"] = "horizontal"


class Mirror(Params):
    """Which half is seen twice."""

    side: Literal["left", "right", "top", "bottom"] = Field(default="left", description="The half that is kept")


class Rotate(Params):
    """How far, and what is seen in the corners."""

    degrees: float = Field(default=5.0, ge=-360, le=360, json_schema_extra=unit("degrees clockwise"))
    fill: Literal["zoom", "color"] = Field(
        default="zoom", description="zoom: enlarged until no corner is empty; color: corners are filled with `color`"
    )
    color: Color = "#000000"


class Crop(Params):
    """The part that is kept, as fractions of the frame."""

    x: Share = Field(default=0.1, description="Its left edge")
    y: Share = Field(default=0.1, description="Its top edge")
    width: Share = Field(default=0.8, gt=0)
    height: Share = Field(default=0.8, gt=0)
    fit: Literal["cover", "contain", "stretch"] = Field(
        default="cover", description="How it fills the frame: cut further, with bars, or out of proportion"
    )

    @model_validator(mode="after")
    def _is_in_the_frame(self) -> Self:
        if self.x + self.width > 1.0001 or self.y + self.height > 1.0001:
            raise ValueError("the part must lie in the frame: x + width and y + height may be at most 1")
        return self


class Circle(Params):
    """A circle, and what surrounds it."""

    x: Share = Field(default=0.5, description="Its centre, as a fraction of the frame's width")
    y: Share = Field(default=0.5, description="Its centre, as a fraction of the frame's height")
    radius: float = Field(default=0.45, gt=0, le=2, description="As a fraction of the frame's height")
    softness: Share = Field(default=0.02, description="Width of its edge as a fraction of the radius")
    color: Color = "#000000"


class Bars(Params):
    """The shape of what is left between the bars."""

    ratio: float = Field(default=2.39, ge=0.2, le=5, description="Width by height")
    color: Color = "#000000"


def flip(stream: Stream, params: Flip, _frame: Frame) -> Stream:
    """Left and right, or top and bottom, change places."""
    if params.direction != "vertical":
        stream = stream.filter("hflip")
    return finish(stream if params.direction == "horizontal" else stream.filter("vflip"))


def mirror(stream: Stream, params: Mirror, frame: Frame) -> Stream:
    """One half of the picture, and its reflection in place of the other."""
    turned = params.side in ("left", "right")
    size = frame.width if turned else frame.height
    half = (size // 2 + 1) // 2 * 2
    begin = 0 if params.side in ("left", "top") else size - half
    where, whole = ("x", "w") if turned else ("y", "h")
    copies = stream.split()
    kept = copies[1].filter("crop", **{"w": "iw", "h": "ih", whole: half, "x": 0, "y": 0, where: begin})
    return finish(copies[0].overlay(kept.filter("hflip" if turned else "vflip"), **{where: size - half - begin}))


def rotate(stream: Stream, params: Rotate, frame: Frame) -> Stream:
    """Turns the picture about its centre."""
    angle = radians(params.degrees)
    if params.fill == "zoom":
        side, depth = abs(cos(angle)), abs(sin(angle))
        aspect = frame.width / frame.height
        factor = max(side + depth / aspect, side + depth * aspect)
        stream = stream.filter("scale", _even(frame.width * factor), _even(frame.height * factor))
    color = params.color.replace("#", "0x")
    size = {"out_w": frame.width, "out_h": frame.height}
    return finish(stream.filter("rotate", angle=f"{angle:.8f}", fillcolor=color, **size).filter("setsar", 1))


def crop(stream: Stream, params: Crop, frame: Frame) -> Stream:
    """A part of the picture, enlarged to the frame."""
    wide, high = params.width * frame.width, params.height * frame.height
    left, top = params.x * frame.width, params.y * frame.height
    factor = max(frame.width / wide, frame.height / high)
    if params.fit == "cover":
        left, top = left + (wide - frame.width / factor) / 2, top + (high - frame.height / factor) / 2
        wide, high = frame.width / factor, frame.height / factor
    kept = stream.filter("crop", w=_even(wide), h=_even(high), x=f"{left:.3f}", y=f"{top:.3f}")
    if params.fit != "contain":
        return finish(kept.filter("scale", frame.width, frame.height).filter("setsar", 1))
    least = min(frame.width / wide, frame.height / high)
    inner = min(frame.width, _even(wide * least)), min(frame.height, _even(high * least))
    corner = (frame.width - inner[0]) // 4 * 2, (frame.height - inner[1]) // 4 * 2
    return finish(kept.filter("scale", *inner).filter("setsar", 1).filter("pad", frame.width, frame.height, *corner))


def mask_circle(stream: Stream, params: Circle, frame: Frame) -> Stream:
    """The picture in a circle on a plain colour."""
    aspect = frame.width / frame.height
    distance = f"hypot((ld(0)-({2 * params.x - 1:.6f}))*{aspect:.6f},ld(1)-({2 * params.y - 1:.6f}))"
    radius, edge = 2 * params.radius, max(2 * params.radius * params.softness, 2 / frame.height)
    copies = stream.split()
    shade = f"({radius + edge / 2:.6f}-{distance})/{edge:.6f}"
    surround = flat(copies[2], *_yuv(params.color))
    return finish(masked(copies[0], surround, mask(copies[1], shade, frame)))


def letterbox_bars(stream: Stream, params: Bars, frame: Frame) -> Stream:
    """Bars over the top and bottom (or the sides) that leave a picture of the given shape."""
    width = min(frame.width, _even(frame.height * params.ratio))
    height = min(frame.height, _even(frame.width / params.ratio))
    left, top = (frame.width - width) // 4 * 2, (frame.height - height) // 4 * 2
    kept = stream.filter("crop", w=width, h=height, x=left, y=top)
    return finish(kept.filter("pad", frame.width, frame.height, left, top, params.color.replace("#", "0x")))


def _even(size: float) -> int:
    return max(2, round(size / 2) * 2)


def _yuv(color: str) -> tuple[float, float, float]:
    """A colour #rrggbb in BT.709 of limited range."""
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748


EFFECTS = (
    picture_effect(flip, Flip),
    picture_effect(mirror, Mirror),
    picture_effect(rotate, Rotate),
    picture_effect(crop, Crop),
    picture_effect(mask_circle, Circle),
    picture_effect(letterbox_bars, Bars),
)
