"""The canonical komposition, schema 2.0: what is seen and heard when.

Every time names its unit. Time 0 is the first frame. Positions are snapped once to the nearest frame of the first output, halves
up, and sound is cut at the samples of those frames; lengths are differences of positions, so no rounding adds up.

Video tracks lie above each other, overlays above them, captions on top. The film lasts until the last segment of a video track
ends; without any, until the last clip of an audio track.

The model holds structure and ranges; `validation` adds what only shows across fields, so that whoever has a `Komposition`
has one that can be rendered."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from shared.kompositions.model.audio import AudioTrack, Mix
from shared.kompositions.model.captions import CaptionTrack
from shared.kompositions.model.effects import EffectNode
from shared.kompositions.model.layout import Layout
from shared.kompositions.model.output import Output
from shared.kompositions.model.overlays import OverlayTrack
from shared.kompositions.model.part import Id, Part
from shared.kompositions.model.time import ZERO, Position
from shared.kompositions.model.video import VideoTrack

SCHEMA_VERSION = "2.0"
MAX_SOURCES = 2000
MAX_TRACKS = 16


class Source(Part):
    """A file that segments, clips and overlays are taken from: an asset of the user. One with just a URL must be uploaded."""

    id: Id
    kind: Literal["video", "image", "audio"]
    asset_id: Id | None = None
    url: str | None = Field(default=None, max_length=2000, description="Where the file was said to be; never opened")
    offset: Position = Field(default=ZERO, description="Added to every sourceStart: where in the file its time 0 is")
    checksum: str | None = Field(default=None, max_length=200)


class TempoChange(Part):
    """From beat `atBeat` on, `bpm` beats are a minute."""

    at_beat: float = Field(gt=0, le=1e7)
    bpm: float = Field(ge=20, le=400)


class RenderRange(Part):
    """The part of the film to make."""

    start: Position = ZERO
    end: Position | None = Field(default=None, description="Left out: to the end")


class Tracks(Part):
    """Everything on the timeline."""

    video: list[VideoTrack] = Field(default=[], max_length=MAX_TRACKS)
    audio: list[AudioTrack] = Field(default=[], max_length=MAX_TRACKS)
    overlay: list[OverlayTrack] = Field(default=[], max_length=MAX_TRACKS)
    caption: list[CaptionTrack] = Field(default=[], max_length=MAX_TRACKS)


class Komposition(Part):
    """A whole composition."""

    schema_version: Literal["2.0"] = "2.0"
    title: str | None = Field(default=None, max_length=500)
    description: str | None = Field(default=None, max_length=5000)
    bpm: float = Field(default=120.0, ge=20, le=400)
    beats_per_measure: int = Field(default=4, ge=1, le=32)
    tempo: list[TempoChange] = Field(default=[], max_length=1000, description="In order of beats")
    sources: list[Source] = Field(default=[], max_length=MAX_SOURCES)
    tracks: Tracks = Tracks()
    effects: list[EffectNode] = Field(default=[], max_length=1000)
    layouts: list[Layout] = Field(default=[], max_length=1000)
    mix: Mix = Mix()
    render: RenderRange = RenderRange()
    outputs: list[Output] = Field(default=[Output()], min_length=1, max_length=8)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        from shared.kompositions.validation import refuse_problems

        refuse_problems(self)
        return self

    @property
    def output(self) -> Output:
        """The first output: its size and rate are the komposition's own."""
        return self.outputs[0]

    def to_json(self) -> dict[str, Any]:
        """The shortest canonical JSON: what has its default value is left out, the schema's version never."""
        told = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
        return {"schemaVersion": self.schema_version, **told}
