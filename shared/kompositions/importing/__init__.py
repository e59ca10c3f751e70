"""Reading kompositions of every format in the wild into the canonical model, with every problem explained."""

from shared.kompositions.importing.imported import Evidence, Finding, Imported, Severity
from shared.kompositions.importing.importer import import_all, import_komposition

__all__ = ["Evidence", "Finding", "Imported", "Severity", "import_all", "import_komposition"]
