"""Reading kompositions of every format in the wild into the canonical model, with every problem explained."""

from shared.kompositions.importing.imported import Finding, Imported, Severity
from shared.kompositions.importing.importer import import_komposition

__all__ = ["Finding", "Imported", "Severity", "import_komposition"]
