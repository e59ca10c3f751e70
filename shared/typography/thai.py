"""Thai: where its words end, which are written without spaces between them."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from shared.typography.graphemes import graphemes

if TYPE_CHECKING:
    from budoux import Parser


def thai_words(text: str) -> Iterator[str]:
    """A run of Thai in the pieces that a line may break between, by BudouX's model, and never within a cluster of signs."""
    borders, at = {0}, 0
    for word in _parser().parse(text):
        at += len(word)
        borders.add(at)
    piece, at = "", 0
    for grapheme in graphemes(text):
        if piece and at in borders:
            yield piece
            piece = ""
        piece += grapheme
        at += len(grapheme)
    yield piece


@lru_cache(maxsize=1)
def _parser() -> "Parser":
    import budoux

    return budoux.load_default_thai_parser()
