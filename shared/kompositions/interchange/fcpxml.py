"""A film as FCPXML 1.9, for Final Cut Pro and Resolve: all tracks, dissolves, speeds, held frames.

The adapter of OpenTimelineIO needs a module that Python has not had since 3.9, rounds 29.97 to whole frames a second, and writes
neither transitions nor speeds; so this is written here. Its reader still reads what this writes."""

from fractions import Fraction
from typing import TYPE_CHECKING

from shared.kompositions.interchange.lanes import Crossing, Edit, Film, Lane
from shared.kompositions.interchange.timecode import Timecode
from shared.kompositions.interchange.xml import child, document, relative_url
from shared.kompositions.timing import nearest

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_FORMAT = "r1"


def write_fcpxml(film: Film) -> str:
    """The document. Every time is a whole number of frames, as a fraction of seconds."""
    return _Writing(film).write()


class _Writing:
    def __init__(self, film: Film) -> None:
        self._film = film
        self._assets = {name: f"r{number}" for number, name in enumerate(film.media, start=2)}
        self._extents = {name: nearest(film.extent(name) * film.rate) or 1 for name in film.media}

    def write(self) -> str:
        from xml.etree.ElementTree import Element

        root = Element("fcpxml", version="1.9")
        self._resources(child(root, "resources"))
        project = child(child(child(root, "library"), "event", name=self._film.title), "project", name=self._film.title)
        drop = "DF" if Timecode.of(self._film.rate).drop else "NDF"
        length = self._time(self._film.frames)
        sequence = child(
            project,
            "sequence",
            format=_FORMAT,
            duration=length,
            tcStart="0s",
            tcFormat=drop,
            audioRate="48k",
            audioLayout="stereo",
        )
        self._story(child(sequence, "spine"))
        return document(root, "fcpxml")

    def _resources(self, resources: "Element") -> None:
        rate, (width, height) = self._film.rate, self._film.size
        frame = f"{rate.denominator}/{rate.numerator}s"
        child(resources, "format", id=_FORMAT, frameDuration=frame, width=str(width), height=str(height))
        for media in self._film.media.values():
            flags = {"hasVideo": "1"} if media.kind != "audio" else {}
            if media.has_sound:
                flags |= {"hasAudio": "1", "audioSources": "1", "audioChannels": "2", "audioRate": "48000"}
            src = relative_url(media.name)
            length = self._time(self._extents[media.id])
            times = {"start": "0s", "duration": length, "format": _FORMAT}
            asset = child(resources, "asset", id=self._assets[media.id], name=media.name, src=src, **times, **flags)
            child(asset, "media-rep", kind="original-media", src=src)

    def _story(self, spine: "Element") -> None:
        """The lowest video track is the story; the others are storylines fastened to its first element."""
        lanes = [lane for lane in self._film.lanes if not lane.own_sound]
        pictures, sounds = self._film.video, [lane for lane in lanes if lane.kind == "audio"]
        if pictures:
            self._lay(spine, pictures[0], fill=self._film.frames)
        else:
            self._gap(spine, 0, self._film.frames)
        first = next(element for element in spine if element.tag != "transition")
        for number, lane in [
            *enumerate(pictures[1:], start=1),
            *((-n, lane) for n, lane in enumerate(sounds, start=1)),
        ]:
            offset = first.get("start", "0s")
            self._lay(child(first, "spine", lane=str(number), offset=offset), lane)

    def _lay(self, spine: "Element", lane: Lane, fill: int = 0) -> None:
        reached = 0
        for edit, start, end in lane.bodies():
            if start > reached:
                self._gap(spine, reached, start)
            if edit.crossing:
                self._transition(spine, edit.crossing, start)
            self._clip(spine, edit, start, end, lane)
            reached = end
        if fill > reached:
            self._gap(spine, reached, fill)

    def _gap(self, spine: "Element", start: int, end: int) -> None:
        child(spine, "gap", name="Gap", offset=self._time(start), start="0s", duration=self._time(end - start))

    def _transition(self, spine: "Element", crossing: Crossing, cut: int) -> None:
        offset, length = self._time(cut - crossing.lead), self._time(crossing.frames)
        name = "Cross Dissolve" if crossing.kind in ("crossfade", "dissolve") else f"Cross Dissolve ({crossing.kind})"
        child(spine, "transition", name=name, offset=offset, duration=length)

    def _clip(self, spine: "Element", edit: Edit, start: int, end: int, lane: Lane) -> None:
        """A clip's times are those of its retimed file."""
        begin = retimed_in(edit, self._extents[edit.source], self._film.rate) + start - edit.start
        attributes = {
            "ref": self._assets[edit.source],
            "name": edit.name,
            "offset": self._time(start),
            "start": self._time(begin),
            "duration": self._time(end - start),
        }
        if lane.kind == "audio":
            attributes["srcEnable"] = "audio"
        elif edit.looks.get("muted") or lane.looks.get("muted"):
            attributes["srcEnable"] = "video"
        clip = child(spine, "asset-clip", **attributes)
        if edit.speed != 1 or edit.reverse:
            self._time_map(clip, edit)

    def _time_map(self, clip: "Element", edit: Edit) -> None:
        """Which moment of the file is seen when: a straight line."""
        extent = self._extents[edit.source]
        if edit.speed == 0:
            held = nearest(edit.source_in * self._film.rate)
            points = [(0, held), (edit.frames, held)]
        else:
            length = max(nearest(Fraction(extent) / edit.speed), 1)
            points = [(0, extent), (length, 0)] if edit.reverse else [(0, 0), (length, extent)]
        time_map = child(clip, "timeMap")
        for at, value in points:
            child(time_map, "timept", time=self._time(at), value=self._time(value), interp="linear")

    def _time(self, frames: int) -> str:
        """Frames as FCPXML counts time."""
        return f"{frames * self._film.rate.denominator}/{self._film.rate.numerator}s" if frames else "0s"


def retimed_in(edit: Edit, extent: int, rate: Fraction) -> int:
    """The frame at which an edit begins in its file as it is when it has the edit's speed and direction."""
    if edit.speed == 0:
        return 0
    source_in = edit.source_in
    if edit.reverse:
        source_in = max(Fraction(extent) / rate - edit.source_in - edit.source_length(rate), Fraction(0))
    return nearest(source_in * rate / edit.speed)
