"""EmbeddedEmbedder: embeddings without a model and without a download.

A text is the sum of its words. Each word is what it speaks of, by a lexicon of concepts (English), and what it is made of: its
stem and the parts of it, hashed, so that words of any language that share a stem are alike. Words that tell nothing count for
next to nothing. It knows no grammar and no order of words, and of two words that share neither concept nor letters not that
they mean the same: a model of language does, through an endpoint (`EndpointEmbedder`)."""

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from shared.analysis.embedding.concepts import concept_names, concepts_of
from shared.analysis.wording import bare, stem, stop_words

if TYPE_CHECKING:
    import numpy as np

_WORD = re.compile(r"\w[\w'’-]*|[$€£¥%]")
_HASHED = 384
"""Dimensions of what words are made of."""
_ABOUT = 0.6
"""What concepts count, in square, of a text that has any."""
_PART = 0.8
"""What the parts of a word count beside its stem, together."""
_LETTERS = 4
_STOP = 0.04
"""What a word that tells nothing counts."""
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound", "¥": "money", "%": "percent"}


class EmbeddedEmbedder:
    """Needs nothing but this package."""

    name = "embedded"

    @property
    def dimensions(self) -> int:
        """Length of a row."""
        return len(concept_names()) + _HASHED

    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """One row a text, of length 1; zeros for a text without words."""
        import numpy as np

        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = [_word(word.casefold()) for word in _WORD.findall(text)]
            if words:
                np.sum(words, axis=0, out=row)
        about, made = rows[:, : len(concept_names())], rows[:, len(concept_names()) :]
        about *= _ABOUT**0.5 / np.maximum(np.linalg.norm(about, axis=1, keepdims=True), 1e-9)
        made *= (1 - _ABOUT) ** 0.5 / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / np.where(lengths > 0, lengths, 1)


@lru_cache(maxsize=20_000)
def _word(word: str) -> "np.ndarray":
    """The vector of one word."""
    import numpy as np

    vector = np.zeros(len(concept_names()) + _HASHED, dtype=np.float32)
    known = bare(word) or _SIGNS.get(word, "")
    root = stem(known)
    for place, weight in _concepts(known, root):
        vector[place] += weight
    worth = _STOP if known in _stops() else min(1.0, 0.3 + 0.1 * len(root))
    for part, weight in _parts(root):
        hashed = zlib.crc32(part.encode())
        sign = 1.0 if hashed & 0x8000_0000 else -1.0
        vector[len(concept_names()) + hashed % _HASHED] += sign * weight * worth
    return vector


def _concepts(word: str, root: str) -> Iterator[tuple[int, float]]:
    """Which concepts a word speaks of. A word that tells nothing by itself, such as "how", speaks of them softly."""
    softly = 0.3 if word in _stops() else 1.0
    known = concepts_of()
    for place, weight in known.get(root, {}).items():
        yield place, weight * softly
    if any(character.isdigit() for character in word):
        yield concept_names().index("numbers"), 0.7


def _parts(root: str) -> Iterator[tuple[str, float]]:
    yield root, 1.0
    marked = f"<{root}>"
    parts = [marked[at : at + _LETTERS] for at in range(len(marked) - _LETTERS + 1)]
    for part in parts:
        yield part, _PART / len(parts) ** 0.5


@cache
def _stops() -> frozenset[str]:
    """Words that tell nothing of a recording, nor of what is asked of it."""
    return stop_words() | {
        "moment",
        "moments",
        "clip",
        "clips",
        "video",
        "segment",
        "segments",
        "best",
        "give",
        "speaker",
    }
