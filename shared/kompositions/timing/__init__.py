"""Timing: what the times of a komposition mean in seconds, frames and samples."""

from shared.kompositions.timing.clock import Clock, Tempo
from shared.kompositions.timing.timeline import (
    Join,
    Slot,
    Timeline,
    film_seconds,
    plan_joins,
    plan_range,
    plan_timeline,
    plan_track,
)
from shared.media.graph.counting import SAMPLE_RATE, nearest, samples_at

__all__ = [
    "SAMPLE_RATE",
    "Clock",
    "Join",
    "Slot",
    "Tempo",
    "Timeline",
    "film_seconds",
    "nearest",
    "plan_joins",
    "plan_range",
    "plan_timeline",
    "plan_track",
    "samples_at",
]
