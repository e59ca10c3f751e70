"""Feedback: what becomes of clips: who watched them and for how long, whether they were kept, cut anew, exported, rated."""

from shared.clips.feedback.outcome import POINTS, Evidence, Outcome, evidence, resampled
from shared.clips.feedback.signal import AnySignal, Discard, Edit, Export, Keep, Rate, View

__all__ = [
    "POINTS",
    "AnySignal",
    "Discard",
    "Edit",
    "Evidence",
    "Export",
    "Keep",
    "Outcome",
    "Rate",
    "View",
    "evidence",
    "resampled",
]
