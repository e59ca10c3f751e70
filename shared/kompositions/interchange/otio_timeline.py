"""A film as an OpenTimelineIO timeline.

Written as JSON at once: going through the objects of the OTIO library, which gives the same, takes five times as long."""

import json
from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Any
from urllib.parse import quote

from shared.kompositions.interchange.lanes import Crossing, Edit, Film, Lane, Media
from shared.kompositions.interchange.losses import DISSOLVES

METADATA = "kompo"
"""Under this key lies what only Kompo understands."""
Node = dict[str, Any]


def write_otio(film: Film) -> str:
    """The JSON of the timeline: tracks from the bottom up, sound after pictures.

    Files are named, without paths; each begins at its time 0."""
    building = _Building(film)
    return json.dumps(building.timeline(), ensure_ascii=False, check_circular=False)


class _Building:
    def __init__(self, film: Film) -> None:
        self._film = film
        self._rate = float(film.rate)
        self._begins: dict[tuple[str, int, int], Fraction] = {}
        """Of pictures, which their sound shares."""
        self._references = {name: self._reference(media) for name, media in film.media.items()}

    def timeline(self) -> Node:
        film = self._film
        told = {"rate": str(film.rate), "width": film.size[0], "height": film.size[1]}
        stack = self._item("Stack.1", "tracks", children=[self._track(lane) for lane in film.lanes])
        return {
            "OTIO_SCHEMA": "Timeline.1",
            "metadata": {METADATA: told},
            "name": film.title,
            "global_start_time": self._time(0),
            "tracks": stack,
        }

    def _reference(self, media: Media) -> Node:
        return {
            "OTIO_SCHEMA": "ExternalReference.1",
            "metadata": {METADATA: {"source": media.id, "kind": media.kind}},
            "name": media.name,
            "available_range": self._range(0, ceil(self._film.extents[media.id] * self._film.rate)),
            "available_image_bounds": None,
            "target_url": quote(media.name, errors="replace"),
        }

    def _track(self, lane: Lane) -> Node:
        told = {"ownSound": True} if lane.own_sound else lane.looks
        children, reached = [], 0
        for edit, start, end in lane.bodies():
            if start > reached:
                children.append(self._item("Gap.1", "", told_range=self._range(0, start - reached)))
            if edit.crossing:
                children.append(self._transition(edit.crossing))
            children.append(self._clip(edit, start, end, lane))
            reached = end
        kind = "Video" if lane.kind == "video" else "Audio"
        return self._item("Track.1", lane.name, told, children=children, kind=kind)

    def _clip(self, edit: Edit, start: int, end: int, lane: Lane) -> Node:
        key = (edit.pointer, start, end)
        if key not in self._begins:
            self._begins[key] = self._source_frame(edit, start, end)
        begin = self._begins[key]
        told = {} if lane.own_sound else dict(edit.looks)
        if begin.denominator != 1 and not lane.own_sound:
            told["sourceIn"] = str(edit.source_in)
        return self._item(
            "Clip.2",
            edit.name,
            told,
            told_range=self._range(begin, end - start),
            effects=self._speed(edit),
            media_references={"DEFAULT_MEDIA": self._references[edit.source]},
            active_media_reference_key="DEFAULT_MEDIA",
        )

    def _speed(self, edit: Edit) -> list[Node]:
        if edit.speed == 0:
            return [self._effect("FreezeFrame.1", "FreezeFrame", 0.0, {})]
        if edit.speed != 1 or edit.reverse:
            scalar = float(-edit.speed if edit.reverse else edit.speed)
            return [self._effect("LinearTimeWarp.1", "LinearTimeWarp", scalar, {METADATA: {"speed": str(edit.speed)}})]
        return []

    def _source_frame(self, edit: Edit, start: int, end: int) -> Fraction:
        """Where in the file, in frames of the film's rate, what is seen from cut to cut begins."""
        skipped = edit.end - end if edit.reverse else start - edit.start
        begin = edit.source_in * self._film.rate
        return begin + skipped * edit.speed if skipped else begin

    def _transition(self, crossing: Crossing) -> Node:
        return {
            "OTIO_SCHEMA": "Transition.1",
            "metadata": {METADATA: {"type": crossing.kind}},
            "name": crossing.kind,
            "in_offset": self._time(crossing.lead),
            "out_offset": self._time(crossing.tail),
            "transition_type": "SMPTE_Dissolve" if crossing.kind in DISSOLVES else "Custom_Transition",
        }

    def _item(
        self,
        schema: str,
        name: str,
        told: Mapping[str, object] | None = None,
        *,
        told_range: Node | None = None,
        effects: list[Node] | None = None,
        **more: Any,
    ) -> Node:
        return {
            "OTIO_SCHEMA": schema,
            "metadata": {METADATA: told} if told else {},
            "name": name,
            "source_range": told_range,
            "effects": effects or [],
            "markers": [],
            "enabled": True,
            "color": None,
            **more,
        }

    def _effect(self, schema: str, name: str, scalar: float, metadata: Node) -> Node:
        return {
            "OTIO_SCHEMA": schema,
            "metadata": metadata,
            "name": "",
            "effect_name": name,
            "enabled": True,
            "time_scalar": scalar,
        }

    def _range(self, start: Fraction | int, frames: int) -> Node:
        return {"OTIO_SCHEMA": "TimeRange.1", "duration": self._time(frames), "start_time": self._time(start)}

    def _time(self, frames: Fraction | int) -> Node:
        return {"OTIO_SCHEMA": "RationalTime.1", "rate": self._rate, "value": float(frames)}
