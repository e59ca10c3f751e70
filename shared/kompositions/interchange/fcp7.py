"""A film as FCP7 XML (xmeml 5), for Premiere: all tracks, dissolves and straight wipes, speeds, held frames.

The adapter of OpenTimelineIO writes a clip that is used twice as an empty reference, and neither speeds nor the picture's size;
so this is written here. Its reader reads what this writes."""

from fractions import Fraction
from typing import TYPE_CHECKING

from shared.kompositions.interchange.fcpxml import retimed_in
from shared.kompositions.interchange.lanes import Crossing, Edit, Film, Lane
from shared.kompositions.interchange.losses import DISSOLVES, STRAIGHT_WIPES
from shared.kompositions.interchange.timecode import Timecode
from shared.kompositions.interchange.xml import child, document, relative_url
from shared.kompositions.timing import nearest

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def write_fcp7(film: Film) -> str:
    """The document. All times are frames of the film."""
    return _Writing(film).write()


class _Writing:
    def __init__(self, film: Film) -> None:
        self._film = film
        self._files: set[str] = set()
        self._clips = 0
        self._extents = {name: nearest(film.extent(name) * film.rate) or 1 for name in film.media}

    def write(self) -> str:
        from xml.etree.ElementTree import Element

        root = Element("xmeml", version="5")
        sequence = child(root, "sequence", id="sequence-1")
        child(sequence, "name", self._film.title)
        child(sequence, "duration", str(self._film.frames))
        self._rate(sequence)
        self._timecode(sequence)
        media = child(sequence, "media")
        video = child(media, "video")
        shape = child(child(video, "format"), "samplecharacteristics")
        self._rate(shape)
        self._size(shape, self._film.size)
        for lane in self._film.video:
            self._track(video, lane)
        audio = child(media, "audio")
        child(audio, "numOutputChannels", "2")
        sound = child(child(audio, "format"), "samplecharacteristics")
        child(sound, "depth", "16")
        child(sound, "samplerate", "48000")
        for lane in self._film.audio:
            self._track(audio, lane)
        return document(root, "xmeml")

    def _track(self, kind: "Element", lane: Lane) -> None:
        track = child(kind, "track")
        for place, edit in enumerate(lane.edits):
            following = lane.edits[place + 1].crossing if place + 1 < len(lane.edits) else None
            if edit.crossing:
                self._transition(track, edit.crossing, edit.start, lane)
            self._clip(track, edit, following is not None, lane)
        child(track, "enabled", "TRUE")
        child(track, "locked", "FALSE")

    def _clip(self, track: "Element", edit: Edit, crossed: bool, lane: Lane) -> None:
        """Ends that lie under a transition are -1, and then `in` and `out` reach to its far ends."""
        self._clips += 1
        clip = child(track, "clipitem", id=f"clipitem-{self._clips}")
        child(clip, "name", edit.name)
        child(clip, "enabled", "TRUE")
        extent = self._extents[edit.source]
        begin = (
            nearest(edit.source_in * self._film.rate) if edit.speed == 0 else retimed_in(edit, extent, self._film.rate)
        )
        length = nearest(Fraction(extent) / edit.speed) if edit.speed else edit.frames
        child(clip, "duration", str(max(length, 1)))
        self._rate(clip)
        child(clip, "start", "-1" if edit.crossing else str(edit.start))
        child(clip, "end", "-1" if crossed else str(edit.end))
        child(clip, "in", str(begin))
        child(clip, "out", str(begin + edit.frames))
        if edit.speed == 0:
            child(clip, "stillframe", "TRUE")
            child(clip, "stillframeoffset", str(begin))
        self._file(clip, edit.source)
        if lane.kind == "audio":
            source = child(clip, "sourcetrack")
            child(source, "mediatype", "audio")
            child(source, "trackindex", "1")
        if edit.speed not in (0, 1) or edit.reverse:
            self._speed(clip, edit, lane.kind)

    def _file(self, clip: "Element", source: str) -> None:
        """Described once, then only named."""
        media = self._film.media[source]
        file = child(clip, "file", id=f"file-{list(self._film.media).index(source) + 1}")
        if source in self._files:
            return
        self._files.add(source)
        child(file, "name", media.name)
        child(file, "pathurl", relative_url(media.name))
        self._rate(file)
        child(file, "duration", str(self._extents[source]))
        self._timecode(file)
        holds = child(file, "media")
        if media.kind != "audio":
            self._size(child(child(holds, "video"), "samplecharacteristics"), media.size or self._film.size)
        if media.has_sound:
            child(child(holds, "audio"), "channelcount", "2")

    def _speed(self, clip: "Element", edit: Edit, kind: str) -> None:
        effect = child(child(clip, "filter"), "effect")
        for tag, text in (
            ("name", "Time Remap"),
            ("effectid", "timeremap"),
            ("effectcategory", "motion"),
            ("effecttype", "motion"),
            ("mediatype", kind),
        ):
            child(effect, tag, text)
        speed = f"{float(edit.speed * 100):.6g}"
        for name, value in (
            ("variablespeed", "0"),
            ("speed", speed),
            ("reverse", "TRUE" if edit.reverse else "FALSE"),
            ("frameblending", "FALSE"),
        ):
            parameter = child(effect, "parameter")
            child(parameter, "parameterid", name)
            child(parameter, "name", name)
            child(parameter, "value", value)

    def _transition(self, track: "Element", crossing: Crossing, start: int, lane: Lane) -> None:
        item = child(track, "transitionitem")
        child(item, "start", str(start))
        child(item, "end", str(start + crossing.frames))
        child(item, "alignment", "center")
        self._rate(item)
        effect = child(item, "effect")
        code, backwards = STRAIGHT_WIPES.get(crossing.kind, (0, False))
        name = "Cross Dissolve" if lane.kind == "video" else "Cross Fade (+3dB)"
        if code and lane.kind == "video":
            name = "Edge Wipe"
            child(effect, "wipecode", str(code))
            child(effect, "wipeaccuracy", "100")
            child(effect, "startratio", "0")
            child(effect, "endratio", "1")
            child(effect, "reverse", "TRUE" if backwards else "FALSE")
        child(effect, "name", name if crossing.kind in DISSOLVES or code else f"{name} ({crossing.kind})")
        child(effect, "effectid", name)
        child(effect, "effecttype", "transition")
        child(effect, "effectcategory", "Wipe" if name == "Edge Wipe" else "Dissolve")
        child(effect, "mediatype", lane.kind)

    def _rate(self, parent: "Element") -> None:
        rate = child(parent, "rate")
        whole = self._film.rate.denominator == 1
        child(rate, "timebase", str(Timecode(self._film.rate).nominal))
        child(rate, "ntsc", "FALSE" if whole else "TRUE")

    def _timecode(self, parent: "Element") -> None:
        code = Timecode.of(self._film.rate)
        timecode = child(parent, "timecode")
        self._rate(timecode)
        child(timecode, "string", code.write(0))
        child(timecode, "frame", "0")
        child(timecode, "displayformat", "DF" if code.drop else "NDF")

    def _size(self, parent: "Element", size: tuple[int, int]) -> None:
        child(parent, "width", str(size[0]))
        child(parent, "height", str(size[1]))
        child(parent, "pixelaspectratio", "square")
        child(parent, "fielddominance", "none")
