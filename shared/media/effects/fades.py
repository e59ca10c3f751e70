"""Fades of the picture: from and to a colour, and opacity over black."""

from pydantic import Field

from shared.media.effects.kind import Color, Frame, Params, Seconds, Share, Stream, picture_effect
from shared.media.effects.picture import finish, lut, scaled


class Fade(Params):
    """How long, and from or to what."""

    duration: Seconds = Field(default=1.0, description="At most the whole clip")
    color: Color = "#000000"


class Opacity(Params):
    """How much of the picture is seen."""

    opacity: Share = Field(default=0.5, description="1 is all of it, 0 is black")


def fade_in(stream: Stream, params: Fade, frame: Frame) -> Stream:
    """The first frame is the colour; `duration` later the picture is whole."""
    return finish(_fade(stream, "in", 0, params, frame))


def fade_out(stream: Stream, params: Fade, frame: Frame) -> Stream:
    """The picture is whole until `duration` before the last frame, which is the colour."""
    return finish(_fade(stream, "out", frame.frames - 1 - _length(params, frame), params, frame))


def opacity(stream: Stream, params: Opacity, _frame: Frame) -> Stream:
    """The picture over black."""
    return finish(lut(stream, **scaled(params.opacity)))


def _length(params: Fade, frame: Frame) -> int:
    return min(frame.count(params.duration), frame.frames - 1)


def _fade(stream: Stream, direction: str, start: int, params: Fade, frame: Frame) -> Stream:
    length = _length(params, frame)
    if length < 1:
        return stream
    color = params.color.replace("#", "0x")
    return stream.filter("fade", type=direction, start_frame=start, nb_frames=length, color=color)


EFFECTS = (picture_effect(fade_in, Fade), picture_effect(fade_out, Fade), picture_effect(opacity, Opacity))
