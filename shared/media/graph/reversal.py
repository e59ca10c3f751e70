"""Shots that play backwards, in chunks: FFmpeg turns frames round by keeping all of them."""

from dataclasses import replace
from fractions import Fraction

from shared.media.graph.inputs import Inputs
from shared.media.graph.picture import cut, join, renumber, shot_picture
from shared.media.graph.reframing import framed_picture
from shared.media.graph.scaling import Scale, Size
from shared.media.graph.shot import Shot
from shared.media.graph.streams import Stream

CHUNK_BYTES = 160 << 20
"""Most memory for the frames of a chunk."""
MAX_CHUNKS = 60
"""Each is an input of its own."""
MAX_REVERSED_SECONDS = 300
"""The sound is kept as a whole: 115 MB for so long."""


def shot_frames(shot: Shot, begin: int, end: int, size: Size, scale: Scale, *, clear: bool, inputs: Inputs) -> Stream:
    """The frames `begin` up to `end` of a shot in its direction; time stamps from 0.

    Backwards, frame k is the frame k before the last one of the piece."""
    if not shot.reverse or shot.media.info.is_still:
        return _forwards(shot, begin, end, size, scale, clear=clear, inputs=inputs)
    piece = shot.piece(inputs.rate)
    low, high = max(0, piece - end), max(1, piece - begin)
    step = _chunk(size)
    chunks = []
    for top in range(high, low, -step):
        bottom = max(low, top - step)
        part = replace(shot, label=f"{shot.label}/{top}", reverse=False, frames=piece)
        forwards = _forwards(part, bottom, top, size, scale, clear=clear, inputs=inputs)
        chunks.append(renumber(forwards.filter("reverse"), inputs.rate))
    return cut(join(chunks, inputs.rate), 0, end - begin, inputs.rate)


def _forwards(shot: Shot, begin: int, end: int, size: Size, scale: Scale, *, clear: bool, inputs: Inputs) -> Stream:
    if shot.framing is not None:
        return framed_picture(shot, begin, end, size, clear=clear, inputs=inputs)
    return shot_picture(shot, begin, end, size, scale, clear=clear, inputs=inputs)


def most_reversed(size: Size, rate: Fraction) -> int:
    """Seconds of a picture of this size and rate that can be turned round at most."""
    return min(MAX_REVERSED_SECONDS, int(_chunk(size) * MAX_CHUNKS / rate))


def _chunk(size: Size) -> int:
    """Frames of a chunk."""
    return max(1, CHUNK_BYTES // (size[0] * size[1] * 3 // 2))
