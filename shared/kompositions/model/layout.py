"""Layouts: how several video tracks share the frame."""

from typing import Literal

from pydantic import Field

from shared.kompositions.model.part import Id, Part
from shared.kompositions.model.time import ZERO, Position


class Layout(Part):
    """Which video tracks are seen from `start` to `end`, and where. Outside all layouts later tracks cover earlier ones.

    full: the first track fills the frame. split: the tracks side by side. pip: the second and further ones small in a corner
    of the first. grid: in rows and columns, in reading order."""

    kind: Literal["full", "split", "pip", "grid"]
    start: Position = ZERO
    end: Position | None = Field(default=None, description="Left out: to the end of the komposition")
    tracks: list[Id] = Field(min_length=1, max_length=16, description="Ids of video tracks, in order of their places")
    direction: Literal["horizontal", "vertical"] = Field(
        default="horizontal", description="Of a split: side by side, or stacked"
    )
    ratio: float = Field(default=0.5, gt=0, lt=1, description="Share of the first of two tracks in a split")
    corner: Literal["top_left", "top_right", "bottom_left", "bottom_right"] = Field(
        default="bottom_right", description="Of pip"
    )
    size: float = Field(default=0.3, ge=0.05, le=0.9, description="Of pip: its width as a fraction of the frame's")
    margin: float = Field(
        default=0.03, ge=0, le=0.5, description="Of pip: distance from the edges, fraction of the width"
    )
    columns: int | None = Field(default=None, ge=1, le=16, description="Of a grid; left out: as square as can be")
    gap: float = Field(default=0.0, ge=0, le=0.1, description="Between cells, as a fraction of the frame's width")
