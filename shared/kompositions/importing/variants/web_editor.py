"""F, the web editor's documents: slots in beats, pieces of the source from one beat in it to another."""

from shared.kompositions.importing.document import Document
from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.parts.assembly import assemble
from shared.kompositions.importing.parts.cuts import read_cut
from shared.kompositions.importing.parts.fields import Fields
from shared.kompositions.importing.parts.library import Library
from shared.kompositions.importing.parts.opening import open_sketch, read_body
from shared.kompositions.importing.parts.sketch import Cut, Sketch
from shared.kompositions.importing.parts.slots import Reading
from shared.kompositions.importing.parts.times import take_time
from shared.kompositions.model import Time, Unit


def draft_web_editor(document: Document, notes: Notes, library: Library) -> Draft:
    """Everything in beats."""
    sketch = open_sketch(document, notes)
    read_body(sketch, Reading(), _read_cut)
    return assemble(sketch, document, library)


def _read_cut(fields: Fields, sketch: Sketch, reading: Reading) -> Cut:
    cut = read_cut(fields, sketch, reading)
    begin = take_time(fields, ("trimInBeats", "trim_in_beats"), Unit.BEATS, "sourceStart")
    key = fields.key(("trimOutBeats", "trim_out_beats"))
    end = take_time(fields, (key,), Unit.BEATS, "sourceDuration") if key is not None else None
    cut.source_start = cut.source_start or begin
    if end is None or key is None:
        return cut
    length = end.value - (begin.value if begin is not None else 0)
    if length > 0:
        cut.source_duration = cut.source_duration or Time(length, Unit.BEATS)
    else:
        fields.leave(key)
        detail = f"{key} is not after the beat where the piece begins. The piece goes to the source's end."
        sketch.notes.warn(fields.pointer(key), "trim_conflict", detail, "Write a later beat.")
    return cut
