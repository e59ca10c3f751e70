"""C, documents with metadata: segments that name files, with operations and effects, music and speech, settings of the output.

C-speech adds speech overlays, C-generated musical roles and durations in beats, C-late raw filters and nested timing."""

from shared.kompositions.importing.document import Document
from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.parts.assembly import assemble
from shared.kompositions.importing.parts.library import Library
from shared.kompositions.importing.parts.opening import open_sketch, read_body
from shared.kompositions.importing.parts.slots import Reading
from shared.kompositions.model import Unit


def draft_metadata(document: Document, notes: Notes, library: Library) -> Draft:
    """Beats on the timeline, durations in seconds."""
    sketch = open_sketch(document, notes)
    read_body(sketch, Reading(duration=Unit.SECONDS))
    return assemble(sketch, document, library)
