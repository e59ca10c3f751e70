"""Values that change over time: a number, or keyframes between which it moves."""

from typing import Annotated, Literal

from pydantic import Field

from shared.kompositions.model.part import Part
from shared.kompositions.model.time import Position

Easing = Literal["linear", "hold", "ease_in", "ease_out", "ease_in_out"]


class Keyframe(Part):
    """`value` at `at`, counted from the start of what it belongs to; `easing` is the way from here to the next one."""

    at: Position
    value: float
    easing: Easing = "linear"


Keyframes = Annotated[list[Keyframe], Field(min_length=1, max_length=500)]
Animated = float | Keyframes
"""A number, or keyframes in order of time: the first value holds before the first, the last after the last."""


def values(animated: Animated) -> list[float]:
    """Every value that is named."""
    return [animated] if isinstance(animated, float | int) else [keyframe.value for keyframe in animated]
