"""Feedback: what becomes of clips: who watched them and for how long, whether they were kept, cut anew, exported, rated."""

from shared.clips.feedback.outcome import POINTS, Evidence, Outcome, evidence, resampled
from shared.clips.feedback.signal import AnySignal, ClipDiscard, ClipEdit, ClipExport, ClipKeep, ClipRate, ClipView

__all__ = [
    "POINTS",
    "AnySignal",
    "ClipDiscard",
    "ClipEdit",
    "ClipExport",
    "ClipKeep",
    "ClipRate",
    "ClipView",
    "Evidence",
    "Outcome",
    "evidence",
    "resampled",
]
