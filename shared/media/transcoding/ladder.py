"""The ladder: which sizes of a film a player may choose among, by the size of the source."""

from dataclasses import dataclass
from fractions import Fraction

from shared.media.graph.counting import nearest
from shared.media.graph.scaling import Size, fit_inside

LADDER_CRF = 21
"""Quality that a rung need not exceed, however many bits it may have."""
MOST_RATE = Fraction(60)

_NEAR = Fraction(115, 100)
"""A rung is left out where the source itself is less than this many times its size."""
_FAST = Fraction(30)
_EXPONENT = 0.75
"""Bits needed grow with pixels to this power."""
_SAVED = {"h264": 1.0, "h265": 0.7, "vp9": 0.75, "av1": 0.6}
"""Bits that a codec needs for the quality of H.264."""


@dataclass(frozen=True)
class _Box:
    """A frame of 16:9 that a rung fits into, lying or upright, and its bits (thousands a second) up to and above 30 frames."""

    width: int
    height: int
    kbps: int
    fast_kbps: int


# Up to 1080 lines the figures of Apple's authoring guide; above them, grown by `_EXPONENT`.
_BOXES = (
    _Box(416, 234, 145, 145),
    _Box(640, 360, 365, 365),
    _Box(768, 432, 730, 1100),
    _Box(960, 540, 2000, 2000),
    _Box(1280, 720, 3000, 4500),
    _Box(1920, 1080, 6000, 7800),
    _Box(2560, 1440, 9200, 12000),
    _Box(3840, 2160, 17000, 22000),
)


@dataclass(frozen=True)
class Rung:
    """A size, and at most how many bits (thousands a second)."""

    name: str
    width: int
    height: int
    max_kbps: int


def rungs_for(shown: Size, rate: Fraction, codec: str) -> tuple[Rung, ...]:
    """The rungs for a source of this size as it is seen, smallest first: none larger than it, the last of its own size.

    A source of more than 2160 lines ends there. One that is smaller than the smallest rung has one of its own size."""
    top = _top(shown)
    smaller = [box for box in _BOXES if _scale(top, _turned(box, shown)) >= _NEAR]
    sizes = [fit_inside(shown, _turned(box, shown)) for box in smaller] + [top]
    return tuple(_rung(size, rate, codec) for size in sizes)


def _top(shown: Size) -> Size:
    largest = _turned(_BOXES[-1], shown)
    if shown[0] <= largest[0] and shown[1] <= largest[1]:
        return max(2, shown[0] // 2 * 2), max(2, shown[1] // 2 * 2)
    return fit_inside(shown, largest)


def _scale(size: Size, box: Size) -> Fraction:
    """How many times larger than a box a picture is: 1 where it just fits."""
    return max(Fraction(size[0], box[0]), Fraction(size[1], box[1]))


def _turned(box: _Box, shown: Size) -> Size:
    """The box upright for an upright picture."""
    return (box.width, box.height) if shown[0] >= shown[1] else (box.height, box.width)


def _rung(size: Size, rate: Fraction, codec: str) -> Rung:
    """Named by its lines: those of the smallest box that it fits into, if it fills it."""
    box = next((box for box in _BOXES if _scale(size, _turned(box, size)) <= 1), _BOXES[-1])
    fullness = (size[0] * size[1] / (box.width * box.height)) ** _EXPONENT
    kbps = (box.fast_kbps if rate > _FAST else box.kbps) * _SAVED[codec] * fullness
    return Rung(_name(size, box), *size, max_kbps=max(50, round(kbps)))


def _name(size: Size, box: _Box) -> str:
    fills = _scale(size, _turned(box, size))
    return f"{box.height if fills > Fraction(99, 100) else nearest(box.height * fills)}p"


def ladder_rate(rate: Fraction) -> Fraction:
    """The rate for a source's: its own, halved while it is above 60."""
    while rate > MOST_RATE:
        rate /= 2
    return rate
