"""Shots that play backwards, in chunks: FFmpeg turns frames round by keeping all of them."""

from dataclasses import replace

from shared.kompositions.graph.film import Film
from shared.kompositions.graph.media import Place
from shared.kompositions.graph.picture import cut, join, renumber, shot_picture
from shared.kompositions.graph.scaling import Size
from shared.kompositions.graph.shots import Shot
from shared.kompositions.graph.streams import Stream
from shared.kompositions.model import Scale

CHUNK_BYTES = 160 << 20
"""Most memory for the frames of a chunk."""
MAX_CHUNKS = 60
"""Each is an input of its own."""
MAX_REVERSED_SECONDS = 300
"""The sound is kept as a whole: 115 MB for so long."""


def shot_frames(shot: Shot, begin: int, end: int, size: Size, scale: Scale, *, clear: bool, film: Film) -> Stream:
    """The frames `begin` up to `end` of a shot in its direction; time stamps from 0.

    Backwards, frame k is the frame k before the last one of the piece."""
    if not shot.reverse or shot.media.info.is_still:
        return shot_picture(shot, begin, end, size, scale, clear=clear, film=film)
    piece = shot.piece(film.rate)
    low, high = max(0, piece - end), max(1, piece - begin)
    step = _chunk(size)
    chunks = []
    for top in range(high, low, -step):
        bottom = max(low, top - step)
        part = replace(shot, label=f"{shot.label}/{top}", reverse=False, frames=piece)
        forwards = shot_picture(part, bottom, top, size, scale, clear=clear, film=film)
        chunks.append(renumber(forwards.filter("reverse"), film.rate))
    return cut(join(chunks, film.rate), 0, end - begin, film.rate)


def refuse_long(shot: Shot, place: Place, film: Film) -> None:
    """Raise `UnusableMedia` for a piece that is too long to be turned round."""
    if not shot.reverse:
        return
    most = min(MAX_REVERSED_SECONDS, int(_chunk(film.size) * MAX_CHUNKS / film.rate))
    if shot.piece(film.rate) > most * film.rate:
        detail = (
            f"At this size at most {most} seconds can be played backwards. Use less of the source, or split the slot."
        )
        raise place.refuse("reverse", "reverse_too_long", detail)


def _chunk(size: Size) -> int:
    """Frames of a chunk."""
    return max(1, CHUNK_BYTES // (size[0] * size[1] * 3 // 2))
