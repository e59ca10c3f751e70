"""Counting: moments as whole frames and samples."""

from fractions import Fraction
from math import floor

SAMPLE_RATE = 48_000
"""Of all sound in a graph."""


def nearest(value: Fraction) -> int:
    """The nearest whole number; halves go up, so that equal slots stay equal wherever they are."""
    return floor(value + Fraction(1, 2))


def samples_at(frame: int, rate: Fraction) -> int:
    """The audio sample at which `frame` begins: sound cuts where the picture cuts."""
    return nearest(Fraction(frame) / rate * SAMPLE_RATE)
