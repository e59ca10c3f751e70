"""Every variant is known for what it is."""

import pytest

from shared.kompositions.importing import import_komposition
from tests.shared.kompositions.importing.samples import SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_a_document_of_each_variant_is_known_and_read(name: str) -> None:
    variant, document = SAMPLES[name]
    imported = import_komposition(document)
    assert imported.variant == variant
    assert imported.errors == ()
    assert imported.komposition is not None
    assert any(evidence.variant == variant for evidence in imported.evidence)
