import pytest

from shared.analysis import EmbedderUnavailable
from shared.analysis.embedding.endpoint import EndpointEmbedder
from tests.shared.analysis.embedding.api import EmbeddingsApi


def embedder(api: EmbeddingsApi, key: str | None = "secret") -> EndpointEmbedder:
    return EndpointEmbedder(api.url, "tiny", key, backoff=0)


def test_many_texts_are_sent_in_pieces_each_once() -> None:
    with EmbeddingsApi() as api:
        rows = embedder(api).embed([f"text {number % 150}" for number in range(300)])
    assert len(rows) == 300
    assert [len(request["input"]) for request in api.requests] == [128, 22]
    assert {request["model"] for request in api.requests} == {"tiny"}
    assert set(api.keys) == {"Bearer secret"}


def test_an_api_that_is_busy_is_asked_again() -> None:
    with EmbeddingsApi(503, 429) as api:
        assert embedder(api).embed(["moon"]).shape == (1, 26)
    assert len(api.requests) == 3


@pytest.mark.parametrize(
    ("failures", "answer", "told"),
    [
        ((401,), None, "KOMPO_OPENAI_API_KEY"),
        ((400,), None, "HTTP 400"),
        ((500, 500, 500), None, "HTTP 500"),
        ((), {"data": "nothing"}, "another form"),
        ((), {"data": []}, "another form"),
    ],
)
def test_what_goes_wrong_is_said(failures: tuple[int, ...], answer: dict[str, object] | None, told: str) -> None:
    with EmbeddingsApi(*failures, answer=answer) as api, pytest.raises(EmbedderUnavailable, match=told):
        embedder(api).embed(["moon"])


def test_an_api_that_is_not_there_is_unavailable() -> None:
    with EmbeddingsApi() as api:
        gone = embedder(api)
    with pytest.raises(EmbedderUnavailable, match="does not answer"):
        gone.embed(["moon"])
