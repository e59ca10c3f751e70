"""Entrances: how a cue comes on."""

from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi
from typing import TYPE_CHECKING

from shared.kompositions.drawing.motion import Fade, Path, Placed, ease

if TYPE_CHECKING:
    from shared.kompositions.model.captions import CaptionStyle

_LASTS = {"pop": 0.2, "bounce": 0.5, "fade": 0.2, "slide": 0.25}
"""Seconds, at most half of the cue."""
_SMALLEST, _OVERSHOOT = 0.6, 1.70158
_FALL, _SWINGS = 0.8, 2.5

_LARGEST = 1 + (1 - _SMALLEST) * 4 * _OVERSHOOT**3 / (27 * (_OVERSHOOT + 1) ** 2)
"""How large `pop` becomes: where its cubic is highest."""


@dataclass(frozen=True)
class Sway:
    """How far a cue goes beyond where it rests: times its size, and line heights up and down."""

    size: float = 1.0
    up: float = 0.0
    down: float = 0.0


_SWAYS: "dict[CaptionStyle, Sway]" = {"pop": Sway(size=_LARGEST), "bounce": Sway(up=_FALL), "slide": Sway(down=1.0)}


def sway(style: "CaptionStyle") -> Sway:
    """What a style needs around the place where a cue rests."""
    return _SWAYS.get(style, Sway())


def enter(
    style: "CaptionStyle", place: tuple[float, float], size: float, frames: tuple[int, int], rate: Fraction
) -> Path:
    """The way of a cue whose anchor comes to rest at `place`, with lines of `size` pixels, seen from one frame up to another.

    pop: it grows past its size and settles. bounce: it falls in and bounces. fade: it appears and vanishes slowly. slide: it
    appears from below. Other styles are just there."""
    (x, y), (first, end) = place, frames
    lasts = min(round(_LASTS.get(style, 0) * rate), (end - first) // 2)
    fade = Fade(first, end, lasts, lasts)

    def placed(frame: int) -> Placed:
        way = min(1.0, (frame - first + 0.5) / lasts) if lasts else 1.0
        match style:
            case "pop":
                return x, y, _SMALLEST + (1 - _SMALLEST) * _settling(way), 0.0, 1.0
            case "bounce":
                return x, y - _FALL * size * (1 - way) * abs(cos(_SWINGS * pi * way)), 1.0, 0.0, 1.0
            case "slide":
                return x, y + size * (1 - ease("ease_out", way)), 1.0, 0.0, way
            case "fade":
                return x, y, 1.0, 0.0, fade.at(frame)
            case _:
                return x, y, 1.0, 0.0, 1.0

    breaks = fade.breaks if style == "fade" else range(first, first + lasts + 1)
    return Path(first, end, placed, frozenset(breaks))


def _settling(way: float) -> float:
    """From 0 past 1 to 1: a cubic that overshoots by a tenth."""
    left = way - 1
    return 1 + (_OVERSHOOT + 1) * left**3 + _OVERSHOOT * left**2
