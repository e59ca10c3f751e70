"""A film as an OpenTimelineIO timeline."""

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from shared.kompositions.interchange.lanes import Crossing, Edit, Film, Lane, Media
from shared.kompositions.interchange.losses import DISSOLVES

if TYPE_CHECKING:
    import opentimelineio as otio

METADATA = "kompo"
"""Under this key lies what only Kompo understands."""


def write_otio(film: Film) -> str:
    """The JSON of the timeline."""
    import opentimelineio as otio

    written: str = otio.adapters.write_to_string(build_timeline(film), "otio_json")
    return written


def build_timeline(film: Film) -> "otio.schema.Timeline":
    """Tracks from the bottom up, sound after pictures. Files are named, without paths; each begins at its time 0."""
    import opentimelineio as otio

    timeline = otio.schema.Timeline(film.title)
    timeline.global_start_time = otio.opentime.RationalTime(0, float(film.rate))
    timeline.metadata[METADATA] = {"rate": str(film.rate), "width": film.size[0], "height": film.size[1]}
    building = _Building(film)
    timeline.tracks.extend([building.track(lane) for lane in film.lanes])
    return timeline


class _Building:
    def __init__(self, film: Film) -> None:
        import opentimelineio as otio

        self._otio: Any = otio
        self._film = film
        self._rate = float(film.rate)
        self._begins: dict[tuple[str, int, int], Fraction] = {}
        """Of pictures, which their sound shares."""
        self._references = {name: self._reference(media) for name, media in film.media.items()}

    def _reference(self, media: Media) -> Any:
        extent = self._range(0, ceil(self._film.extents[media.id] * self._film.rate))
        reference = self._otio.schema.ExternalReference(
            target_url=quote(media.name, errors="replace"), available_range=extent
        )
        reference.name = media.name
        reference.metadata[METADATA] = {"source": media.id, "kind": media.kind}
        return reference

    def track(self, lane: Lane) -> Any:
        track = self._otio.schema.Track(lane.name, kind="Video" if lane.kind == "video" else "Audio")
        told = {"ownSound": True} if lane.own_sound else lane.looks
        if told:
            track.metadata[METADATA] = told
        children, reached = [], 0
        for edit, start, end in lane.bodies():
            if start > reached:
                gap = self._otio.schema.Gap(source_range=self._range(0, start - reached))
                children.append(gap)
            if edit.crossing:
                children.append(self._transition(edit.crossing))
            children.append(self._clip(edit, start, end, lane))
            reached = end
        track.extend(children)
        return track

    def _clip(self, edit: Edit, start: int, end: int, lane: Lane) -> Any:
        schema = self._otio.schema
        key = (edit.pointer, start, end)
        if key not in self._begins:
            self._begins[key] = self.source_frame(edit, start, end)
        begin = self._begins[key]
        clip = schema.Clip(edit.name, self._references[edit.source].clone(), self._range(begin, end - start))
        told = {} if lane.own_sound else dict(edit.looks)
        if begin.denominator != 1 and not lane.own_sound:
            told["sourceIn"] = str(edit.source_in)
        if told:
            clip.metadata[METADATA] = told
        if edit.speed == 0:
            clip.effects.append(schema.FreezeFrame())
        elif edit.speed != 1 or edit.reverse:
            warp = schema.LinearTimeWarp(time_scalar=float(-edit.speed if edit.reverse else edit.speed))
            warp.metadata[METADATA] = {"speed": str(edit.speed)}
            clip.effects.append(warp)
        return clip

    def source_frame(self, edit: Edit, start: int, end: int) -> Fraction:
        """Where in the file, in frames of the film's rate, what is seen from cut to cut begins."""
        skipped = edit.end - end if edit.reverse else start - edit.start
        begin = edit.source_in * self._film.rate
        return begin + skipped * edit.speed if skipped else begin

    def _transition(self, crossing: Crossing) -> Any:
        plain = crossing.kind in DISSOLVES
        transition = self._otio.schema.Transition(
            crossing.kind,
            "SMPTE_Dissolve" if plain else "Custom_Transition",
            self._time(crossing.lead),
            self._time(crossing.tail),
        )
        transition.metadata[METADATA] = {"type": crossing.kind}
        return transition

    def _range(self, start: Fraction | int, frames: int) -> Any:
        return self._otio.opentime.TimeRange(self._time(start), self._time(frames))

    def _time(self, frames: Fraction | int) -> Any:
        return self._otio.opentime.RationalTime(float(frames), self._rate)
