"""Figures are written so that people read the right thing."""

import math
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.exports import Kind, signed, written


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.953, Kind.RATIO, "95.3 %"),
        (0.9987, Kind.RATIO, "99.87 %"),
        (0.0004, Kind.RATIO, "0.04 %"),
        (1.0, Kind.RATIO, "100.0 %"),
        (-0.012, Kind.POINTS, "−1.2 points"),
        (62.14, Kind.SECONDS, "62.1 s"),
        (0.34, Kind.SECONDS, "0.340 s"),
        (300, Kind.SECONDS, "5.0 min"),
        (3 * 86_400, Kind.SECONDS, "3.0 days"),
        (1234567, Kind.COUNT, "1,234,567"),
        (12.5, Kind.USD, "$12.50"),
        (2048, Kind.MEGABYTES, "2.0 GB"),
        (8.04, Kind.NUMBER, "8.04"),
        (-0.0, Kind.NUMBER, "0"),
        (True, Kind.FLAG, "yes"),
        (None, Kind.COUNT, "–"),
        (math.nan, Kind.NUMBER, "–"),
        (math.inf, Kind.NUMBER, "–"),
        (date(2026, 2, 28), Kind.DATE, "2026-02-28"),
    ],
)
def test_a_value_reads_as_what_it_is(value: float | None, kind: Kind, text: str) -> None:
    assert written(value, kind) == text


def test_times_are_told_in_the_zone_of_the_reader() -> None:
    late = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert written(late, Kind.TIME, ZoneInfo("Europe/Berlin")) == "2026-10-25 02:30"


def test_a_change_has_its_sign_unless_it_rounds_to_nothing() -> None:
    assert signed(0.012, Kind.POINTS) == "+1.2 points"
    assert signed(-0.012, Kind.POINTS) == "−1.2 points"
    assert signed(0.0000001, Kind.NUMBER) == "0.000"
