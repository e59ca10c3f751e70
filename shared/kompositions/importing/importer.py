"""The importer."""

from shared.kompositions.errors import InvalidKomposition
from shared.kompositions.importing.imported import Finding, Imported
from shared.kompositions.parsing import parse_komposition


def import_komposition(document: object) -> Imported:
    """Read a document of any known format. Never raises: what is wrong is in the findings."""
    try:
        return Imported(parse_komposition(document), "canonical")
    except InvalidKomposition as error:
        return Imported(
            None, "canonical", tuple(Finding(found.pointer, found.code, found.detail) for found in error.errors)
        )
