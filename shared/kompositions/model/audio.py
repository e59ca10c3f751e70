"""What is heard besides the segments' own sound: clips on audio tracks, and how all of it is mixed."""

from typing import Literal

from pydantic import Field

from shared.kompositions.model.animation import Animated
from shared.kompositions.model.effects import Effect
from shared.kompositions.model.part import Gain, Id, Part
from shared.kompositions.model.time import ZERO, Length, Position

MAX_CLIPS = 10_000


class AudioClip(Part):
    """A piece of a source's sound from `start` to `end`; without `end`, as long as the source or the komposition lasts."""

    id: Id
    source_id: Id
    start: Position = ZERO
    end: Position | None = None
    source_start: Position = Field(default=ZERO, description="Where in the source to begin")
    source_duration: Length | None = Field(default=None, description="How much of the source to use")
    fit: Literal["trim", "loop", "stretch"] = Field(
        default="trim",
        description="trim: silence where the source ends; loop repeats it; stretch changes its speed, not its pitch",
    )
    volume: Animated = Field(default=1.0, description="Factor on amplitude, 0 to 4")
    muted: bool = False
    fade_in: Position = ZERO
    fade_out: Position = ZERO


class Ducking(Part):
    """Makes a track quieter while others sound: a side-chain compressor."""

    under: list[Id] = Field(
        default=[], description="Ids of video and audio tracks that it makes room for; empty: all video tracks"
    )
    threshold: float = Field(default=0.03, ge=0.001, le=1, description="Amplitude of the others from which it works")
    ratio: float = Field(default=8.0, ge=1, le=20)
    attack: float = Field(default=20.0, ge=0.01, le=2000, description="Milliseconds")
    release: float = Field(default=400.0, ge=0.01, le=9000, description="Milliseconds")


class AudioTrack(Part):
    """Clips that are heard together, such as the music."""

    id: Id
    role: Literal["music", "speech", "effects"] = "music"
    clips: list[AudioClip] = Field(min_length=1, max_length=MAX_CLIPS)
    volume: Gain = 1.0
    muted: bool = False
    ducking: Ducking | None = None
    effects: list[Effect] = Field(default=[], max_length=20, description="Effects on sound, in this order")


class Mix(Part):
    """How everything that sounds comes together."""

    original_volume: Gain = Field(default=1.0, description="Over all video tracks; 0 leaves only the audio tracks")
    volume: Gain = Field(default=1.0, description="Over everything, before loudness is aimed at")
    muted: bool = False
    fade_in: Position = ZERO
    fade_out: Position = ZERO
    loudness: float | None = Field(
        default=None,
        ge=-40,
        le=-5,
        description="Integrated loudness to reach, LUFS (EBU R 128); measured, then applied",
    )
    true_peak: float = Field(default=-1.0, ge=-9, le=0, description="Ceiling when loudness is aimed at, dBTP")
    loudness_range: float = Field(default=11.0, ge=1, le=50, description="LU")
    effects: list[Effect] = Field(default=[], max_length=20, description="Effects on sound, in this order")
