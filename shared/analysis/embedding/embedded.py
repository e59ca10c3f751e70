"""EmbeddedEmbedder: embeddings without a model, from parts of words."""

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_WORD = re.compile(r"\w[\w'’]*")


class EmbeddedEmbedder:
    """Words and their parts, hashed into a vector of fixed size. Needs nothing but this file."""

    name = "embedded"
    dimensions = 512

    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        import numpy as np

        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for part in _parts(text):
                hashed = zlib.crc32(part.encode())
                vectors[row, hashed % self.dimensions] += 1.0 if hashed & 0x80000000 else -1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.where(lengths > 0, lengths, 1)


def _parts(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        yield word
        marked = f"<{word}>"
        yield from (marked[at : at + 4] for at in range(len(marked) - 3))
