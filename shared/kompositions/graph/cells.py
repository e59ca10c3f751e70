"""Cells: where in the frame a layout puts its tracks. All corners and sizes are even: chroma has half the resolution."""

from dataclasses import dataclass
from math import ceil, sqrt

from shared.kompositions.model import Layout
from shared.media.graph.scaling import Size


@dataclass(frozen=True)
class Cell:
    """A rectangle of the frame, pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def size(self) -> Size:
        """Width and height."""
        return self.width, self.height

    def covers(self, other: "Cell") -> bool:
        """Whether nothing of `other` is left to see under it."""
        right, bottom = self.left + self.width, self.top + self.height
        inside = self.left <= other.left and self.top <= other.top
        return inside and other.left + other.width <= right and other.top + other.height <= bottom


def whole_frame(size: Size) -> Cell:
    """The cell that is the frame."""
    return Cell(0, 0, *size)


def cells(layout: Layout, size: Size) -> list[Cell]:
    """A cell for each track of the layout that is seen, in the order of its tracks."""
    count = len(layout.tracks)
    match layout.kind:
        case "full":
            return [whole_frame(size)]
        case "split":
            return _split(layout, size, count)
        case "pip":
            return [whole_frame(size), *(_corner(layout, size, place) for place in range(count - 1))]
        case "grid":
            return _grid(layout, size, count)


def _split(layout: Layout, size: Size, count: int) -> list[Cell]:
    gap = layout.gap * size[0]
    shares = [layout.ratio, 1 - layout.ratio] if count == 2 else [1 / count] * count
    across = layout.direction == "horizontal"
    lines = _lines(size[0] if across else size[1], shares, gap)
    if across:
        return [Cell(begin, 0, length, size[1]) for begin, length in lines]
    return [Cell(0, begin, size[0], length) for begin, length in lines]


def _grid(layout: Layout, size: Size, count: int) -> list[Cell]:
    columns = min(layout.columns or ceil(sqrt(count)), count)
    rows = ceil(count / columns)
    gap = layout.gap * size[0]
    across = _lines(size[0], [1 / columns] * columns, gap)
    down = _lines(size[1], [1 / rows] * rows, gap)
    return [Cell(left, top, width, height) for top, height in down for left, width in across][:count]


def _corner(layout: Layout, size: Size, place: int) -> Cell:
    """The place-th small picture, of the frame's own shape; further ones follow side by side, away from the corner."""
    width, height = _even(size[0] * layout.size), _even(size[1] * layout.size)
    margin = _even(layout.margin * size[0], least=0)
    step = place * (width + margin)
    left = size[0] - margin - width - step if layout.corner.endswith("right") else margin + step
    top = size[1] - margin - height if layout.corner.startswith("bottom") else margin
    return Cell(max(0, left), max(0, top), width, height)


def _lines(length: int, shares: list[float], gap: float) -> list[tuple[int, int]]:
    """A length divided by shares with gaps between: where each part begins, and how long it is."""
    free = length - gap * (len(shares) - 1)
    lines, at = [], 0.0
    for share in shares:
        begin, end = _even(at, least=0), _even(at + free * share, least=0)
        lines.append((min(begin, length - 2), max(2, min(end, length) - begin)))
        at += free * share + gap
    return lines


def _even(value: float, least: int = 2) -> int:
    return max(least, round(value / 2) * 2)
