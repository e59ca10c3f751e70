"""Clips: the best moments of a recording, found by a prompt, framed, captioned and rendered as kompositions."""

from shared.clips.clip import Clip, ClipScores, ClipSegment, ClipVariant, Selection
from shared.clips.ranking import FEATURES, Weights, default_weights

__all__ = ["FEATURES", "Clip", "ClipScores", "ClipSegment", "ClipVariant", "Selection", "Weights", "default_weights"]
