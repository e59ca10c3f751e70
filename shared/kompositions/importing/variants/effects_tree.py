"""B, documents with a tree of effects over segments with `segment_id`; and others that are mainly such a tree."""

from shared.kompositions.importing.document import Document
from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.parts.assembly import assemble
from shared.kompositions.importing.parts.library import Library
from shared.kompositions.importing.parts.opening import open_sketch, read_body
from shared.kompositions.importing.parts.slots import Reading


def draft_effects_tree(document: Document, notes: Notes, library: Library) -> Draft:
    """Beats on the timeline, seconds in sources."""
    sketch = open_sketch(document, notes)
    read_body(sketch, Reading())
    return assemble(sketch, document, library)
