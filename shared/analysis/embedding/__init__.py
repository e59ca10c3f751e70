"""Embedders: texts as directions, so that how alike two of them are can be told."""

from shared.analysis.embedding.embedder import Embedder
from shared.analysis.embedding.registry import get_embedder

__all__ = ["Embedder", "get_embedder"]
