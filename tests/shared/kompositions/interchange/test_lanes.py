"""Lanes: which frame of a file is used when."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shared.kompositions.interchange.lanes import Edit
from shared.kompositions.timing import nearest

_MOMENTS = st.fractions(min_value=0, max_value=7200, max_denominator=48_000)
_SPEEDS = st.fractions(min_value=0, max_value=8, max_denominator=1001)
_RATES = st.sampled_from([Fraction(24), Fraction(25), Fraction(30_000, 1_001), Fraction(60)])


@given(_MOMENTS, _SPEEDS, _RATES, st.integers(0, 200_000))
def test_a_frame_of_a_file_is_the_one_that_fractions_say(
    begin: Fraction, speed: Fraction, rate: Fraction, after: int
) -> None:
    edit = Edit("shot", "camera", 0, 1, begin, speed=speed)
    assert edit.file_frame(rate, after) == nearest(begin * rate + after * speed)
