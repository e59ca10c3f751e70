"""Rankers to test: each with what it needs to run on one machine."""

from collections.abc import Iterator

import pytest

from shared.clips.llm import AnthropicModel, LanguageModelRanker, OpenAiModel
from shared.clips.ranking import EmbeddedRanker, Ranker
from tests.shared.clips.llm.minds import obedient
from tests.shared.clips.llm.server import serving


@pytest.fixture(params=["embedded", "openai", "anthropic"])
def ranker(request: pytest.FixtureRequest) -> Iterator[Ranker]:
    """Every ranker there is."""
    if request.param == "embedded":
        yield EmbeddedRanker()
        return
    with serving(obedient) as server:
        if request.param == "openai":
            yield LanguageModelRanker(OpenAiModel(f"{server.url}/v1", "llama", lambda: "secret-key", seconds=20))
        else:
            yield LanguageModelRanker(AnthropicModel(server.url, "claude", lambda: "secret-key", seconds=20))
