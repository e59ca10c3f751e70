"""Ranking: which moments of a recording are the best for what a prompt asks."""

from shared.clips.ranking.embedded import EmbeddedRanker
from shared.clips.ranking.errors import RankerUnavailable, UnknownRanker
from shared.clips.ranking.features import FEATURES, UNKNOWN
from shared.clips.ranking.ranker import Detail, Moment, Ranked, Ranker
from shared.clips.ranking.registry import RANKERS, check_ranker, get_ranker
from shared.clips.ranking.scoring import SubScores, sub_scores
from shared.clips.ranking.task import Task
from shared.clips.ranking.weights import Weights, default_weights

__all__ = [
    "FEATURES",
    "RANKERS",
    "UNKNOWN",
    "Detail",
    "EmbeddedRanker",
    "Moment",
    "Ranked",
    "Ranker",
    "RankerUnavailable",
    "SubScores",
    "Task",
    "UnknownRanker",
    "Weights",
    "check_ranker",
    "default_weights",
    "get_ranker",
    "sub_scores",
]
