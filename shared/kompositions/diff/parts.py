"""Parts: sources, clips, overlays, captions, effects, layouts, outputs: how each kind is recognised and what it is called."""

from collections.abc import Hashable
from typing import TypeVar

from shared.kompositions.diff.fields import described
from shared.kompositions.diff.lists import Kind
from shared.kompositions.diff.matching import Found
from shared.kompositions.diff.telling import Subject
from shared.kompositions.diff.words import number, quoted, with_article
from shared.kompositions.model import (
    AudioClip,
    AudioTrack,
    CaptionTrack,
    EffectNode,
    Layout,
    Output,
    OverlayTrack,
    Source,
    TempoChange,
    VideoTrack,
)
from shared.kompositions.model.overlays import Overlay
from shared.kompositions.model.part import Part

P = TypeVar("P", bound=Part)


def by_id(found: Found[P]) -> Hashable:
    """The same id."""
    name: str = found.part.__dict__["id"]
    return name


def by_range(found: Found[P]) -> Hashable:
    """The same time and kind."""
    values = found.part.__dict__
    return values.get("kind"), values["start"], values["end"]


def by_nothing(_: Found[P]) -> Hashable:
    """What is left, in order."""
    return ()


def by_file(found: Found[Source]) -> Hashable:
    """A source's file."""
    return found.part.asset_id or found.part.url or found.part.checksum


def by_source(found: Found[AudioClip]) -> Hashable:
    """The piece of sound that a clip plays."""
    return found.named(found.part.source_id), found.part.source_start


def by_first(found: Found[VideoTrack] | Found[AudioTrack] | Found[OverlayTrack]) -> Hashable:
    """The first thing on a track."""
    match found.part:
        case VideoTrack(segments=[first, *_]) | AudioTrack(clips=[first, *_]) | OverlayTrack(items=[first, *_]):
            return first.id
    return None


def by_words(found: Found[CaptionTrack]) -> Hashable:
    """What captions say."""
    part = found.part
    return part.transcript_id or (part.transcript.model_dump_json() if part.transcript else None)


def by_text(found: Found[Overlay]) -> Hashable:
    """What an overlay shows."""
    return found.part.text if found.part.kind == "text" else found.named(found.part.source_id)


def by_effect(found: Found[EffectNode]) -> Hashable:
    """The same effect on the same things."""
    return found.part.type, tuple((entry.kind, entry.id) for entry in found.part.inputs)


def by_tracks(found: Found[Layout]) -> Hashable:
    """The same tracks in the same way."""
    return found.part.kind, tuple(map(found.named, found.part.tracks))


def by_beat(found: Found[TempoChange]) -> Hashable:
    """The same beat."""
    return found.part.at_beat


def by_name(found: Found[Output]) -> Hashable:
    """An output's name."""
    return found.part.name


SOURCE: Kind[Source] = Kind(
    lambda found: Subject("source", found.index + 1, found.part.id),
    "source",
    frozenset(("asset_id",)),
    detail=lambda source: f" ({source.kind})",
)
VIDEO_TRACK: Kind[VideoTrack] = Kind(
    lambda found: Subject("video track", found.index + 1, found.part.id),
    "track",
    frozenset(("segments", "transitions")),
    detail=lambda track: f" with {len(track.segments)} segment{'s' * (len(track.segments) != 1)}",
)
AUDIO_TRACK: Kind[AudioTrack] = Kind(
    lambda found: Subject("audio track", found.index + 1, found.part.id), "track", frozenset(("clips",))
)
OVERLAY_TRACK: Kind[OverlayTrack] = Kind(
    lambda found: Subject("overlay track", found.index + 1, found.part.id), "track", frozenset(("items",))
)
CAPTIONS: Kind[CaptionTrack] = Kind(lambda found: Subject(f"captions {quoted(found.part.id)}"), "track")
TEMPO: Kind[TempoChange] = Kind(
    lambda found: Subject(f"the tempo change at beat {number(found.part.at_beat)}"),
    fresh=lambda found: Subject(f"a tempo change at beat {number(found.part.at_beat)} to {number(found.part.bpm)} bpm"),
)
EFFECT: Kind[EffectNode] = Kind(
    lambda found: Subject(f"the effect {quoted(found.part.type)} ({quoted(found.part.id)})"),
    "effect",
    fresh=lambda found: Subject(f"the effect {described(found.part)} on {_inputs(found.part)}"),
)
LAYOUT: Kind[Layout] = Kind(
    lambda found: Subject(f"the {found.part.kind} layout"),
    fresh=lambda found: Subject(f"a {found.part.kind} layout of {', '.join(map(quoted, found.part.tracks))}"),
)


def clip_kind(track: str) -> Kind[AudioClip]:
    """Clips on an audio track."""
    place = f" on track {quoted(track)}"
    return Kind(
        lambda found: Subject("clip", found.index + 1, place=place),
        "clip",
        detail=lambda clip: f" of {quoted(clip.source_id)}",
    )


def _item(found: Found[Overlay]) -> str:
    item = found.part
    return f"text overlay {quoted(item.text)}" if item.kind == "text" else f"image overlay {quoted(item.source_id)}"


ITEM: Kind[Overlay] = Kind(
    lambda found: Subject(f"the {_item(found)}"), "item", fresh=lambda found: Subject(with_article(_item(found)))
)


def _inputs(node: EffectNode) -> str:
    named = [f"{entry.kind} {quoted(entry.id)}" if entry.id else "everything" for entry in node.inputs]
    return ", ".join(named) if len(named) <= 3 else f"{', '.join(named[:2])} and {len(named) - 2} more"
