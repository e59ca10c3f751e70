"""What must hold across the fields of a komposition. Every problem is named at once: where, which, and what to do about it."""

from typing import TYPE_CHECKING

from pydantic_core import ValidationError

from shared.kompositions.validation.captions import caption_problems
from shared.kompositions.validation.effects import effect_problems
from shared.kompositions.validation.names import animation_problems, id_problems, range_problems
from shared.kompositions.validation.problem import Problem
from shared.kompositions.validation.references import length_problems, reference_problems
from shared.kompositions.validation.sources import source_problems
from shared.kompositions.validation.tracks import track_problems

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition

__all__ = ["Problem", "find_problems", "refuse_problems"]

_CHECKS = (
    id_problems,
    source_problems,
    range_problems,
    animation_problems,
    track_problems,
    reference_problems,
    effect_problems,
    caption_problems,
)


def find_problems(komposition: "Komposition") -> list[Problem]:
    """Everything that does not hold. The film's length is looked at only when all else is well."""
    found = [problem for check in _CHECKS for problem in check(komposition)]
    return found or list(length_problems(komposition))


def refuse_problems(komposition: "Komposition") -> None:
    """Raise pydantic's `ValidationError` with one entry per problem, each at its own place; do nothing when all holds."""
    found = find_problems(komposition)
    if found:
        raise ValidationError.from_exception_data("Komposition", [problem.entry() for problem in found])
