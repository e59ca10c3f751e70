"""Joining chunks: the frames of a rendition as if one encoder had made them in a single pass."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from shared.media.joining import Piece, join_pieces
from shared.media.packets import read_picture


def join_chunks(
    chunks: Sequence[Path],
    output: Path,
    rate: Fraction,
    *,
    on_progress: Callable[[float], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
) -> int:
    """Write the pictures of `chunks`, in that order, to the .mp4 `output`; how many frames it has. Nothing is re-encoded.

    Raises `UnreadableMedia` when they do not fit together, and `RenderCancelled`."""
    pictures = {path: read_picture(path, rate) for path in chunks}
    pieces = [Piece(path, 0, pictures[path].frames) for path in chunks]
    join_pieces(
        pieces,
        pictures,
        output,
        rate=rate,
        container="mp4",
        on_progress=on_progress,
        should_cancel=should_cancel,
        lasting=False,  # It is only a step to the package.
    )
    return sum(piece.frames for piece in pieces)
