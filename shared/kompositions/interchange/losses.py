"""Losses: what of a komposition an interchange format does not carry, each at its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.kompositions.interchange.lanes import Edit, Film
from shared.kompositions.model import Komposition, Mix, Segment

_NAMES = {"otio": "OTIO", "fcpxml": "FCPXML", "fcp7": "FCP7 XML", "edl": "An EDL"}
_WIPES = {"wiperight": 1, "wipedown": 2, "vertopen": 21, "horzopen": 22, "diagtl": 41, "circleopen": 119, "radial": 201}
DISSOLVES = frozenset(("crossfade", "dissolve"))
STRAIGHT_WIPES = {"wiperight": (1, False), "wipeleft": (1, True), "wipedown": (2, False), "wipeup": (2, True)}
"""SMPTE numbers of wipes that FCP7 XML has, and whether they go the other way."""
MAX_DISSOLVE = 999
"""Most frames of a transition in an EDL."""


@dataclass(frozen=True)
class Loss:
    """Where in the komposition (a JSON pointer), and a sentence on what becomes of it."""

    pointer: str
    detail: str


def find_losses(komposition: Komposition, film: Film, format: str) -> Iterator[Loss]:  # noqa: A002
    """Everything that `format` does not carry of a komposition that was laid out as `film`."""
    name = _NAMES[format]
    lanes = {lane.pointer for lane in film.lanes}
    yield from _of_tracks(komposition, name, lanes)
    for number, track in enumerate(komposition.tracks.video):
        at = f"/tracks/video/{number}"
        if at in lanes:
            for index, segment in enumerate(track.segments):
                yield from _of_segment(segment, f"{at}/segments/{index}", name, format)
            if format == "edl":
                yield Loss(at, "An EDL as Kompo writes it has pictures only: the segments' own sound is left out.")
            elif track.volume != 1:
                yield Loss(f"{at}/volume", f"{name} does not carry the volume of a track.")
    for lane in film.lanes:
        for edit in lane.edits:
            if lane.kind == "video":
                yield from _of_crossing(edit, name, format)
            if edit.retimed and (edit.pointer or edit.reverse):
                yield from _of_speed(edit, format, lane.kind)
    yield from _of_whole(komposition, name)
    if format in ("fcp7", "edl") and not (film.rate.denominator == 1 or film.rate.denominator == 1001):
        yield Loss(
            "/outputs/0/fps",
            f"{name} has no {float(film.rate):g} frames a second: the next whole rate counts.",
        )


def _of_tracks(komposition: Komposition, name: str, lanes: set[str]) -> Iterator[Loss]:
    tracks = komposition.tracks
    for number, video in enumerate(tracks.video):
        if video.segments and f"/tracks/video/{number}" not in lanes:
            yield Loss(f"/tracks/video/{number}", f"{name} has one video track; {video.id!r} is left out.")
    for number, audio in enumerate(tracks.audio):
        at = f"/tracks/audio/{number}"
        if at not in lanes:
            yield Loss(at, f"{name} as Kompo writes it has no audio track; {audio.id!r} is left out.")
            continue
        for field, differs in (
            ("volume", audio.volume != 1 or audio.muted),
            ("ducking", audio.ducking is not None),
            ("effects", bool(audio.effects)),
        ):
            if differs:
                yield Loss(f"{at}/{field}", f"{name} does not carry the {field} of an audio track.")
        for index, clip in enumerate(audio.clips):
            if clip.volume != 1 or clip.muted or clip.fade_in.value or clip.fade_out.value:
                yield Loss(f"{at}/clips/{index}", f"{name} does not carry volumes and fades of clips.")
    for number, _ in enumerate(tracks.overlay):
        yield Loss(f"/tracks/overlay/{number}", f"{name} does not carry overlays. Render them, or add titles anew.")
    for number, _ in enumerate(tracks.caption):
        yield Loss(f"/tracks/caption/{number}", f"{name} does not carry captions. Export them as WebVTT.")


def _of_segment(segment: Segment, at: str, name: str, format: str) -> Iterator[Loss]:  # noqa: A002
    kept = "keeps it as metadata that only Kompo reads" if format == "otio" else "does not carry it"
    for field, differs, what in (
        ("effects", bool(segment.effects), "Effects on a segment"),
        (
            "volume",
            segment.volume != 1 or bool(segment.fade_in.value) or bool(segment.fade_out.value),
            "Volume and fades",
        ),
        ("scale", segment.scale != "contain", "How the picture fills the frame"),
        ("framing", segment.framing is not None, "Which part of the picture is seen"),
        ("extra", bool(segment.extra), "What Kompo does not know of a segment"),
    ):
        if differs:
            yield Loss(f"{at}/{field}", f"{what}: {name} {kept}.")
    if segment.effective_fit in ("loop", "freeze"):
        yield Loss(f"{at}/fit", f"A {segment.effective_fit} is written out as clips one after the other.")
    elif segment.effective_fit == "stretch" and segment.source_duration is None:
        yield Loss(f"{at}/fit", "The speed depends on the file's length; where that is not known it is the normal one.")


def _of_crossing(edit: Edit, name: str, format: str) -> Iterator[Loss]:  # noqa: A002
    crossing = edit.crossing
    if crossing is None:
        return
    if format == "edl" and crossing.frames > MAX_DISSOLVE:
        yield Loss(
            crossing.pointer, f"A transition in an EDL lasts {MAX_DISSOLVE} frames at the most; this one is cut short."
        )
    if crossing.kind in DISSOLVES:
        return
    if format == "otio":
        yield Loss(crossing.pointer, f"OTIO has no name for {crossing.kind!r}: other programs may show a dissolve.")
    elif not (format == "edl" and crossing.kind in _WIPES) and not (
        format == "fcp7" and crossing.kind in STRAIGHT_WIPES
    ):
        yield Loss(
            crossing.pointer, f"{name} has no {crossing.kind!r}: it becomes a dissolve, its name is kept as a note."
        )


def wipe_code(kind: str) -> int | None:
    """The SMPTE number (ST 258) of a wipe, where there is one."""
    return _WIPES.get(kind)


def wipe_kind(code: int) -> str | None:
    """The transition with a SMPTE number."""
    return next((kind for kind, number in _WIPES.items() if number == code), None)


def _of_speed(edit: Edit, format: str, kind: str) -> Iterator[Loss]:  # noqa: A002
    if format == "edl" and edit.reverse:
        yield Loss(edit.pointer, "Playing backwards is a negative speed in an EDL, which some programs do not take.")
    elif format == "fcp7" and kind == "video":
        yield Loss(
            edit.pointer, "The speed is rounded: in FCP7 XML a clip begins at a whole frame of the retimed file."
        )


def _of_whole(komposition: Komposition, name: str) -> Iterator[Loss]:
    for field, differs, what in (
        ("tempo", bool(komposition.tempo) or komposition.bpm != 120, "the tempo: times are frames"),
        ("effects", bool(komposition.effects), "effects over several segments"),
        ("layouts", bool(komposition.layouts), "layouts: tracks lie above each other"),
        ("mix", komposition.mix != Mix(), "the mix"),
        (
            "render",
            komposition.render.start.value != 0 or komposition.render.end is not None,
            "a part to render: it has the whole film",
        ),
        ("description", bool(komposition.description), "a description"),
        ("extra", bool(komposition.extra), "fields that Kompo does not know"),
    ):
        if differs:
            yield Loss(f"/{field}", f"{name} does not carry {what}.")
    for number in range(1, len(komposition.outputs)):
        yield Loss(f"/outputs/{number}", f"{name} describes one output; this one is left out.")
