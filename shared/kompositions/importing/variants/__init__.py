"""The families of documents: one module for each, which drafts a canonical document from one of its own."""

from collections.abc import Callable, Mapping

from shared.kompositions.importing.document import Document
from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.notes import Notes
from shared.kompositions.importing.parts.library import Library
from shared.kompositions.importing.variants.canonical import draft_canonical
from shared.kompositions.importing.variants.document_store import draft_document_store, recorded_sections
from shared.kompositions.importing.variants.effects_tree import draft_effects_tree
from shared.kompositions.importing.variants.flat import draft_flat
from shared.kompositions.importing.variants.kompo1 import draft_kompo1
from shared.kompositions.importing.variants.metadata import draft_metadata
from shared.kompositions.importing.variants.plans import draft_audio_timing, draft_build_plan, draft_composition_plan
from shared.kompositions.importing.variants.web_editor import draft_web_editor

__all__ = ["VARIANTS", "Drafting", "recorded_sections"]

Drafting = Callable[[Document, Notes, Library], Draft]

VARIANTS: Mapping[str, Drafting] = {
    "canonical": draft_canonical,
    "kompo-1": draft_kompo1,
    **dict.fromkeys(("A", "A+"), draft_document_store),
    **dict.fromkeys(("B", "effects-tree"), draft_effects_tree),
    **dict.fromkeys(("C", "C-speech", "C-generated", "C-late"), draft_metadata),
    "D": draft_flat,
    "E-build-plan": draft_build_plan,
    "E-composition-plan": draft_composition_plan,
    "E-audio-timing": draft_audio_timing,
    "F": draft_web_editor,
}
