"""What is laid over the picture: text and images, still or moving.

Places are fractions of the frame: (0, 0) is its top left corner, (1, 1) its bottom right one. Keyframes count from the start of
the item."""

from typing import Annotated, Literal

from pydantic import Field

from shared.kompositions.model.animation import Animated
from shared.kompositions.model.part import Color, Id, Part
from shared.kompositions.model.time import ZERO, Position

Anchor = Literal["top_left", "top", "top_right", "left", "center", "right", "bottom_left", "bottom", "bottom_right"]


class _Overlay(Part):
    id: Id
    start: Position = ZERO
    end: Position | None = Field(default=None, description="Left out: to the end of the komposition")
    x: Animated = Field(default=0.5, description="Where its anchor is, as a fraction of the frame's width")
    y: Animated = Field(default=0.5, description="Where its anchor is, as a fraction of the frame's height")
    anchor: Anchor = Field(default="center", description="Which of its points lies at (x, y), and it grows from there")
    scale: Animated = Field(default=1.0, description="Factor on its size, 0.01 to 20")
    rotation: Animated = Field(default=0.0, description="Degrees clockwise")
    opacity: Animated = Field(default=1.0, description="0 (not seen) to 1")
    fade_in: Position = ZERO
    fade_out: Position = ZERO


class TextOverlay(_Overlay):
    """Lines of text."""

    kind: Literal["text"]
    text: str = Field(min_length=1, max_length=5000, description="A new line begins at \\n; long lines are wrapped")
    font: str | None = Field(default=None, max_length=100, description="Family; Kompo's own sans serif if left out")
    size: float = Field(default=0.06, gt=0, le=1, description="Height of a line as a fraction of the frame's height")
    bold: bool = False
    italic: bool = False
    color: Color = "#ffffff"
    outline: float = Field(default=0.003, ge=0, le=0.05, description="Width as a fraction of the frame's height")
    outline_color: Color = "#000000"
    shadow: float = Field(default=0.0, ge=0, le=0.05, description="Offset as a fraction of the frame's height")
    background: Color | None = Field(default=None, description="A box behind the text")
    align: Literal["left", "center", "right"] = "center"
    width: float = Field(
        default=0.9, gt=0, le=1, description="Where lines are wrapped, as a fraction of the frame's width"
    )


class ImageOverlay(_Overlay):
    """A picture, with its transparency: a logo, a sticker, a photograph; or a video, which then plays once, silently."""

    kind: Literal["image"]
    source_id: Id
    width: float | None = Field(
        default=None, gt=0, le=4, description="As a fraction of the frame's width; left out: a pixel for a pixel"
    )


Overlay = Annotated[TextOverlay | ImageOverlay, Field(discriminator="kind")]


class OverlayTrack(Part):
    """Overlays, the later ones in the list above the earlier ones; later tracks above earlier tracks."""

    id: Id = "overlay"
    items: list[Overlay] = Field(default=[], max_length=5000)
