"""Clips: the best moments of a recording, found by a prompt, framed, captioned and rendered as kompositions."""

from shared.clips.asking import in_words
from shared.clips.clip import Clip, ClipScores, ClipSegment, ClipVariant, Selection
from shared.clips.estimating import Estimate, estimate
from shared.clips.exporting import export_clip
from shared.clips.feedback import AnySignal, Evidence, Outcome, evidence
from shared.clips.learning import GENERAL, Preferences, everybodys, learn_clips, users, weights_for
from shared.clips.look import ClipLook
from shared.clips.ranking import FEATURES, RankerUnavailable, UnknownRanker, Weights, default_weights, get_ranker
from shared.clips.requesting import ClipInputs, ClipOptions, request_clips
from shared.clips.retention import RetentionPoint, retention_of
from shared.clips.selector import ClipSelector
from shared.clips.signalling import MOST_SIGNALS, record_signals
from shared.clips.store import (
    clip_ids,
    clips_there,
    delete_clip,
    get_clip,
    list_clips,
    made_clips,
    update_clip,
    write_clips,
)
from shared.clips.stored import ClipState, StoredClip
from shared.clips.tidying import Tidy
from shared.clips.trying import Trial, try_prompt
from shared.clips.varying import MOST_LENGTHS, request_lengths, variants_of

__all__ = [
    "FEATURES",
    "GENERAL",
    "MOST_LENGTHS",
    "MOST_SIGNALS",
    "AnySignal",
    "Clip",
    "ClipInputs",
    "ClipLook",
    "ClipOptions",
    "ClipScores",
    "ClipSegment",
    "ClipSelector",
    "ClipState",
    "ClipVariant",
    "Estimate",
    "Evidence",
    "Outcome",
    "Preferences",
    "RankerUnavailable",
    "RetentionPoint",
    "Selection",
    "StoredClip",
    "Tidy",
    "Trial",
    "UnknownRanker",
    "Weights",
    "clip_ids",
    "clips_there",
    "default_weights",
    "delete_clip",
    "estimate",
    "everybodys",
    "evidence",
    "export_clip",
    "get_clip",
    "get_ranker",
    "in_words",
    "learn_clips",
    "list_clips",
    "made_clips",
    "record_signals",
    "request_clips",
    "request_lengths",
    "retention_of",
    "try_prompt",
    "update_clip",
    "users",
    "variants_of",
    "weights_for",
    "write_clips",
]
