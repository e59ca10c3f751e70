"""Interchange: kompositions as files of editing programs, and back."""

from shared.kompositions.interchange.export import FORMATS, Export, Format, UnsuitableExport, export_komposition
from shared.kompositions.interchange.importing import import_interchange
from shared.kompositions.interchange.losses import Loss

__all__ = ["FORMATS", "Export", "Format", "Loss", "UnsuitableExport", "export_komposition", "import_interchange"]
