"""A and A+, the document store's kind: kompositions in beats, and recordings (Video, Audio) with named pieces.

A segment of a komposition may name a piece of a recording by its id: which piece of which file, the recording's document says."""

from collections.abc import Iterable, Iterator

from shared.kompositions.importing.document import Document
from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.parts.assembly import assemble
from shared.kompositions.importing.parts.library import Library, Recording, Section
from shared.kompositions.importing.parts.opening import open_sketch, read_body
from shared.kompositions.importing.parts.sketch import Sketch
from shared.kompositions.importing.parts.slots import Reading
from shared.kompositions.importing.parts.sources import read_source
from shared.kompositions.importing.parts.times import derived
from shared.kompositions.model import Unit

_RECORDINGS = {"video": Unit.MICROSECONDS, "audio": Unit.BEATS}


def draft_document_store(document: Document, notes: Notes, library: Library) -> Draft:
    """A komposition as it is; a recording as the film of its pieces, each where it is in the recording."""
    sketch = _sketch(document, notes)
    if sketch.sounding == "sections":
        _choose_file(sketch)
    return assemble(sketch, document, library)


def recorded_sections(documents: Iterable[Document]) -> Iterator[Section]:
    """The named pieces of the recordings among the documents of a file."""
    for document in documents:
        if _recording_unit(document) is not None:
            yield from _sections(_sketch(document, Notes()), document)


def _recording_unit(document: Document) -> Unit | None:
    kind = document.value.get("type") if isinstance(document.value, dict) else None
    listed = isinstance(kind, str) and isinstance(document.value.get("segments"), list)
    return _RECORDINGS.get(kind.casefold()) if listed and isinstance(kind, str) else None


def _sketch(document: Document, notes: Notes) -> Sketch:
    unit = _recording_unit(document)
    sketch = open_sketch(document, notes, tempo_needed=unit is None)
    for fields in sketch.root.parts(("mediaFile",)):
        sketch.sources.append(read_source(fields))
    if unit is None:
        read_body(sketch, Reading())
        return sketch
    sketch.sounding = "sections"
    sketch.last_beat = None
    read_body(sketch, Reading(slot=unit, duration=unit), offsets=unit if unit is Unit.MICROSECONDS else Unit.SECONDS)
    return sketch


def _choose_file(sketch: Sketch) -> None:
    """Pieces that name no source, or one that is not listed, are of the first file of the document's kind."""
    heard = str(sketch.root.value.get("type")).casefold() == "audio"
    fitting = [source for source in sketch.sources if (source.kind == "audio") is heard]
    chosen = next(iter(fitting or sketch.sources), None)
    known = {source.id for source in sketch.sources}
    for cut in sketch.cuts:
        if chosen is not None and cut.ref not in known:
            if cut.ref:
                at = cut.fields.at + cut.fields.places.get("sourceId", ())
                detail = f"{cut.ref[:100]!r} is not listed. The recording's {chosen.id[:100]!r} is taken."
                sketch.notes.warn(at, "source_guessed", detail, "Leave it empty, or name a source.")
            cut.ref = chosen.id


def _sections(sketch: Sketch, document: Document) -> Iterator[Section]:
    _choose_file(sketch)
    value = document.value
    own = [value[key] for key in ("_id", "id", "name", "sourceUrl") if isinstance(value.get(key), str) and value[key]]
    names = (*own, *(source.id for source in sketch.sources))
    chosen = next((source for source in sketch.sources if any(cut.ref == source.id for cut in sketch.cuts)), None)
    if not names:
        return
    kind = chosen.kind if chosen else "video"
    recording = Recording(names, chosen.id if chosen else names[0], kind, chosen.url if chosen else None)
    for cut in sketch.cuts:
        if cut.id and cut.start is not None and cut.end is not None:
            start, end = sketch.pulse.seconds(cut.start), sketch.pulse.seconds(cut.end)
            if end > start:
                unit = cut.start.unit if cut.start.unit is Unit.MICROSECONDS else Unit.SECONDS
                scale = 1_000_000 if unit is Unit.MICROSECONDS else 1
                yield Section(cut.id, recording, derived(start * scale, unit), derived((end - start) * scale, unit))
