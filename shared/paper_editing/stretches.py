"""Stretches: what of a recording an edit keeps, for whoever makes something else of it than a komposition of its own."""

from fractions import Fraction

from shared.media.graph.counting import SAMPLE_RATE
from shared.paper_editing.cutting import cut_pieces
from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.pieces import plan_pieces
from shared.paper_editing.sound_profile import SoundProfile

Stretch = tuple[Fraction, Fraction]


def kept_stretches(
    edit: PaperEdit, rate: Fraction, profile: SoundProfile | None, file_seconds: Fraction | None = None
) -> tuple[Stretch, ...]:
    """From when to when of the recording, exact seconds, in the film's order: what a film of `rate` frames a second would show.

    With `profile` they begin and end where the wave goes through zero; none goes on after the end of the file, if it is known."""
    pieces = cut_pieces(plan_pieces(edit, file_seconds), rate, profile, edit.spacing)
    return tuple(
        (Fraction(piece.start, SAMPLE_RATE), Fraction(piece.end, SAMPLE_RATE)) for piece in pieces if not piece.silenced
    )
