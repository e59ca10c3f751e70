import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.analysis import Curve

CURVE = Curve(step=0.1, values=(1.0, 2.0, None, 4.0))


def test_a_curve_is_read_at_moments_and_between_them() -> None:
    assert [CURVE.at(moment) for moment in (0, 0.05, 0.1, 0.3, 0.39)] == [1.0, 1.0, 2.0, 4.0, 4.0]
    assert CURVE.mean(0, 0.2) == 1.5
    assert CURVE.mean(0.1, 0.4) == 3.0, "what is null does not count"


def test_where_nothing_was_measured_there_is_nothing() -> None:
    assert [CURVE.at(moment) for moment in (-0.1, 0.25, 0.4)] == [None, None, None]
    assert CURVE.mean(0.2, 0.3) is None
    assert CURVE.mean(5, 6) is None
    assert Curve(step=0.1).at(0) is None


@given(st.lists(st.none() | st.floats(-100, 100), min_size=1, max_size=50), st.integers(0, 60), st.integers(1, 60))
def test_means_lie_between_what_they_are_of(values: list[float | None], first: int, count: int) -> None:
    curve = Curve(step=0.1, values=tuple(values))
    part = [value for value in values[first : first + count] if value is not None]
    mean = curve.mean(first * 0.1, (first + count) * 0.1)
    assert mean == pytest.approx(sum(part) / len(part)) if part else mean is None
