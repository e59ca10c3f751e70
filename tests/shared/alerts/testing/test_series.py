"""The notation of series."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alerts.testing.series import Absent, Point, parse_series

NONE, STALE, ERROR = Absent.NO_SAMPLES, Absent.STALE, Absent.ERROR


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1 2.5 -3", [1, 2.5, -3]),
        ("1+0x6", [1, 1, 1, 1, 1, 1, 1]),
        ("1+2x3", [1, 3, 5, 7]),
        ("1-0.5x2", [1, 0.5, 0]),
        ("-2+1x2", [-2, -1, 0]),
        ("0-1x3 -1-.5x1", [0, -1, -2, -3, -1, -1.5]),
        ("1x3", [1, 1, 1, 1]),
        ("7x0", [7]),
        ("1e-2+1e-2x1", [0.01, 0.02]),
        ("1 _ 2 _x2 3", [1, NONE, 2, NONE, NONE, 3]),
        ("1+0x2 _ stale error", [1, 1, 1, NONE, STALE, ERROR]),
        ("_x0", []),
        ("", []),
    ],
)
def test_what_it_says(text: str, points: list[Point]) -> None:
    found = parse_series(text)
    assert [isinstance(point, Absent) for point in found] == [isinstance(point, Absent) for point in points]
    assert all(a is b or a == pytest.approx(b) for a, b in zip(found, points, strict=True))


@pytest.mark.parametrize("text", ["one", "1+x3", "1+2", "x3", "1x", "1x-2", "_y", "nan", "inf", "1x999999", "1,2"])
def test_what_it_does_not_know_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="`"):
        parse_series(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("NaN", "finite"),
        ("1 -Inf", "finite"),
        ("1e999", "finite"),
        ("1+1e308x9", "finite"),
        ("{{schema:1 sum:2}}", "histograms"),
        ("1x", "x` is no value: write 1"),
    ],
)
def test_it_says_why_what_promtool_reads_is_none(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_series(text)


@given(st.lists(st.floats(-1e6, 1e6), max_size=20))
def test_plain_values_are_themselves(values: list[float]) -> None:
    assert parse_series(" ".join(map(repr, values))) == values


def test_a_series_is_bounded() -> None:
    with pytest.raises(ValueError, match="at most"):
        parse_series("1x60000 1x60000")
