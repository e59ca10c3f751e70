"""Assembling: a film that was read becomes a canonical komposition, its times in frames."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

from shared.kompositions.errors import InvalidKomposition
from shared.kompositions.importing import Imported
from shared.kompositions.interchange.findings import Findings
from shared.kompositions.interchange.lanes import Edit, Lane
from shared.kompositions.model import Komposition
from shared.kompositions.model.time import number
from shared.kompositions.parsing import parse_komposition

Document = dict[str, Any]
IMAGES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic"))
SOUNDS = frozenset((".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".opus", ".aif", ".aiff"))
_MAX_TRACKS = 16
_MAX_ID = 128


@dataclass
class Read:
    """What a reader makes of a file. `sources` are documents of sources by their ids."""

    title: str = ""
    rate: Fraction = Fraction(30)
    size: tuple[int, int] | None = None
    lanes: list[Lane] = field(default_factory=list)
    sources: dict[str, Document] = field(default_factory=dict)
    extra: Document = field(default_factory=dict)
    ours: bool = False
    """Whether Kompo wrote it, and so says itself which segments are muted."""
    findings: Findings = field(default_factory=Findings)


def assemble(read: Read, variant: str) -> Imported:
    """The komposition, or None with the reasons."""
    komposition = None
    if not any(lane.edits for lane in read.lanes):
        fix = "Export a timeline with at least one clip."
        read.findings.refuse("", "nothing_to_import", "There is no clip in it.", fix)
    else:
        komposition = _parsed(read)
    return Imported(komposition, variant, read.findings.all())


def _parsed(read: Read) -> Komposition | None:
    """With all that is said of the clips, or, if that is not to be had, without."""
    try:
        return parse_komposition(_document(read))
    except InvalidKomposition:
        plain = replace(read, lanes=[_without_looks(lane) for lane in read.lanes])
    try:
        komposition = parse_komposition(_document(plain))
    except InvalidKomposition as error:
        for found in error.errors:
            read.findings.refuse(found.pointer, found.code, found.detail)
        return None
    detail = "What the metadata says of effects, volumes and the like does not fit; it is left out."
    read.findings.warn("", "metadata_left_out", detail)
    return komposition


def _without_looks(lane: Lane) -> Lane:
    edits = tuple(
        replace(edit, looks={name: edit.looks[name] for name in ("extra",) if name in edit.looks})
        for edit in lane.edits
    )
    return replace(lane, edits=edits, looks={})


def _document(read: Read) -> Document:
    video = [lane for lane in read.lanes if lane.kind == "video" and lane.edits]
    audio = [lane for lane in read.lanes if lane.kind == "audio" and lane.edits and not lane.own_sound]
    for lane in (*video[_MAX_TRACKS:], *audio[_MAX_TRACKS:]):
        read.findings.warn(
            lane.pointer, "too_many_tracks", f"Only {_MAX_TRACKS} tracks of a kind are taken; this one is left out."
        )
    video, audio = _with_own_sound(video[:_MAX_TRACKS], audio[:_MAX_TRACKS], read.ours)
    shown = {edit.source for lane in video for edit in lane.edits}
    used = shown | {edit.source for lane in audio for edit in lane.edits}
    names, tracks = _Names(), _Names()
    output: Document = {"fps": _decimal(read.rate)}
    if read.size is not None:
        output |= {"width": read.size[0], "height": read.size[1]}
    return {
        "schemaVersion": "2.0",
        **({"title": read.title[:500]} if read.title else {}),
        "sources": [source for name, source in read.sources.items() if name in used],
        "tracks": {
            "video": [_video_track(lane, names, tracks, read) for lane in video],
            "audio": [_audio_track(lane, tracks, read) for lane in audio],
        },
        "outputs": [output],
        **({"extra": read.extra} if read.extra else {}),
    }


def _with_own_sound(video: list[Lane], audio: list[Lane], ours: bool) -> tuple[list[Lane], list[Lane]]:
    """Sound that lies under its own picture is the segment's. Where there is sound, a picture without its own is silent."""
    seen = {_place(edit) for lane in video for edit in lane.edits}
    heard = {_place(edit) for lane in audio for edit in lane.edits}
    if audio and not ours:
        video = [
            replace(lane, edits=tuple(_silent(edit, _place(edit) in heard) for edit in lane.edits)) for lane in video
        ]
    rest = [replace(lane, edits=tuple(edit for edit in lane.edits if _place(edit) not in seen)) for lane in audio]
    return video, [lane for lane in rest if lane.edits]


def _place(edit: Edit) -> tuple[str, int, int, Fraction]:
    return edit.source, edit.start, edit.end, edit.source_in


def _silent(edit: Edit, heard: bool) -> Edit:
    return edit if heard else replace(edit, looks={**edit.looks, "muted": True})


def _video_track(lane: Lane, names: "_Names", tracks: "_Names", read: Read) -> Document:
    segments, transitions = [], []
    for edit in lane.edits:
        name = names.unique(edit.name)
        segments.append({**edit.looks, **_piece(edit, name, read), **({"reverse": True} if edit.reverse else {})})
        if edit.crossing:
            ends = {"fromSegment": segments[-2]["id"], "toSegment": name}
            duration = {"frames": edit.crossing.frames}
            transitions.append({"type": edit.crossing.kind, **ends, "duration": duration})
    return {**lane.looks, "id": tracks.unique(lane.name or "video"), "segments": segments, "transitions": transitions}


def _audio_track(lane: Lane, tracks: "_Names", read: Read) -> Document:
    names = _Names(f"{lane.name}-")
    clips = [{**edit.looks, **_piece(edit, names.unique(edit.name), read)} for edit in lane.edits]
    return {"id": tracks.unique(lane.name or "audio"), "clips": clips}


def _piece(edit: Edit, name: str, read: Read) -> Document:
    """Slot and piece of source of a segment or clip."""
    piece: Document = {
        "id": name,
        "sourceId": edit.source,
        "start": {"frames": edit.start},
        "end": {"frames": edit.end},
    }
    if read.sources[edit.source]["kind"] == "image":
        return piece
    if edit.source_in:
        piece["sourceStart"] = _time(edit.source_in, read.rate)
    if edit.speed == 0:
        piece |= {"sourceDuration": {"frames": 1}, "fit": "freeze"}
    elif edit.speed != 1:
        piece |= {"sourceDuration": _time(edit.source_length(read.rate), read.rate), "fit": "stretch"}
    return piece


def _time(moment: Fraction, rate: Fraction) -> Document:
    """In frames where it is whole frames, else in seconds."""
    frames = moment * rate
    return {"frames": frames.numerator} if frames.denominator == 1 else {"seconds": number(moment)}


def _decimal(rate: Fraction) -> float | int:
    return rate.numerator if rate.denominator == 1 else round(float(rate), 3)


class _Names:
    """Ids that are given once."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix, self._given = prefix, set[str]()

    def unique(self, wanted: str) -> str:
        stem = wanted.strip()[: _MAX_ID - 8] or "clip"
        name = next(name for name in _numbered(stem) if name not in self._given)
        self._given.add(name)
        return name


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    count = 2
    while True:
        yield f"{stem}-{count}"
        count += 1


class Sources:
    """Sources by what names them in a file: one for each."""

    def __init__(self, read: Read) -> None:
        self._read, self._ids = read, dict[str, str]()
        self._names = _Names()

    def named(self, reference: str, kind: str, wanted: str | None = None) -> str:
        """The id of the source of a reference: a URL, a path or a reel. `kind`: video or audio, where it is used."""
        if reference not in self._ids:
            stem = PurePosixPath(reference.replace("\\", "/").split("?")[0]).name
            suffix = PurePosixPath(stem).suffix.lower()
            kind = "image" if suffix in IMAGES else "audio" if suffix in SOUNDS else kind
            name = self._names.unique(wanted or PurePosixPath(stem).stem or "source")
            self._ids[reference] = name
            self._read.sources[name] = {"id": name, "kind": kind, "url": reference[:2000]}
        source = self._read.sources[self._ids[reference]]
        if kind == "video" and source["kind"] == "audio" and PurePosixPath(reference).suffix.lower() not in SOUNDS:
            source["kind"] = "video"
        return self._ids[reference]

    def kind(self, name: str) -> str:
        """What a source is."""
        kind: str = self._read.sources[name]["kind"]
        return kind
