"""Placing: how large an image is, and where its middle is in every frame."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, cos, hypot, radians, sin
from typing import TYPE_CHECKING

from shared.kompositions.drawing.items import Item
from shared.kompositions.drawing.motion import TOLERANCE, Piece, Values, straighten
from shared.kompositions.drawing.sprite import anchor_point
from shared.kompositions.graph.media import Place
from shared.media.graph.scaling import is_clear

if TYPE_CHECKING:
    from shared.kompositions.model import ImageOverlay
    from shared.media import StreamInfo

X, Y, SCALE, ROTATION, OPACITY = range(5)
"""What the values of pieces are: the middle in pixels, the factor on the size, degrees clockwise, opacity."""

_MOST_PIXELS, _MOST_SIDE = 1 << 26, 16384
_EDGE = 1
"""Clear pixels around an image that is turned, which make its edges smooth."""


@dataclass(frozen=True)
class Placing:
    """An image in its frame. The image is scaled to `base`, turned on `canvas`, and scaled again if it `grows`."""

    item: Item
    overlay: "ImageOverlay"
    info: "StreamInfo"

    @property
    def grows(self) -> bool:
        """Whether its size changes."""
        return self.item.scale.moves

    @property
    def turns(self) -> bool:
        """Whether its rotation changes."""
        return self.item.rotation.moves

    @property
    def is_turned(self) -> bool:
        """Whether it is ever not upright."""
        return any(value % 360 for value in self.item.rotation.values)

    @property
    def travels(self) -> bool:
        """Whether its place on the picture changes."""
        return self.grows or self.turns or self.item.x.moves or self.item.y.moves

    @property
    def is_clear(self) -> bool:
        """Whether it may be transparent somewhere."""
        return is_clear(self.info)

    @property
    def opacity(self) -> float:
        """In the first of its frames."""
        return self.pieces[0].start[OPACITY]

    @cached_property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels at scale 1."""
        wide, high = self.info.display_size
        factor = self.overlay.width * self.item.width / wide if self.overlay.width is not None else 1.0
        return wide * factor, high * factor

    @cached_property
    def base_scale(self) -> float:
        """Of `base`: as large as it becomes, but, if it is scaled again, not larger than the file."""
        largest = max(self.item.scale.values)
        return min(largest, max(self.info.display_size[0] / self.size[0], 1e-3)) if self.grows else largest

    @property
    def base(self) -> tuple[int, int]:
        """Pixels of the image before it is turned."""
        wide, high = (max(1, round(side * self.base_scale)) for side in self.size)
        return wide, high

    @cached_property
    def canvas(self) -> tuple[int, int]:
        """Pixels of the image with what it needs around it to turn."""
        wide, high = self.base
        if self.is_turned:
            wide, high = wide + 2 * _EDGE, high + 2 * _EDGE
            turn = radians(self.item.rotation.values[0])
            across, down = abs(cos(turn)), abs(sin(turn))
            around = ceil(hypot(wide, high))
            turned = (ceil(wide * across + high * down - 1e-6), ceil(wide * down + high * across - 1e-6))
            wide, high = (around, around) if self.turns else turned
        return wide, high

    @cached_property
    def frame(self) -> tuple[int, int]:
        """Pixels of the canvas when it is largest, with clear ones around it; both odd.

        Raises `UnusableMedia` when that is too large to draw."""
        growth = max(self.item.scale.values) / self.base_scale
        wide, high = (ceil(side * growth) for side in self.canvas)
        if max(wide, high) > _MOST_SIDE or wide * high > _MOST_PIXELS:
            detail = f"The image would be {wide} x {high} pixels. Use a smaller width or scale."
            raise Place(self.item.pointer).refuse("scale", "too_large", detail)
        return wide // 2 * 2 + 5, high // 2 * 2 + 5

    @cached_property
    def pieces(self) -> list[Piece]:
        """Its whole way."""
        return straighten(self._state, self.item.path, TOLERANCE)

    def _state(self, frame: int) -> Values:
        x, y, scale, rotation, opacity = self.item.placed(frame)
        across, down = anchor_point(self.overlay.anchor)
        wide, high = ((0.5 - part) * side * scale for part, side in zip((across, down), self.size, strict=True))
        turn = radians(rotation)
        return (
            x + wide * cos(turn) - high * sin(turn),
            y + wide * sin(turn) + high * cos(turn),
            scale,
            rotation,
            opacity,
        )
