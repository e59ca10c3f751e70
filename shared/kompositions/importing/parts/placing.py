"""Placing: which source each segment and clip means, and in which order they come."""

from shared.kompositions.importing.parts.library import Library, Section
from shared.kompositions.importing.parts.sketch import Clip, Cut, Sketch, SourceSketch
from shared.kompositions.importing.parts.slots import plus
from shared.kompositions.importing.parts.sources import Catalogue, mentioned
from shared.kompositions.model import Time, Unit, beats


class Placing:
    """Finds the sources of one document's parts; `library` has what other documents of the file tell."""

    def __init__(self, sketch: Sketch, library: Library) -> None:
        self.sketch = sketch
        self.library = library
        self.catalogue = Catalogue(sketch.sources)
        self.declared = bool(sketch.sources)

    def cut(self, cut: Cut) -> SourceSketch | None:
        """The source of a segment; when none matches, an error that says what was probably meant."""
        source = self.catalogue.find(cut.ref) if cut.ref else None
        section = self.library.find(cut.id, cut.ref)
        if section is not None and (source is None or {source.id, *source.names} & set(section.recording.names)):
            source = source or self._recorded(section, cut)
            self._take(cut, section)
        if source is None:
            source = self._mentioned(cut) if cut.ref else self._only()
            if source is None:
                self._missing(cut)
            elif not cut.ref:
                detail = f"The segment names no source. {source.id!r} is taken."
                self.sketch.notes.warn(cut.fields.at, "source_guessed", detail, "Name the source.")
        cut.source_id = source.id if source else cut.ref
        return source

    def clip(self, clip: Clip) -> str:
        """The id of a clip's source, which is added if only the clip mentions it."""
        source = self.catalogue.find(clip.ref)
        if source is None:
            source = self.catalogue.add(mentioned(clip.ref, clip.at, "audio"))
        return source.id

    def order(self) -> list[Cut]:
        """The segments by their starts. One that does not say when it begins follows the one before it."""
        previous: Time = beats(0)
        for cut in self.sketch.cuts:
            if cut.start is None and cut.end is None and cut.length is not None:
                detail = "The segment does not say when it begins. It follows the one before."
                self.sketch.notes.warn(cut.fields.at, "start_guessed", detail, "Say when it begins.")
                cut.start, cut.end = previous, plus(previous, cut.length, self.sketch.pulse)
            previous = cut.end or previous
        placed = [cut for cut in self.sketch.cuts if cut.start is not None]
        unplaced = [cut for cut in self.sketch.cuts if cut.start is None]
        units = {cut.start.unit for cut in placed if cut.start}
        if len(units) <= 1:
            return [*sorted(placed, key=lambda cut: cut.start.value if cut.start else 0), *unplaced]
        pulse = self.sketch.pulse
        return [*sorted(placed, key=lambda cut: pulse.seconds(cut.start) if cut.start else 0), *unplaced]

    def _take(self, cut: Cut, section: Section) -> None:
        if cut.source_start is None and cut.source_duration is None:
            cut.source_start, cut.source_duration = section.start, section.duration
            cut.fields.places.setdefault("sourceStart", cut.fields.places.get("id", ()))

    def _recorded(self, section: Section, cut: Cut) -> SourceSketch:
        recording = section.recording
        for name in recording.names:
            known = self.catalogue.find(name)
            if known is not None:
                return known
        at = cut.fields.pointer(cut.fields.key(("id", "_id")) or "")
        source = SourceSketch(recording.source_id, recording.kind, at, recording.names, recording.url, guessed=True)
        return self.catalogue.add(source)

    def _mentioned(self, cut: Cut) -> SourceSketch | None:
        """A source that only segments mention, where the document lists none at all."""
        if self.declared or cut.ref is None:
            return None
        at = cut.fields.at + cut.fields.places.get("sourceId", ())
        if self.sketch.declares_sources:
            detail = f"The document lists no sources. {cut.ref!r} is taken for the name of one."
            self.sketch.notes.warn(at, "source_undeclared", detail, "List it in sources.")
        return self.catalogue.add(mentioned(cut.ref, at, cut.kind))

    def _only(self) -> SourceSketch | None:
        pictures = [source for source in self.catalogue.sources if source.kind != "audio"]
        candidates = pictures or self.catalogue.sources
        return candidates[0] if len(candidates) == 1 else None

    def _missing(self, cut: Cut) -> None:
        notes, at = self.sketch.notes, cut.fields.at + cut.fields.places.get("sourceId", ())
        if not cut.ref:
            detail = "The segment names no source, and no document in this file has a segment of that name."
            notes.error(at, "missing_source", detail, "Name its source.")
            return
        detail = f"There is no source {cut.ref[:200]!r}.{notes.did_you_mean(cut.ref, self.catalogue.ids)}"
        notes.error(at, "unknown_source", detail, "Add it to sources or correct the id.")


def as_clip(cut: Cut) -> Clip:
    """A segment of a source that is only heard."""
    return Clip(
        cut.ref or cut.id or "",
        cut.fields.at,
        fields=cut.fields,
        start=cut.start,
        end=cut.end,
        source_start=cut.source_start,
        source_duration=cut.source_duration,
        volume=cut.volume,
    )


def in_place(cut: Cut) -> None:
    """A named piece of a recording: it is shown when it is in the recording."""
    if cut.start is not None and cut.end is not None and cut.start.unit is cut.end.unit:
        cut.source_start = cut.start
        length = cut.end.value - cut.start.value
        cut.source_duration = Time(length, Unit(cut.start.unit)) if length > 0 else None
