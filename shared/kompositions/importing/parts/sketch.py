"""Sketch: what a document of a wild format says, before references are resolved and order is made."""

from dataclasses import dataclass, field
from typing import Any, Literal

from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.parts.fields import Fields
from shared.kompositions.importing.parts.pulse import Pulse
from shared.kompositions.model import Time

SourceKind = Literal["video", "image", "audio"]


@dataclass
class SourceSketch:
    """A file. `names` are what references may call it besides its id."""

    id: str
    kind: SourceKind
    at: Pointer
    names: tuple[str, ...] = ()
    url: str | None = None
    offset: Time | None = None
    checksum: str | None = None
    asset: str | None = None
    fields: Fields | None = None
    guessed: bool = False
    """Whether the document only mentions it."""


@dataclass
class EffectSketch:
    """An effect that can be carried out: what canonical `effects` hold."""

    type: str
    params: dict[str, Any]
    fields: Fields | None
    at: Pointer


@dataclass
class Kept:
    """Something that has no effect and is kept in the `extra` of the part around it."""

    value: Any
    at: Pointer


@dataclass
class Cut:
    """A segment: its slot on the timeline, and the piece of a source in it."""

    fields: Fields
    id: str | None = None
    ref: str | None = None
    kind: SourceKind | None = None
    """What the document says the source is."""
    start: Time | None = None
    end: Time | None = None
    length: Time | None = None
    """How long it lasts when it is not said when it begins: after the one before."""
    source_start: Time | None = None
    source_duration: Time | None = None
    fit: str | None = None
    reverse: bool = False
    volume: float | None = None
    muted: bool | None = None
    effects: list[EffectSketch] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    crossing: "list[Crossing]" = field(default_factory=list)
    """Transitions that its effects ask for, into the next segment or, after the last one, from the one before."""
    music_volume: float | None = None
    """How loud the music is while it lasts."""
    source_id: str | None = None
    """Of the canonical source, once it is known."""


@dataclass
class Crossing:
    """A transition. Without its ends it is for all neighbours, or for those whose cut is near `near`."""

    type: str
    at: Pointer
    first: str | None = None
    second: str | None = None
    duration: Time | None = None
    offset: Time | None = None
    near: Time | None = None
    fields: Fields | None = None


@dataclass
class Clip:
    """A piece of sound."""

    ref: str
    at: Pointer
    role: Literal["music", "speech"] = "music"
    fields: Fields | None = None
    start: Time | None = None
    end: Time | None = None
    source_start: Time | None = None
    source_duration: Time | None = None
    volume: float | None = None
    fade_in: Time | None = None
    fade_out: Time | None = None


@dataclass
class Node:
    """An effect over segments, over what other nodes make, or (no inputs) over everything."""

    id: str
    effect: EffectSketch
    inputs: list[tuple[Literal["segment", "effect", "komposition"], str | None]]


@dataclass
class Sketch:
    """A whole document, read."""

    root: Fields
    notes: Notes
    pulse: Pulse
    title: str | None = None
    description: str | None = None
    beats_per_measure: int | float | None = None
    sources: list[SourceSketch] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    clips: list[Clip] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    mix: dict[str, Any] = field(default_factory=dict)
    mix_at: Pointer = ()
    output: dict[str, Any] = field(default_factory=dict)
    output_places: dict[str, Pointer] = field(default_factory=dict)
    render: tuple[Time | None, Time | None] = (None, None)
    render_places: dict[str, Pointer] = field(default_factory=dict)
    last_beat: Time | None = None
    """Where the document says that it ends."""
    declares_sources: bool = True
    """Whether the document has a list of sources, which then should have every one."""
    sounding: Literal["segments", "sections"] = "segments"
    """sections: the segments are named pieces of a recording, where they are in it."""
