"""A sentence, with the times of its words."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Said:
    """A word from `start` to `end`, seconds."""

    text: str
    start: Fraction
    end: Fraction
    speaker: str | None = None


@dataclass(frozen=True)
class Sentence:
    """Words that belong together, seen from `start` to `end`, seconds. There is at least one."""

    words: tuple[Said, ...]
    start: Fraction
    end: Fraction
