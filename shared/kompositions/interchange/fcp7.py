"""A film as FCP7 XML (xmeml 5), for Premiere: all tracks, dissolves and straight wipes, speeds, held frames.

The adapter of OpenTimelineIO writes a clip that is used twice as an empty reference, and neither speeds nor the picture's size;
so this is written here. Its reader reads what this writes."""

from collections.abc import Iterator
from fractions import Fraction

from shared.kompositions.interchange.fcpxml import retimed_in
from shared.kompositions.interchange.lanes import Crossing, Edit, Film, Lane
from shared.kompositions.interchange.losses import DISSOLVES, STRAIGHT_WIPES
from shared.kompositions.interchange.timecode import Timecode
from shared.kompositions.interchange.xml import document, element, relative_url, text
from shared.kompositions.timing import nearest


def write_fcp7(film: Film) -> str:
    """The document. All times are frames of the film."""
    return _Writing(film).write()


class _Writing:
    def __init__(self, film: Film) -> None:
        self._film, self._code = film, Timecode.of(film.rate)
        self._files = {name: f"file-{number}" for number, name in enumerate(film.media, start=1)}
        self._described: set[str] = set()
        self._clips = 0
        self._extents = {name: nearest(extent * film.rate) or 1 for name, extent in film.extents.items()}
        ntsc = "FALSE" if film.rate.denominator == 1 else "TRUE"
        self._rate = element("rate", element("timebase", str(self._code.nominal)), element("ntsc", ntsc))
        self._timecode = element(
            "timecode",
            self._rate,
            element("string", self._code.write(0)),
            element("frame", "0"),
            element("displayformat", "DF" if self._code.drop else "NDF"),
        )

    def write(self) -> str:
        shape = element("format", element("samplecharacteristics", self._rate, _size(self._film.size)))
        sound = element("samplecharacteristics", element("depth", "16"), element("samplerate", "48000"))
        pictures = element("video", shape, *map(self._track, self._film.video))
        channels = element("numOutputChannels", "2")
        sounds = element("audio", channels, element("format", sound), *map(self._track, self._film.audio))
        sequence = element(
            "sequence",
            element("name", text(self._film.title)),
            element("duration", str(self._film.frames)),
            self._rate,
            self._timecode,
            element("media", pictures, sounds),
            id="sequence-1",
        )
        return document(element("xmeml", sequence, version="5"), "xmeml")

    def _track(self, lane: Lane) -> str:
        written: list[str] = []
        for place, edit in enumerate(lane.edits):
            following = lane.edits[place + 1].crossing if place + 1 < len(lane.edits) else None
            if edit.crossing:
                written.append(self._transition(edit.crossing, edit.start, lane.kind))
            written.append(self._clip(edit, following is not None, lane.kind))
        return element("track", *written, element("enabled", "TRUE"), element("locked", "FALSE"))

    def _clip(self, edit: Edit, crossed: bool, kind: str) -> str:
        """Ends that lie under a transition are -1, and then `in` and `out` reach to its far ends."""
        self._clips += 1
        extent, rate = self._extents[edit.source], self._film.rate
        begin = edit.file_frame(rate) if edit.held else retimed_in(edit, extent, rate)
        length = edit.frames if edit.held else extent if edit.as_filmed else nearest(Fraction(extent) / edit.speed)
        return element(
            "clipitem",
            f"<name>{text(edit.name)}</name><enabled>TRUE</enabled><duration>{max(length, 1)}</duration>",
            self._rate,
            f"<start>{-1 if edit.crossing else edit.start}</start><end>{-1 if crossed else edit.end}</end>",
            f"<in>{begin}</in><out>{begin + edit.frames}</out>",
            *self._inner(edit, begin, kind),
            id=f"clipitem-{self._clips}",
        )

    def _inner(self, edit: Edit, begin: int, kind: str) -> Iterator[str]:
        if edit.held:
            yield f"<stillframe>TRUE</stillframe><stillframeoffset>{begin}</stillframeoffset>"
        yield self._file(edit.source)
        if kind == "audio":
            yield "<sourcetrack><mediatype>audio</mediatype><trackindex>1</trackindex></sourcetrack>"
        if edit.retimed:
            yield _speed(edit, kind)

    def _file(self, source: str) -> str:
        """Described once, then only named."""
        if source in self._described:
            return element("file", id=self._files[source])
        self._described.add(source)
        media = self._film.media[source]
        holds = []
        if media.kind != "audio":
            holds.append(element("video", element("samplecharacteristics", _size(media.size or self._film.size))))
        if media.has_sound:
            holds.append(element("audio", element("channelcount", "2")))
        return element(
            "file",
            element("name", text(media.name)),
            element("pathurl", text(relative_url(media.name))),
            self._rate,
            element("duration", str(self._extents[source])),
            self._timecode,
            element("media", *holds),
            id=self._files[source],
        )

    def _transition(self, crossing: Crossing, start: int, kind: str) -> str:
        code, backwards = STRAIGHT_WIPES.get(crossing.kind, (0, False)) if kind == "video" else (0, False)
        name = "Edge Wipe" if code else "Cross Dissolve" if kind == "video" else "Cross Fade (+3dB)"
        wipe = {
            "wipecode": str(code),
            "wipeaccuracy": "100",
            "startratio": "0",
            "endratio": "1",
            "reverse": "TRUE" if backwards else "FALSE",
        }
        effect = {
            "name": name if crossing.kind in DISSOLVES or code else f"{name} ({crossing.kind})",
            "effectid": name,
            "effectcategory": "Wipe" if code else "Dissolve",
            "effecttype": "transition",
            "mediatype": kind,
            **(wipe if code else {}),
        }
        return element(
            "transitionitem",
            f"<start>{start}</start><end>{start + crossing.frames}</end><alignment>center</alignment>",
            self._rate,
            element("effect", *(element(tag, text(value)) for tag, value in effect.items())),
        )


def _speed(edit: Edit, kind: str) -> str:
    effect = {
        "name": "Time Remap",
        "effectid": "timeremap",
        "effectcategory": "motion",
        "effecttype": "motion",
        "mediatype": kind,
    }
    parameters = {
        "variablespeed": "0",
        "speed": f"{float(edit.speed * 100):.6g}",
        "reverse": "TRUE" if edit.reverse else "FALSE",
        "frameblending": "FALSE",
    }
    said = (
        element("parameter", element("parameterid", name), element("name", name), element("value", value))
        for name, value in parameters.items()
    )
    return element("filter", element("effect", *(element(tag, value) for tag, value in effect.items()), *said))


def _size(size: tuple[int, int]) -> str:
    shape = f"<width>{size[0]}</width><height>{size[1]}</height>"
    return f"{shape}<pixelaspectratio>square</pixelaspectratio><fielddominance>none</fielddominance>"
