"""Reading kompositions of every format in the wild into the canonical model, with every problem explained."""

from shared.kompositions.importing.conversion import canonical_text
from shared.kompositions.importing.imported import Evidence, Finding, Imported, Severity
from shared.kompositions.importing.importer import import_all, import_komposition
from shared.kompositions.importing.locating import locate

__all__ = [
    "Evidence",
    "Finding",
    "Imported",
    "Severity",
    "canonical_text",
    "import_all",
    "import_komposition",
    "locate",
]
