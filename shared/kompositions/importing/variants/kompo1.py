"""kompo-1: this project's own first schema. Everything it could say has its exact place in the canonical one.

On the timeline it counts beats, inside sources and in fades seconds; one video track, one piece of music from beat 0."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.alias_generators import to_camel

from shared.kompositions.importing.document import Document
from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.parts.library import Library

Convert = Callable[[Any], Any]
_MUSIC_VOLUME = 0.8
"""What leaving the music's volume out means there."""


def _beats(value: Any) -> Any:
    return None if value is None else {"beats": value}


def _seconds(value: Any) -> Any:
    return None if value is None else {"seconds": value}


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class _Shape:
    """Where the fields of a kind of part go: old name to canonical name and how the value is converted."""

    fields: Mapping[str, tuple[str, Convert]]

    @property
    def places(self) -> Mapping[str, Pointer]:
        """Canonical name to old name."""
        return {name: (old,) for old, (name, _) in self.fields.items()}


def _shape(*same: str, **converted: tuple[str, Convert]) -> _Shape:
    return _Shape({**{name: (name, _same) for name in same}, **converted})


_ROOT = _shape("title", "bpm", "beatsPerMeasure")
_SOURCE = _shape("id", "kind", "assetId")
_SEGMENT = _shape(
    *("id", "sourceId", "fit", "scale", "volume", "muted"),
    startBeat=("start", _beats),
    endBeat=("end", _beats),
    sourceStart=("sourceStart", _seconds),
    sourceDuration=("sourceDuration", _seconds),
)
_TRANSITION = _shape("type", "fromSegment", "toSegment", duration=("duration", _beats))
_MUSIC = _shape(
    *("sourceId", "volume"),
    startOffset=("sourceStart", _seconds),
    fadeIn=("fadeIn", _seconds),
    fadeOut=("fadeOut", _seconds),
)
_MIX = _shape("originalVolume", "loudness")
_OUTPUT = _shape(*("width", "height", "fps", "videoCodec", "audioCodec", "crf", "preset"), format=("container", _same))


def draft_kompo1(document: Document, notes: Notes, _library: Library) -> Draft:
    """The same komposition in the canonical schema."""
    return _Drafting(document, notes).draft()


class _Drafting:
    def __init__(self, document: Document, notes: Notes) -> None:
        self.value: dict[str, Any] = document.value
        self.at = document.at
        self.notes = notes
        self.made = Draft({"schemaVersion": "2.0"}, document.at)

    def draft(self) -> Draft:
        handled = {"sources", "segments", "transitions", "audio", "output"}
        self.made.document |= self._part((), self.at, self.value, _ROOT, handled)
        video = {"segments": self._list("segments", _SEGMENT), "transitions": self._list("transitions", _TRANSITION)}
        tracks = {"video": [{name: parts for name, parts in video.items() if parts is not None}]}
        self.made.put(("tracks", "video", 0), self.at, {"segments": ("segments",), "transitions": ("transitions",)})
        self.made.put(("tracks",), self.at)
        self.made.document["tracks"] = tracks
        sources = self._list("sources", _SOURCE)
        if sources is not None:
            self.made.document["sources"] = sources
        self._audio(tracks)
        if "output" in self.value:
            at: Pointer = (*self.at, "output")
            self.made.document["outputs"] = [self._part(("outputs", 0), at, self.value["output"], _OUTPUT)]
        return self.made

    def _list(self, name: str, shape: _Shape) -> Any:
        if name not in self.value:
            return None
        parts, at = self.value[name], (*self.at, name)
        location: Pointer = (name,) if name == "sources" else ("tracks", "video", 0, name)
        if not isinstance(parts, list):
            return parts
        return [self._part((*location, n), (*at, n), part, shape) for n, part in enumerate(parts)]

    def _part(
        self,
        location: Pointer,
        at: Pointer,
        value: Any,
        shape: _Shape,
        handled: frozenset[str] | set[str] = frozenset(),
    ) -> Any:
        """A part with its fields under their new names; what it has besides goes to its `extra`."""
        self.made.put(location, at, shape.places)
        if not isinstance(value, dict):
            return value
        made: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for key, given in value.items():
            name, convert = shape.fields.get(key) or shape.fields.get(to_camel(key)) or (None, _same)
            if name is not None:
                made[name] = convert(given)
            elif key not in handled:
                extra[key] = given
                detail = f"There is no field {key!r} here. It is kept, and has no effect."
                self.notes.warn((*at, key), "unknown_field", detail, "Correct its name or remove it.")
        return {**made, "extra": extra} if extra else made

    def _audio(self, tracks: dict[str, Any]) -> None:
        audio, at = self.value.get("audio", {}), (*self.at, "audio")
        mix = self._part(("mix",), at, audio, _MIX, {"music", "ducking"})
        if mix != {}:
            self.made.document["mix"] = mix
        if not isinstance(audio, dict):
            return
        if audio.get("music") is None:
            if "ducking" in audio:
                mix.setdefault("extra", {})["ducking"] = audio["ducking"]
                self.made.document["mix"] = mix
            return
        location: Pointer = ("tracks", "audio", 0)
        clip = self._part((*location, "clips", 0), (*at, "music"), audio["music"], _MUSIC)
        if isinstance(clip, dict):
            clip = {"id": "music", "volume": _MUSIC_VOLUME, **clip}
        self.made.put(location, at, {"ducking": ("ducking",), "clips": ("music",)})
        track: dict[str, Any] = {"id": "music", "clips": [clip]}
        ducking = audio.get("ducking", False)
        if ducking is not False:
            track["ducking"] = {} if ducking is True else ducking
        tracks["audio"] = [track]
