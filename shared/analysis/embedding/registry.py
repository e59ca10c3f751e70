"""Which embedders there are, and which one this deployment uses."""

from collections.abc import Callable, Mapping
from typing import Final

from shared.analysis.embedding.embedded import EmbeddedEmbedder
from shared.analysis.embedding.embedder import Embedder
from shared.analysis.embedding.endpoint import EndpointEmbedder
from shared.analysis.errors import UnknownEmbedder


def get_embedder(name: str | None = None) -> Embedder:
    """The embedder of that name; unnamed, the one that `KOMPO_EMBEDDER` names, else the embedded one.

    Raises `UnknownEmbedder`: there is none of that name, or it is not set up."""
    from shared.core.settings import engine_settings

    wanted = name or engine_settings().embedder
    make = EMBEDDERS.get(wanted)
    if make is None:
        raise UnknownEmbedder(f"There is no embedder {wanted}. Choose one of {', '.join(EMBEDDERS)}.")
    return make()


def _endpoint() -> Embedder:
    from shared.core.settings import engine_settings

    chosen = engine_settings()
    if chosen.openai_embedding_model is None:
        raise UnknownEmbedder("The embedder openai has no model. Set KOMPO_OPENAI_EMBEDDING_MODEL, or use embedded.")
    key = chosen.openai_api_key
    return EndpointEmbedder(
        chosen.openai_url,
        chosen.openai_embedding_model,
        key.get_secret_value() if key else None,
        seconds=chosen.llm_seconds,
    )


EMBEDDERS: Final[Mapping[str, Callable[[], Embedder]]] = {"embedded": EmbeddedEmbedder, "openai": _endpoint}
"""How each is made, by the name that it is asked for."""
