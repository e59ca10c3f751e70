"""Learning: results of clips change what the next ones are chosen by, for everybody, for a category, and for a user."""

from shared.clips.learning.calibration import Calibration
from shared.clips.learning.learning import Learned, learn_clips
from shared.clips.learning.preferences import GENERAL, Preferences
from shared.clips.learning.report import ClipOrder, ClipReport, PredictedBin
from shared.clips.learning.shift import Shift
from shared.clips.learning.store import everybodys, predicted, users, weights_for

__all__ = [
    "GENERAL",
    "Calibration",
    "ClipOrder",
    "ClipReport",
    "Learned",
    "PredictedBin",
    "Preferences",
    "Shift",
    "everybodys",
    "learn_clips",
    "predicted",
    "users",
    "weights_for",
]
