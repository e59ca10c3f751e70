"""Ranking: which moments of a recording are the best for what a prompt asks."""

from shared.clips.ranking.features import FEATURES, UNKNOWN
from shared.clips.ranking.weights import Weights, default_weights

__all__ = ["FEATURES", "UNKNOWN", "Weights", "default_weights"]
