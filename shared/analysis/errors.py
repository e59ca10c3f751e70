"""What can go wrong with analysing. Every sentence is for the person whose recording it is."""

from shared.core.errors import InvalidInput, Unavailable


class UnknownEmbedder(InvalidInput):
    """There is no embedder of that name."""


class EmbedderUnavailable(Unavailable):
    """The embeddings endpoint does not answer, or not with embeddings."""


class NothingToAnalyze(InvalidInput):
    """The asset is a still, or no media at all."""
