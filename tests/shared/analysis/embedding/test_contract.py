"""What every embedder promises."""

from collections.abc import Iterator

import numpy as np
import pytest

from shared.analysis import Embedder, get_embedder
from shared.analysis.embedding.endpoint import EndpointEmbedder
from tests.shared.analysis.embedding.api import EmbeddingsApi

TEXTS = ["We doubled our revenue.", "", "The moon has no air.", "We doubled our revenue."]


@pytest.fixture(params=["embedded", "openai"])
def embedder(request: pytest.FixtureRequest) -> Iterator[Embedder]:
    if request.param == "embedded":
        yield get_embedder()
        return
    with EmbeddingsApi() as api:
        yield EndpointEmbedder(api.url, "tiny", "secret", backoff=0)


def test_rows_are_float32_of_length_1_and_zeros_for_what_is_empty(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 0, 1, 1], abs=1e-5)


def test_the_same_text_has_the_same_row_whatever_it_comes_with(embedder: Embedder) -> None:
    together, alone = embedder.embed(TEXTS), embedder.embed(TEXTS[2:3])
    assert np.array_equal(together[0], together[3])
    assert np.array_equal(together[2], alone[0])


def test_nothing_makes_no_rows(embedder: Embedder) -> None:
    assert len(embedder.embed([])) == 0


def test_it_has_a_name(embedder: Embedder) -> None:
    assert embedder.name
