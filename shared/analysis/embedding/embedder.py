"""Embedder: what makes texts comparable by their meaning. Every one passes the same contract test."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np


class Embedder(Protocol):
    """Turns texts into directions: those of like texts point the same way."""

    @property
    def name(self) -> str:
        """What it is asked for by; with its model, where it has several."""
        ...

    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """A float32 array (texts, dimensions) with rows of length 1; of an empty text, a row of zeros.

        The same text gives the same row, whatever else is asked for with it. Raises `EmbedderUnavailable`."""
        ...
