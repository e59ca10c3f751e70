"""Expressions: straight pieces of motion in the language of FFmpeg's filters."""

from collections.abc import Sequence
from fractions import Fraction

from shared.kompositions.drawing.motion import Piece


def film_frame(rate: Fraction, start_frame: int, time: str = "t") -> str:
    """Puts the number of the film's frame into the expression's variable 0; `time` names the seconds since `start_frame`."""
    return f"st(0,round({time}*{rate.numerator}/{rate.denominator})+{start_frame});"


def expression(pieces: Sequence[Piece], value: int) -> str:
    """The `value`-th of the pieces' values in the frame that variable 0 holds: a search by halves, as deep as it must be."""
    if len(pieces) == 1:
        return _straight(pieces[0], value)
    half = len(pieces) // 2
    before, after = expression(pieces[:half], value), expression(pieces[half:], value)
    return before if before == after else f"if(lt(ld(0),{pieces[half].first}),{before},{after})"


def _straight(piece: Piece, value: int) -> str:
    start, stop = piece.start[value], piece.stop[value]
    if start == stop or piece.first == piece.last:
        return f"{start:.6f}"
    step = (stop - start) / (piece.last - piece.first)
    return f"({start:.6f}+(ld(0)-{piece.first})*{step:.9f})"
