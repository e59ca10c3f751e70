"""A film as an OpenTimelineIO timeline.

Its JSON is written as text: a tree of dictionaries first takes twice as long, the objects of the OTIO library, which give the
same, five times as long as that."""

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil
from urllib.parse import quote

from shared.kompositions.interchange.lanes import Crossing, Edit, Film, Lane, Media
from shared.kompositions.interchange.losses import DISSOLVES

METADATA = "kompo"
"""Under this key lies what only Kompo understands."""
_PLAIN, _NONE = "{}", "[]"


def write_otio(film: Film) -> str:
    """The JSON of the timeline: tracks from the bottom up, sound after pictures.

    Files are named, without paths; each begins at its time 0."""
    return _Writing(film).timeline()


class _Writing:
    def __init__(self, film: Film) -> None:
        self._film = film
        self._rate = _written(float(film.rate))
        self._begins: dict[tuple[str, int, int], Fraction] = {}
        """Of pictures, which their sound shares."""
        self._references = {name: self._reference(media) for name, media in film.media.items()}

    def timeline(self) -> str:
        film = self._film
        told = {"rate": str(film.rate), "width": film.size[0], "height": film.size[1]}
        stack = self._item("Stack.1", "tracks", children=_list(map(self._track, film.lanes)))
        begin = f'"global_start_time":{self._time(0)}'
        return f'{{{_named("Timeline.1", film.title, _told(told))},{begin},"tracks":{stack}}}'

    def _reference(self, media: Media) -> str:
        """The reference to a file, as every clip of it holds it."""
        named = _named("ExternalReference.1", media.name, _told({"source": media.id, "kind": media.kind}))
        available = self._range(0, ceil(self._film.extents[media.id] * self._film.rate))
        url = _written(quote(media.name, errors="replace"))
        return f'{{{named},"available_range":{available},"available_image_bounds":null,"target_url":{url}}}'

    def _track(self, lane: Lane) -> str:
        told = {"ownSound": True} if lane.own_sound else lane.looks
        children, reached = [], 0
        for edit, start, end in lane.bodies():
            if start > reached:
                children.append(self._item("Gap.1", "", range_=self._range(0, start - reached)))
            if edit.crossing:
                children.append(self._transition(edit.crossing))
            children.append(self._clip(edit, start, end, lane))
            reached = end
        kind = '"Video"' if lane.kind == "video" else '"Audio"'
        return self._item("Track.1", lane.name, _told(told), children=_list(children), kind=kind)

    def _clip(self, edit: Edit, start: int, end: int, lane: Lane) -> str:
        key = (edit.pointer, start, end)
        if key not in self._begins:
            self._begins[key] = self._source_frame(edit, start, end)
        begin = self._begins[key]
        told = {} if lane.own_sound else edit.looks
        if begin.denominator != 1 and not lane.own_sound:
            told = {**told, "sourceIn": str(edit.source_in)}
        return self._item(
            "Clip.2",
            edit.name,
            _told(told),
            range_=self._range(begin, end - start),
            effects=_NONE if edit.as_filmed else self._speed(edit),
            media_references=f'{{"DEFAULT_MEDIA":{self._references[edit.source]}}}',
            active_media_reference_key='"DEFAULT_MEDIA"',
        )

    def _speed(self, edit: Edit) -> str:
        if edit.held:
            return _list([_effect("FreezeFrame", 0.0, _PLAIN)])
        scalar = float(-edit.speed if edit.reverse else edit.speed)
        return _list([_effect("LinearTimeWarp", scalar, _told({"speed": str(edit.speed)}))])

    def _source_frame(self, edit: Edit, start: int, end: int) -> Fraction:
        """Where in the file, in frames of the film's rate, what is seen from cut to cut begins."""
        skipped = edit.end - end if edit.reverse else start - edit.start
        begin = edit.source_in * self._film.rate
        return begin + skipped * edit.speed if skipped else begin

    def _transition(self, crossing: Crossing) -> str:
        kind = "SMPTE_Dissolve" if crossing.kind in DISSOLVES else "Custom_Transition"
        named = _named("Transition.1", crossing.kind, _told({"type": crossing.kind}))
        offsets = f'"in_offset":{self._time(crossing.lead)},"out_offset":{self._time(crossing.tail)}'
        return f'{{{named},{offsets},"transition_type":"{kind}"}}'

    def _item(
        self, schema: str, name: str, told: str = _PLAIN, *, range_: str = "null", effects: str = _NONE, **more: str
    ) -> str:
        """An object with what all items have; `more` is JSON already."""
        rest = "".join(f',"{key}":{value}' for key, value in more.items())
        flags = f'"effects":{effects},"markers":[],"enabled":true,"color":null'
        return f'{{{_named(schema, name, told)},"source_range":{range_},{flags}{rest}}}'

    def _range(self, start: Fraction | int, frames: int) -> str:
        return f'{{"OTIO_SCHEMA":"TimeRange.1","duration":{self._time(frames)},"start_time":{self._time(start)}}}'

    def _time(self, frames: Fraction | int) -> str:
        return f'{{"OTIO_SCHEMA":"RationalTime.1","rate":{self._rate},"value":{float(frames)!r}}}'


def _named(schema: str, name: str, metadata: str) -> str:
    """How every object begins."""
    return f'"OTIO_SCHEMA":"{schema}","metadata":{metadata},"name":{_written(name)}'


def _effect(name: str, scalar: float, metadata: str) -> str:
    """A speed, which has no name of its own."""
    called = f'"effect_name":"{name}","enabled":true,"time_scalar":{scalar!r}'
    return f"{{{_named(f'{name}.1', '', metadata)},{called}}}"


def _told(told: Mapping[str, object]) -> str:
    """Metadata that only Kompo understands."""
    return f'{{"{METADATA}":{_written(told)}}}' if told else _PLAIN


def _list(written: Iterable[str]) -> str:
    return f"[{','.join(written)}]"


_written = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
