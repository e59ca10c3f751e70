"""Stage: what is being done on the way from a recording to its clips, and how far it is."""

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """In this order; the first two go on at the same time."""

    TRANSCRIBING = "transcribing"
    ANALYSING = "analysing"
    SELECTING = "selecting"
    FRAMING = "framing"
    RENDERING = "rendering"


OnStage = Callable[[Stage, float], object]
"""Hears how far a stage is, from 0 to 1, from any thread."""


def nobody(_stage: Stage, _fraction: float) -> None:
    """Tells nobody."""
