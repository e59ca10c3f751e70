"""Clips: the best moments of a recording, found by a prompt, framed, captioned and rendered as kompositions."""

from shared.clips.clip import Clip, ClipScores, ClipSegment, ClipVariant, Selection
from shared.clips.ranking import FEATURES, RankerUnavailable, UnknownRanker, Weights, default_weights, get_ranker
from shared.clips.selector import ClipSelector

__all__ = [
    "FEATURES",
    "Clip",
    "ClipScores",
    "ClipSegment",
    "ClipSelector",
    "ClipVariant",
    "RankerUnavailable",
    "Selection",
    "UnknownRanker",
    "Weights",
    "default_weights",
    "get_ranker",
]
