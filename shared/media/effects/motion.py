"""Moves within the frame: zooms, pans and shakes, placed to a fraction of a pixel."""

from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from shared.media.effects.kind import Frame, Params, Share, Stream, picture_effect, unit
from shared.media.effects.picture import finish, view

Easing = Literal["linear", "ease_in", "ease_out", "ease_in_out"]
_EASED = {
    "linear": "ld(0)",
    "ease_in": "ld(0)*ld(0)",
    "ease_out": "ld(0)*(2-ld(0))",
    "ease_in_out": "ld(0)*ld(0)*(3-2*ld(0))",
}


class Region(Params):
    """A part of the frame, in fractions of it."""

    x: Share = Field(default=0.0, description="Its left edge")
    y: Share = Field(default=0.0, description="Its top edge")
    width: float = Field(default=1.0, ge=0.02, le=1)
    height: float = Field(default=1.0, ge=0.02, le=1)

    @model_validator(mode="after")
    def _is_in_the_frame(self) -> Self:
        if self.x + self.width > 1.0001 or self.y + self.height > 1.0001:
            raise ValueError("the region must lie in the frame: x + width and y + height may be at most 1")
        return self


class Zoom(Params):
    """From one size to another, over the whole clip."""

    from_factor: float = Field(default=1.0, ge=1, le=20, description="1 is the whole picture")
    to_factor: float = Field(default=1.25, ge=1, le=20)
    x: Share = Field(default=0.5, description="The point that is zoomed to, as a fraction of the frame's width")
    y: Share = Field(default=0.5, description="The same, of its height")
    easing: Easing = "linear"


class KenBurns(Params):
    """From one region to another, over the whole clip."""

    from_region: Region = Region()
    to_region: Region = Region(x=0.15, y=0.15, width=0.7, height=0.7)
    easing: Easing = "ease_in_out"


class Shake(Params):
    """How far and how fast."""

    amount: float = Field(default=0.02, ge=0, le=0.2, description="Farthest, as a fraction of the frame")
    frequency: float = Field(default=4.0, ge=0.1, le=25, json_schema_extra=unit("Hz"))


@dataclass(frozen=True)
class _View:
    """What is seen: the size of a part with the frame's shape, and its top left corner; all fractions of the frame."""

    size: float
    x: float
    y: float


def zoom(stream: Stream, params: Zoom, frame: Frame) -> Stream:
    """Slowly nearer (or away), at a speed that looks even."""
    start, end = (
        _View(1 / factor, params.x * (1 - 1 / factor), params.y * (1 - 1 / factor))
        for factor in (params.from_factor, params.to_factor)
    )
    return finish(_move(stream, start, end, params.easing, frame))


def ken_burns(stream: Stream, params: KenBurns, frame: Frame) -> Stream:
    """Slowly from one part of the picture to another. What is seen is the least view of the frame's shape around each."""
    return finish(_move(stream, _around(params.from_region), _around(params.to_region), params.easing, frame))


def shake(stream: Stream, params: Shake, frame: Frame) -> Stream:
    """A hand that trembles; the picture is enlarged so that no edge shows."""
    turn = f"6.283185*{params.frequency:.6f}*(in-1)*{frame.rate.denominator}/{frame.rate.numerator}"
    # Three waves whose frequencies have no common measure never come together again.
    across = f"(sin({turn})+sin({turn}*1.618034+1)+sin({turn}*2.302585+2))/3"
    down = f"(sin({turn}*1.324718+3)+sin({turn}*0.754878+4)+sin({turn}*2.718282+5))/3"
    reach = params.amount
    left, top = f"W*{reach:.6f}*(1+{across})", f"H*{reach:.6f}*(1+{down})"
    right, bottom = f"{left}+W*{1 - 2 * reach:.6f}", f"{top}+H*{1 - 2 * reach:.6f}"
    return finish(view(stream, left, top, right, bottom) if reach else stream)


def _around(region: Region) -> _View:
    size = max(region.width, region.height)
    x, y = region.x + (region.width - size) / 2, region.y + (region.height - size) / 2
    return _View(size, min(max(x, 0), 1 - size), min(max(y, 0), 1 - size))


def _move(stream: Stream, start: _View, end: _View, easing: Easing, frame: Frame) -> Stream:
    """From `start` to `end`. The size changes by the same factor every frame, and one point of the picture stands still."""
    if start == end == _View(1, 0, 0):
        return stream
    way = f"st(0,min((in-1)/{max(frame.frames - 1, 1)},1));st(1,{_EASED[easing]})"
    size = f"st(2,{start.size:.8f}*pow({end.size / start.size:.8f},ld(1)))"
    grown = end.size - start.size
    moved = f"(ld(2)-{start.size:.8f})/({grown:.8f})" if abs(grown) > 1e-6 else "ld(1)"
    corner = {
        axis: f"({first:.8f}+({last - first:.8f})*{moved})"
        for axis, first, last in (("W", start.x, end.x), ("H", start.y, end.y))
    }
    near = {axis: f"{way};{size};{axis}*{corner[axis]}" for axis in "WH"}
    far = {axis: f"{way};{size};{axis}*({corner[axis]}+ld(2))" for axis in "WH"}
    return view(stream, near["W"], near["H"], far["W"], far["H"])


EFFECTS = (picture_effect(zoom, Zoom), picture_effect(ken_burns, KenBurns), picture_effect(shake, Shake))
