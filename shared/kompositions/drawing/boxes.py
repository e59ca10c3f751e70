"""Boxes: the box with round corners that the word being said stands on."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.kompositions.drawing.ass import Color
from shared.kompositions.drawing.ordering import seen_order
from shared.kompositions.drawing.sprite import Block
from shared.typography import separator

BESIDE, _ABOVE, _ROUND = 0.11, 0.02, 0.18
"""Of a box: what it reaches beyond its word at each side, above and below, and the radius of its corners, in line heights."""
_ARC = 0.5523
"""Where a Bézier curve's handles are for it to be a quarter of a circle, as a fraction of the radius."""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of the frame."""

    left: float
    top: float
    width: float
    height: float

    def markup(self, color: Color, radius: float) -> str:
        """What draws it in a script."""
        wide, high, r = self.width, self.height, min(radius, self.width / 2, self.height / 2)
        k = r * (1 - _ARC)
        path = (
            f"m {r:.2f} 0 l {wide - r:.2f} 0 b {wide - k:.2f} 0 {wide:.2f} {k:.2f} {wide:.2f} {r:.2f} "
            f"l {wide:.2f} {high - r:.2f} b {wide:.2f} {high - k:.2f} {wide - k:.2f} {high:.2f} {wide - r:.2f} {high:.2f} "
            f"l {r:.2f} {high:.2f} b {k:.2f} {high:.2f} 0 {high - k:.2f} 0 {high - r:.2f} "
            f"l 0 {r:.2f} b 0 {k:.2f} {k:.2f} 0 {r:.2f} 0"
        )
        return f"{{\\an7\\pos({self.left:.3f},{self.top:.3f})\\1c{color.code}\\1a{color.alpha}\\p1}}{path}"


def corner(size: float) -> float:
    """The radius of a box's corners for lines of `size` pixels."""
    return _ROUND * size


def word_boxes(
    block: Block, lines: Sequence[Sequence[str]], place: tuple[float, float], *, right: bool
) -> list[list[Box]]:
    """The box of every word of every line of a centred block whose anchor is at `place`. `right`: lines run from the right."""
    x, y = place
    size, across = block.style.size, block.text_point()[0] + x
    top = y - block.down * (block.height + 2 * block.padding) + block.padding
    return [_line_boxes(block, words, (across, top + number * size), right=right) for number, words in enumerate(lines)]


def _line_boxes(block: Block, words: Sequence[str], place: tuple[float, float], *, right: bool) -> list[Box]:
    """`place`: the middle of the line's upper edge."""
    (middle, top), size, width = place, block.style.size, block.style.typeface.width
    order = seen_order(words, right=right)
    gaps = [width(separator(words[min(pair)], words[max(pair)])) for pair in pairwise(order)]
    wides = [width(word) for word in words]
    at = middle - size * (sum(wides) + sum(gaps)) / 2
    boxes: dict[int, Box] = {}
    for number, gap in zip(order, [*gaps, 0.0], strict=True):
        beside = BESIDE * size
        high = size * (1 + 2 * _ABOVE)
        boxes[number] = Box(at - beside, top - _ABOVE * size, wides[number] * size + 2 * beside, high)
        at += (wides[number] + gap) * size
    return [boxes[number] for number in range(len(words))]
