"""Expressions: straight pieces of motion in the language of FFmpeg's filters."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from shared.kompositions.drawing.motion import Piece

DECIMALS = 6
"""Of the values in expressions."""


def film_frame(rate: Fraction, start_frame: int, time: str = "t") -> str:
    """Puts the number of the film's frame into the expression's variable 0; `time` names the seconds since `start_frame`."""
    return f"st(0,round({time}*{rate.numerator}/{rate.denominator})+{start_frame});"


def expression(pieces: Sequence[Piece], value: int) -> str:
    """The `value`-th of the pieces' values in the frame that variable 0 holds."""
    return _found(pieces, lambda piece: _straight(piece, value))


def changing(pieces: Sequence[Piece]) -> str:
    """Whether the frame that variable 0 holds may look other than the one before."""
    return _found(pieces, lambda piece: f"eq(ld(0),{piece.first})" if piece.still else "1")


def _found(pieces: Sequence[Piece], written: Callable[[Piece], str]) -> str:
    """What is written of the piece with the frame that variable 0 holds: a search by halves, as deep as it must be."""
    if len(pieces) == 1:
        return written(pieces[0])
    half = len(pieces) // 2
    before, after = _found(pieces[:half], written), _found(pieces[half:], written)
    return before if before == after else f"if(lt(ld(0),{pieces[half].first}),{before},{after})"


def _straight(piece: Piece, value: int) -> str:
    start, stop = piece.start[value], piece.stop[value]
    if start == stop or piece.first == piece.last:
        return f"{start:.{DECIMALS}f}"
    step = (stop - start) / (piece.last - piece.first)
    return f"({start:.{DECIMALS}f}+(ld(0)-{piece.first})*{step:.9f})"
