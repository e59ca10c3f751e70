"""Faces and other regions made unrecognisable: boxes that move with what they hide."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.media.effects.kind import Frame, Params, Seconds, Share, Stream, picture_effect
from shared.media.effects.picture import finish


class BoxAt(Params):
    """Where a box is at a time."""

    at: Seconds = Field(default=0.0, description="From the start of the clip")
    x: Share = Field(description="Its left edge, as a fraction of the frame's width")
    y: Share = Field(description="Its top edge, as a fraction of the frame's height")
    width: float = Field(gt=0, le=1)
    height: float = Field(gt=0, le=1)


class Box(Params):
    """A box that moves evenly from keyframe to keyframe; the first one holds before it, the last one after it."""

    keyframes: Annotated[list[BoxAt], Field(min_length=1, max_length=500)]
    start: Seconds | None = Field(default=None, description="From when it is hidden; left out: from the first frame")
    end: Seconds | None = Field(default=None, description="Until when it is hidden; left out: to the last frame")

    @model_validator(mode="after")
    def _goes_forward(self) -> Self:
        if any(after.at <= before.at for before, after in pairwise(self.keyframes)):
            raise ValueError("keyframes must come in order of time, each at a time of its own")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError("a box must end after it starts")
        return self


class FaceBlur(Params):
    """Which boxes, and how they are hidden."""

    regions: Annotated[list[Box], Field(min_length=1, max_length=32)]
    style: Literal["blur", "pixelate"] = "blur"
    strength: Share = Field(default=0.5, ge=0.05, description="0.05 hides details, 1 leaves one colour")
    padding: float = Field(default=0.1, ge=0, le=1, description="Hidden around each box, as a fraction of its size")


def face_blur(stream: Stream, params: FaceBlur, frame: Frame) -> Stream:
    """Hides faces, or anything else in a box. A moving box is always as large as it ever becomes: nothing peeps out."""
    for box in params.regions:
        stream = _hidden(stream, box, params, frame)
    return finish(stream)


def _hidden(stream: Stream, box: Box, params: FaceBlur, frame: Frame) -> Stream:
    grown = 1 + 2 * params.padding
    width = _side(max(key.width for key in box.keyframes) * grown * frame.width, frame.width)
    height = _side(max(key.height for key in box.keyframes) * grown * frame.height, frame.height)
    left = _path([(key.at, (key.x + key.width / 2) * frame.width - width / 2) for key in box.keyframes], frame)
    top = _path([(key.at, (key.y + key.height / 2) * frame.height - height / 2) for key in box.keyframes], frame)
    # Even places: chroma has half the lines, and crop would round where overlay does not.
    x = f"2*floor(clip({left},0,{frame.width - width})/2)"
    y = f"2*floor(clip({top},0,{frame.height - height})/2)"
    copies = stream.split()
    part = copies[1].filter("crop", w=width, h=height, x=x, y=y)
    first = 0 if box.start is None else frame.count(box.start)
    last = frame.frames if box.end is None else frame.count(box.end) - 1
    return copies[0].overlay(
        _unrecognisable(part, params, min(width, height)), x=x, y=y, enable=f"between({frame.number},{first},{last})"
    )


def _unrecognisable(part: Stream, params: FaceBlur, side: int) -> Stream:
    reach = max(2.0, params.strength * side / 2)
    if params.style == "pixelate":
        return part.filter("pixelize", w=min(1024, round(reach)), h=min(1024, round(reach)))
    return part.filter("gblur", sigma=f"{min(reach / 1.5, 1024):.3f}", steps=2)


def _side(length: float, whole: int) -> int:
    """The even number of pixels from `length` on, at most the whole frame."""
    return min(whole, max(2, int(-(-length // 2)) * 2))


def _path(points: list[tuple[float, float]], frame: Frame) -> str:
    """An expression that goes evenly from point (seconds, pixels) to point, frame by frame."""
    steps = [(frame.count(at), value) for at, value in points]
    parts = [f"lt(ld(0),{steps[0][0]})*({steps[0][1]:.3f})", f"gte(ld(0),{steps[-1][0]})*({steps[-1][1]:.3f})"]
    for (begin, old), (end, new) in pairwise(steps):
        if end > begin:
            slope = (new - old) / (end - begin)
            parts.append(f"gte(ld(0),{begin})*lt(ld(0),{end})*({old:.3f}+(ld(0)-{begin})*({slope:.6f}))")
    return f"(st(0,{frame.number});{'+'.join(parts)})"


EFFECTS = (picture_effect(face_blur, FaceBlur),)
