"""Sync: how the clock of one recording relates to that of another."""

from dataclasses import dataclass
from fractions import Fraction

_MILLION = 1_000_000


@dataclass(frozen=True)
class Sync:
    """What is at `t` seconds of a recording is at `offset + t * (1 + drift / 1e6)` seconds of the reference."""

    offset: Fraction = Fraction(0)
    """When in the reference the recording begins, seconds; negative: before it."""
    drift: Fraction = Fraction(0)
    """Parts per million by which the recording's clock is slow: 100 lose 0.36 s in an hour."""
    confidence: float = 0.0
    """Share of the recording's loud places that agree, 0 to 1. 0: nothing was found, offset and drift are none."""

    @property
    def found(self) -> bool:
        """Whether the two have something in common."""
        return self.confidence > 0

    @property
    def pace(self) -> Fraction:
        """Seconds of the reference in a second of the recording."""
        return 1 + self.drift / _MILLION

    def reference(self, own: Fraction) -> Fraction:
        """When in the reference a moment of the recording is."""
        return self.offset + own * self.pace

    def own(self, reference: Fraction) -> Fraction:
        """When in the recording a moment of the reference is."""
        return (reference - self.offset) / self.pace

    def after(self, other: "Sync") -> "Sync":
        """How the recording relates to what `other` relates its reference to."""
        drift = (self.pace * other.pace - 1) * _MILLION
        return Sync(other.reference(self.offset), drift, min(self.confidence, other.confidence))
