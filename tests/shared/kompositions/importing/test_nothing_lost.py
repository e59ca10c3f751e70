"""Nothing of a document is lost: whatever is changed in it, the komposition or the findings change."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from shared.kompositions.importing import Imported, import_komposition
from tests.shared.kompositions.importing.samples import SAMPLES

Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where the numbers, texts and flags of a document are."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from leaves(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from leaves(child, (*path, index))
    elif value is not None:
        yield path


def changed(document: Any, path: Path) -> Any:
    """The document with another value at `path`."""
    copy = deepcopy(document)
    part = copy
    for step in path[:-1]:
        part = part[step]
    value = part[path[-1]]
    if isinstance(value, bool):
        part[path[-1]] = not value
    elif isinstance(value, int | float):
        part[path[-1]] = value + 1.25
    else:
        part[path[-1]] = f"{value} x"
    return copy


def outcome(imported: Imported) -> Any:
    """Everything that an import tells."""
    told = imported.komposition.to_json() if imported.komposition else None
    return told, [(finding.pointer, finding.code, finding.detail) for finding in imported.findings], imported.variant


@pytest.mark.parametrize("name", SAMPLES)
def test_every_value_of_a_document_counts_or_is_kept_or_is_told(name: str) -> None:
    _, document = SAMPLES[name]
    before = outcome(import_komposition(document))
    lost = [
        "/".join(map(str, path))
        for path in leaves(document)
        if outcome(import_komposition(changed(document, path))) == before
    ]
    assert lost == []
