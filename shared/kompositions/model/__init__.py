"""The canonical komposition as pydantic models; `Komposition.model_json_schema()` is its JSON Schema."""

from shared.kompositions.model.animation import Animated, Keyframe
from shared.kompositions.model.audio import AudioClip, AudioTrack, Ducking, Mix
from shared.kompositions.model.captions import CaptionLook, CaptionTrack, Cue, Platform, Transcript, Word
from shared.kompositions.model.effects import Effect, EffectInput, EffectNode
from shared.kompositions.model.framing import FramedShot, Framing, View, Waypoint
from shared.kompositions.model.komposition import (
    SCHEMA_VERSION,
    Komposition,
    RenderRange,
    Source,
    TempoChange,
    Tracks,
)
from shared.kompositions.model.layout import Layout
from shared.kompositions.model.output import Output
from shared.kompositions.model.overlays import ImageOverlay, OverlayTrack, TextOverlay
from shared.kompositions.model.time import Length, Position, Time, Unit, beats, exact, seconds
from shared.kompositions.model.video import MAX_SEGMENTS, Fit, Segment, Transition, VideoTrack
from shared.media.graph.scaling import Scale

__all__ = [
    "MAX_SEGMENTS",
    "SCHEMA_VERSION",
    "Animated",
    "AudioClip",
    "AudioTrack",
    "CaptionLook",
    "CaptionTrack",
    "Cue",
    "Ducking",
    "Effect",
    "EffectInput",
    "EffectNode",
    "Fit",
    "FramedShot",
    "Framing",
    "ImageOverlay",
    "Keyframe",
    "Komposition",
    "Layout",
    "Length",
    "Mix",
    "Output",
    "OverlayTrack",
    "Platform",
    "Position",
    "RenderRange",
    "Scale",
    "Segment",
    "Source",
    "TempoChange",
    "TextOverlay",
    "Time",
    "Tracks",
    "Transcript",
    "Transition",
    "Unit",
    "VideoTrack",
    "View",
    "Waypoint",
    "Word",
    "beats",
    "exact",
    "seconds",
]
