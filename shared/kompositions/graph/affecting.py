"""Effects on a picture: laid on a clip, or on a part of one where that gives the same frames."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from shared.kompositions.model import Effect
from shared.media.effects import Frame, effect_errors, filter_picture
from shared.media.graph.picture import renumber
from shared.media.graph.streams import Stream

_FRAMEWISE = re.compile(
    "avgblur|blend|boxblur|chromashift|colorbalance|colorchannelmixer|colorlevels|colortemperature|crop|curves|drawbox|eq|"
    "format|gblur|geq|hflip|hue|limiter|lutrgb|lutyuv|maskedmerge|monochrome|negate|null|overlay|pad|pixelize|rgbashift|"
    "rotate|scale|selectivecolor|setparams|setsar|split|transpose|trim|unsharp|vflip|vibrance|vignette"
)
"""Filters that see a frame at a time (of `trim`, effects use the first frame, for its size)."""
_MOVING = re.compile(r"\b(t|n|T|N|in|on|time|pts|PTS)\b|random|print|\b(lum|cb|cr|p)\(")
"""In an expression: what depends on the time, or on the pixels of a frame that is held."""


def shown(effects: Sequence[Effect]) -> list[Effect]:
    """Those that do something to a picture."""
    return [effect for effect in effects if not effect_errors(effect.type, effect.params, "picture")]


def first_needed(effects: Sequence[Effect], clip_start: int, start: int, frame: Frame) -> int:
    """The frame from which a clip must be made for its frames from `start` on to be right.

    An effect that moves, or remembers, is given the clip from its beginning; one that looks at each frame alone need not be."""
    framewise = all(_looks_at_one(node) for effect in effects for node in _added(effect, frame))
    return start if framewise else clip_start


def affect(stream: Stream, effects: Sequence[Effect], frame: Frame, pixels: str) -> Stream:
    """The stream, which begins with the clip's first frame or where `first_needed` says, with effects on it.

    `pixels` is the format of all that it is joined with: left open, FFmpeg would choose by what comes before and after."""
    for effect in effects:
        affected = filter_picture(stream, effect.type, effect.params, frame)
        stream = renumber(affected.filter("format", pixels), frame.rate)
    return stream


def _added(effect: Effect, frame: Frame) -> Iterator[Any]:
    """The filters that an effect adds."""
    import ffmpeg

    source = ffmpeg.input("picture")
    waiting = [filter_picture(source["v"], effect.type, effect.params, frame).node]
    while waiting:
        node = waiting.pop()
        if node is not source.node:
            yield node
            waiting += [edge.upstream_node for edge in node.incoming_edges]


def _looks_at_one(node: Any) -> bool:
    told = [str(value) for value in (*node.args, *node.kwargs.values())]
    moves = "enable" in node.kwargs or any(_MOVING.search(text) for text in told)
    return _FRAMEWISE.fullmatch(node.name) is not None and not moves
