"""A film as FCPXML 1.9, for Final Cut Pro and Resolve: all tracks, dissolves, speeds, held frames.

The adapter of OpenTimelineIO needs a module that Python has not had since 3.9, rounds 29.97 to whole frames a second, and writes
neither transitions nor speeds; so this is written here. Its reader still reads what this writes."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from shared.kompositions.interchange.lanes import Crossing, Edit, Film, Lane, Media
from shared.kompositions.interchange.losses import DISSOLVES
from shared.kompositions.interchange.timecode import Timecode
from shared.kompositions.interchange.xml import document, element, relative_url
from shared.kompositions.timing import nearest

_FORMAT = "r1"


def write_fcpxml(film: Film) -> str:
    """The document. Every time is a whole number of frames, as a fraction of seconds."""
    return _Writing(film).write()


class _Writing:
    def __init__(self, film: Film) -> None:
        self._film = film
        self._assets = {name: f"r{number}" for number, name in enumerate(film.media, start=2)}
        self._extents = {name: nearest(extent * film.rate) or 1 for name, extent in film.extents.items()}

    def write(self) -> str:
        title = self._film.title
        sequence = element(
            "sequence",
            element("spine", self._story()),
            format=_FORMAT,
            duration=self._time(self._film.frames),
            tcStart="0s",
            tcFormat="DF" if Timecode.of(self._film.rate).drop else "NDF",
            audioLayout="stereo",
            audioRate="48k",
        )
        event = element("event", element("project", sequence, name=title), name=title)
        return document(element("fcpxml", self._resources(), element("library", event), version="1.9"), "fcpxml")

    def _resources(self) -> str:
        rate, (width, height) = self._film.rate, self._film.size
        frame = f"{rate.denominator}/{rate.numerator}s"
        shape = element("format", id=_FORMAT, frameDuration=frame, width=str(width), height=str(height))
        return element("resources", shape, *map(self._asset, self._film.media.values()))

    def _asset(self, media: Media) -> str:
        flags = {"hasVideo": "1"} if media.kind != "audio" else {}
        if media.has_sound:
            flags |= {"hasAudio": "1", "audioSources": "1", "audioChannels": "2", "audioRate": "48000"}
        src = relative_url(media.name)
        flags |= {"start": "0s", "duration": self._time(self._extents[media.id]), "format": _FORMAT}
        file = element("media-rep", kind="original-media", src=src)
        return element("asset", file, id=self._assets[media.id], name=media.name, src=src, **flags)

    def _story(self) -> str:
        """The lowest video track is the story; the others are storylines fastened to its first element."""
        pictures = self._film.video or [Lane("video", "", ())]
        sounds = [lane for lane in self._film.audio if not lane.own_sound]
        numbered = [*enumerate(pictures[1:], start=1), *((-n, lane) for n, lane in enumerate(sounds, start=1))]
        return self._lay(pictures[0], numbered, self._film.frames)

    def _lay(self, lane: Lane, fastened: Sequence[tuple[int, Lane]] = (), fill: int = 0) -> str:
        """The elements of a lane; `fastened` to the first of them, filled with a gap up to `fill` frames."""
        written: list[str] = []
        reached = 0
        for edit, start, end in lane.bodies():
            if start > reached:
                written.append(self._gap(reached, start, () if written else fastened))
            if edit.crossing:
                written.append(self._transition(edit.crossing, start))
            written.append(self._clip(edit, start, end, lane, () if written else fastened))
            reached = end
        if fill > reached:
            written.append(self._gap(reached, fill, () if written else fastened))
        return "".join(written)

    def _storylines(self, fastened: Sequence[tuple[int, Lane]], offset: str) -> Iterator[str]:
        for number, lane in fastened:
            yield element("spine", self._lay(lane), lane=str(number), offset=offset)

    def _gap(self, start: int, end: int, fastened: Sequence[tuple[int, Lane]]) -> str:
        times = {"offset": self._time(start), "start": "0s", "duration": self._time(end - start)}
        return element("gap", *self._storylines(fastened, "0s"), name="Gap", **times)

    def _transition(self, crossing: Crossing, cut: int) -> str:
        name = "Cross Dissolve" if crossing.kind in DISSOLVES else f"Cross Dissolve ({crossing.kind})"
        times = {"offset": self._time(cut - crossing.lead), "duration": self._time(crossing.frames)}
        return element("transition", name=name, **times)

    def _clip(self, edit: Edit, start: int, end: int, lane: Lane, fastened: Sequence[tuple[int, Lane]]) -> str:
        """A clip's times are those of its retimed file."""
        begin = self._time(retimed_in(edit, self._extents[edit.source], self._film.rate) + start - edit.start)
        times = {"offset": self._time(start), "start": begin, "duration": self._time(end - start)}
        sound = {"srcEnable": "audio"} if lane.kind == "audio" else {}
        if lane.kind == "video" and (edit.looks.get("muted") or lane.looks.get("muted")):
            sound = {"srcEnable": "video"}
        inner = [] if edit.as_filmed else [self._time_map(edit)]
        inner += self._storylines(fastened, begin)
        return element("asset-clip", *inner, ref=self._assets[edit.source], name=edit.name, **times, **sound)

    def _time_map(self, edit: Edit) -> str:
        """Which moment of the file is seen when: a straight line."""
        extent = self._extents[edit.source]
        if edit.held:
            held = edit.file_frame(self._film.rate)
            points = [(0, held), (edit.frames, held)]
        else:
            length = max(nearest(Fraction(extent) / edit.speed), 1)
            points = [(0, extent), (length, 0)] if edit.reverse else [(0, 0), (length, extent)]
        return element(
            "timeMap",
            *(
                element("timept", time=self._time(at), value=self._time(moment), interp="linear")
                for at, moment in points
            ),
        )

    def _time(self, frames: int) -> str:
        """Frames as FCPXML counts time."""
        return f"{frames * self._film.rate.denominator}/{self._film.rate.numerator}s" if frames else "0s"


def retimed_in(edit: Edit, extent: int, rate: Fraction) -> int:
    """The frame at which an edit begins in its file as it is when it has the edit's speed and direction."""
    if edit.held:
        return 0
    if edit.as_filmed:
        return edit.file_frame(rate)
    source_in = edit.source_in
    if edit.reverse:
        source_in = max(Fraction(extent) / rate - edit.source_in - edit.source_length(rate), Fraction(0))
    return nearest(source_in * rate / edit.speed)
