"""Which embedders there are."""

from shared.analysis.embedding.embedded import EmbeddedEmbedder
from shared.analysis.embedding.embedder import Embedder
from shared.analysis.errors import UnknownEmbedder

EMBEDDERS = {"embedded": EmbeddedEmbedder}


def get_embedder(name: str | None = None) -> Embedder:
    """The embedder of that name; unnamed, the embedded one. Raises `UnknownEmbedder`."""
    found = EMBEDDERS.get(name or "embedded")
    if found is None:
        raise UnknownEmbedder(f"There is no embedder {name}. Choose one of {', '.join(EMBEDDERS)}.")
    return found()
