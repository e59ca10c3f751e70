"""D, flat documents: `beat_start` and `beat_end` on the timeline, `start_time` in the source, scores of an analysis."""

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
from shared.kompositions.model import Unit


def draft_flat(document: Document, notes: Notes, library: Library) -> Draft:
    """Each segment plays its source from `start_time` on, for `duration` seconds, stretched to its slot."""
    sketch = open_sketch(document, notes)
    read_body(sketch, Reading(duration=Unit.SECONDS, seconds=False), _read_cut)
    return assemble(sketch, document, library)


def _read_cut(fields: Fields, sketch: Sketch, reading: Reading) -> Cut:
    source_start = take_time(fields, ("start_time", "startTime"), Unit.SECONDS, "sourceStart")
    slot = fields.has("beat_end", "beatEnd", "end_beat", "endBeat")
    source_duration = take_time(fields, ("duration",), Unit.SECONDS, "sourceDuration", 0) if slot else None
    cut = read_cut(fields, sketch, reading)
    cut.source_start = cut.source_start or source_start
    if source_duration is not None and source_duration.value > 0:
        cut.source_duration = cut.source_duration or source_duration
    return cut
