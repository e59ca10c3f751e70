"""Recommending: what comes next, from what came next before.

Models are fitted to sessions and compared on sessions that they have not seen; the best one of each platform serves, with a
person's own habits added to it."""

from shared.patterns.recommending.advice import Advice, advise
from shared.patterns.recommending.card import ModelCard
from shared.patterns.recommending.live import measure_live
from shared.patterns.recommending.recommender import Recommendation
from shared.patterns.recommending.serving import model_card, recommend
from shared.patterns.recommending.training import train

__all__ = ["Advice", "ModelCard", "Recommendation", "advise", "measure_live", "model_card", "recommend", "train"]
