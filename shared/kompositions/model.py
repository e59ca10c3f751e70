"""The canonical komposition: what is shown when, on a grid of beats.

Units are part of the contract. Positions and lengths **on the timeline** are beats (`startBeat`, `endBeat`, a transition's
`duration`); positions and lengths **inside a source** and fades are seconds. Beat 0 is the first frame. A segment fills the
slot from `startBeat` up to, not including, `endBeat`; where no segment is, the picture is black and the original sound silent.

A transition joins two neighbours. Their slots either overlap by exactly its duration, or they meet: then the second segment
starts that much earlier, under the end of the first, and is alone in the picture from its own `startBeat`. The grid never
moves, so cuts stay on the beat of the music.

The model holds structure and ranges; `validation` adds what only shows across fields, so that whoever has a `Komposition`
has one that can be rendered."""

from fractions import Fraction
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from shared.kompositions.validation import refuse_problems

Fit = Literal["stretch", "trim", "loop", "freeze"]
Scale = Literal["contain", "cover", "stretch", "blur"]
Preset = Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"]
TransitionType = Literal[
    "crossfade",
    "gradient_wipe",
    "fadeblack",
    "fadewhite",
    "wipeleft",
    "wiperight",
    "wipeup",
    "wipedown",
    "slideleft",
    "slideright",
    "slideup",
    "slidedown",
    "circlecrop",
    "circleopen",
    "circleclose",
    "dissolve",
    "pixelize",
    "radial",
    "smoothleft",
    "smoothright",
]

MAX_SEGMENTS = 200
MAX_BEATS = 100_000.0
MAX_SECONDS = 86_400.0


class _Part(BaseModel):
    """camelCase on the wire; unknown fields, strings for numbers, and infinities are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", strict=True, allow_inf_nan=False
    )


class Source(_Part):
    """A file that segments and music are taken from: an asset of the user."""

    id: str = Field(min_length=1, max_length=128)
    kind: Literal["video", "image", "audio"]
    asset_id: str = Field(min_length=1, max_length=128)


class Segment(_Part):
    """A slot on the beat grid and what fills it."""

    id: str = Field(min_length=1, max_length=128)
    source_id: str = Field(min_length=1, max_length=128)
    start_beat: float = Field(ge=0, le=MAX_BEATS)
    end_beat: float = Field(ge=0, le=MAX_BEATS)
    source_start: float = Field(default=0.0, ge=0, le=MAX_SECONDS, description="Where in the source to begin, seconds")
    source_duration: float | None = Field(
        default=None,
        gt=0,
        le=MAX_SECONDS,
        description="How much of the source to use, seconds; up to its end if left out",
    )
    fit: Fit | None = Field(
        default=None,
        description="How the piece of source fills the slot: stretch changes its speed; trim cuts it, and it must be long "
        "enough; loop repeats it; freeze holds its last frame. Left out: stretch when sourceDuration is given, else trim",
    )
    scale: Scale = Field(
        default="contain", description="How the picture fills the frame; blur: contain on a blurred copy"
    )
    volume: float = Field(default=1.0, ge=0, le=4)
    muted: bool = False

    @property
    def effective_fit(self) -> Fit:
        """`fit`, or what leaving it out means."""
        return self.fit or ("stretch" if self.source_duration is not None else "trim")


class Transition(_Part):
    """How one segment gives way to the next one."""

    type: TransitionType
    from_segment: str = Field(min_length=1, max_length=128)
    to_segment: str = Field(min_length=1, max_length=128)
    duration: float = Field(gt=0, le=MAX_BEATS, description="Length in beats")


class Music(_Part):
    """A track under the whole komposition, from beat 0."""

    source_id: str = Field(min_length=1, max_length=128)
    volume: float = Field(default=0.8, ge=0, le=4)
    start_offset: float = Field(default=0.0, ge=0, le=MAX_SECONDS, description="Where in the music to begin, seconds")
    fade_in: float = Field(default=0.0, ge=0, le=600, description="Seconds")
    fade_out: float = Field(default=0.0, ge=0, le=600, description="Seconds")


class Audio(_Part):
    """How the sound of the segments and the music come together."""

    music: Music | None = None
    original_volume: float = Field(
        default=1.0, ge=0, le=4, description="Over the segments' own volumes; 0 leaves only music"
    )
    ducking: bool = Field(default=False, description="Lower the music while the segments sound")
    loudness: float | None = Field(default=None, ge=-40, le=-5, description="Integrated loudness to aim at, LUFS")


class Output(_Part):
    """The file to make."""

    width: int = Field(default=1280, ge=16, le=7680, multiple_of=2)
    height: int = Field(default=720, ge=16, le=7680, multiple_of=2)
    fps: float = Field(default=30.0, ge=1, le=120, description="23.976, 29.97 and 59.94 mean 24, 30 and 60 over 1.001")
    format: Literal["mp4"] = "mp4"
    video_codec: Literal["h264"] = "h264"
    audio_codec: Literal["aac"] = "aac"
    crf: int = Field(default=21, ge=0, le=51, description="x264's quality: lower is better and larger")
    preset: Preset = "veryfast"

    @property
    def frame_rate(self) -> Fraction:
        """The exact rate: a film or TV rate for its rounded decimal."""
        for whole in (24, 30, 48, 60, 120):
            if abs(self.fps - whole / 1.001) < 0.005:
                return Fraction(whole * 1000, 1001)
        return Fraction(str(self.fps)).limit_denominator(1001)


class Komposition(_Part):
    """A whole composition."""

    title: str | None = Field(default=None, max_length=500)
    bpm: float = Field(default=120.0, ge=20, le=400)
    beats_per_measure: int = Field(default=4, ge=1, le=32)
    sources: list[Source] = Field(min_length=1, max_length=MAX_SEGMENTS)
    segments: list[Segment] = Field(min_length=1, max_length=MAX_SEGMENTS)
    transitions: list[Transition] = Field(default_factory=list, max_length=MAX_SEGMENTS)
    audio: Audio = Field(default_factory=Audio)
    output: Output = Field(default_factory=Output)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        refuse_problems(self)
        return self
