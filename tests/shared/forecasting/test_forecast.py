"""What a forecast answers: the pattern that is there, the method that fits, and a reason where there is no answer."""

import subprocess
import sys
from itertools import pairwise
from math import nan, pi, sin
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.forecasting import Asked, Forecast, Method, Unknown, forecast, forecasts
from shared.forecasting.ets import fit_all
from shared.forecasting.smoothing import Settings, Start, expectations


def told(values: list[float | None], horizon: int, **chosen: object) -> Forecast:
    found = forecast(values, horizon, **chosen)  # type: ignore[arg-type]
    assert isinstance(found, Forecast)
    return found


def week(day: int) -> float:
    return [10, 12, 13, 12, 11, 5, 4][day % 7]


def test_a_season_without_noise_goes_on() -> None:
    found = told([week(day) for day in range(70)], 14, periods=(7,))
    assert [point.value for point in found.points] == pytest.approx([week(70 + day) for day in range(14)], abs=0.05)
    assert found.period == 7


def test_a_season_grows_with_the_level_where_it_multiplies() -> None:
    values = [(100 + 2 * day) * week(day) / 10 for day in range(140)]
    found = told(values, 7, periods=(7,))
    coming = [(100 + 2 * day) * week(day) / 10 for day in range(140, 147)]
    assert [point.value for point in found.points] == pytest.approx(coming, rel=0.03)


def test_a_line_goes_on_rising() -> None:
    dice = Random(1)
    found = told([10 + 2 * day + dice.gauss(0, 1) for day in range(60)], 5)
    assert [point.value for point in found.points] == pytest.approx([130, 132, 134, 136, 138], abs=3)


def test_of_two_seasons_the_one_is_taken_that_tells_more() -> None:
    dice = Random(2)
    values = [sin(2 * pi * hour / 24) + (3 if hour // 24 % 7 > 4 else 0) + dice.gauss(0, 0.1) for hour in range(900)]
    assert told(values, 24, periods=(24, 168)).period == 168


def test_a_walk_is_not_given_a_season() -> None:
    dice, values = Random(3), [100.0]
    for _ in range(150):
        values.append(values[-1] + dice.gauss(0, 1))
    assert told(values, 7, periods=(7,)).period == 1


def test_a_series_that_never_changes_is_expected_not_to() -> None:
    found = told([5.0] * 30, 3, periods=(7,))
    assert [(point.low, point.value, point.high) for point in found.points] == [(5.0, 5.0, 5.0)] * 3
    assert found.mase is None


@pytest.mark.parametrize("missing", [20, 25, 29])
def test_what_has_ended_a_while_ago_is_as_unsure_as_it_was(missing: int) -> None:
    dice = Random(5)
    found = told([*(50 + dice.gauss(0, 5) for _ in range(60 - missing)), *[None] * missing], 7, level=0.8)
    assert found.mase is not None and found.mase < 2
    assert all(point.low < 48 < 52 < point.high for point in found.points)


def test_the_intervals_of_whole_numbers_hold_those_that_come() -> None:
    values = [float(step in (67, 138, 146, 167)) for step in range(179)]
    [found] = forecasts([Asked(values, least=0, whole=True)], 10, level=0.8)
    assert isinstance(found, Forecast)
    assert all(point.low == 0 <= point.value <= point.high for point in found.points)


@pytest.mark.parametrize("gap", [None, nan, float("inf")])
def test_missing_values_are_passed_over(gap: float | None) -> None:
    dice = Random(4)
    values: list[float | None] = [week(day) + dice.gauss(0, 0.2) for day in range(84)]
    for day in (5, 6, 7, 20, 41, 70, 83):
        values[day] = gap
    found = told(values, 7, periods=(7,))
    assert [point.value for point in found.points] == pytest.approx([week(day) for day in range(7)], abs=0.7)


def test_intervals_grow_with_the_level_and_with_the_way_ahead() -> None:
    dice, values = Random(5), [100.0]
    for _ in range(200):
        values.append(values[-1] + dice.gauss(0, 1))
    narrow, wide = told(list(values), 10, level=0.5), told(list(values), 10, level=0.95)
    widths = [point.high - point.low for point in narrow.points]
    assert all(one <= other + 1e-9 for one, other in pairwise(widths))
    assert all(
        one.low >= other.low and one.high <= other.high for one, other in zip(narrow.points, wide.points, strict=True)
    )


def test_nothing_is_forecast_beyond_what_can_be() -> None:
    dice = Random(6)
    values = [min(1.0, 0.97 + dice.gauss(0, 0.03)) for _ in range(60)]
    assert all(0 <= p.low <= p.value <= p.high <= 1 for p in told(list(values), 7, least=0, most=1).points)


def test_too_few_values_are_answered_with_the_reason() -> None:
    assert forecast([], 7) == Unknown("There are 0 values; at least 8 are needed.")
    assert forecast([None] * 50 + [1.0] * 3, 7) == Unknown("There are 3 values; at least 8 are needed.")


@pytest.mark.parametrize("share", [0.4, 0.1, 0.02])
def test_hours_that_are_mostly_empty_are_forecast_from_those_that_are_not(share: float) -> None:
    held = tried = 0
    for seed in range(12):
        dice = Random(seed)
        values = [dice.gauss(40, 5) if dice.random() < share else None for _ in range(1000)]
        found = told(values, 48, periods=(24, 168), level=0.8)
        assert all(35 < point.value < 45 for point in found.points)
        came = [dice.gauss(40, 5) for _ in found.points]
        held += sum(point.low <= value <= point.high for point, value in zip(found.points, came, strict=True))
        tried += len(came)
    assert 0.75 < held / tried < 0.95


def test_a_level_that_sparse_values_have_left_is_forecast_no_more() -> None:
    dice = Random(3)
    values = [dice.gauss(40 if hour < 600 else 80, 3) if hour % 6 == 0 else None for hour in range(1200)]
    assert all(75 < point.value < 85 for point in told(list(values), 24, periods=(24,)).points)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.none() | st.floats(-1e9, 1e9), max_size=40),
    st.integers(1, 10),
    st.sampled_from([(), (2,), (7,), (3, 12)]),
)
def test_whatever_the_values_there_is_an_answer(
    values: list[float | None], horizon: int, periods: tuple[int, ...]
) -> None:
    found = forecast(values, horizon, periods=periods)
    if isinstance(found, Forecast):
        assert len(found.points) == horizon and found.method in Method
        assert all(point.low <= point.value <= point.high for point in found.points)
    else:
        assert found.reason.endswith(".")


def test_nothing_heavy_is_imported_until_something_is_forecast() -> None:
    code = "import sys, shared.forecasting; sys.exit(any(name in sys.modules for name in ('numpy', 'pandas', 'scipy')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_many_series_are_foreseen_together_as_each_is_alone() -> None:
    """Of one length and of several, with gaps and without, above 0 and not, sparse ones and such that nothing can be said of."""
    dice = Random(5)
    series: list[list[float | None]] = [
        [base + week(day) * scale + dice.gauss(0, 1) for day in range(length)]
        for base, scale, length in ((20, 1, 60), (0, 0.2, 60), (-50, 3, 60), (20, 2, 45), (5, 0, 60))
    ]
    gappy = [value if dice.random() < 0.9 else None for value in series[0]]
    sparse = [value if dice.random() < 0.3 else None for value in series[0]]
    asked = [Asked(values, least=0, most=most) for values in (*series, gappy, sparse, [1.0]) for most in (None, 40)]
    together = forecasts(asked, 7, periods=(7,), level=0.8)
    alone = [forecast(each.values, 7, periods=(7,), level=0.8, least=0, most=each.most) for each in asked]
    assert together == alone
    assert [isinstance(each, Unknown) for each in together].count(True) == 2


def test_a_missing_value_leaves_the_level_of_its_series_and_no_others() -> None:
    half, none, one = np.full(2, 0.5), np.zeros(2), np.ones(2)
    settings = Settings(alpha=half, beta=none, gamma=none, phi=one, has_trend=none)
    start = Start(10.0, 0.0, np.zeros(1), relative=False)
    expected = expectations(np.array([[12, 12], [nan, 13], [11, 12]]), [start, start], settings)
    assert expected.tolist() == [[10, 10], [11, 11], [11, 12]]


def test_a_fit_forecasts_the_next_value_as_it_was_judged_by_whatever_its_season() -> None:
    dice = Random(8)
    adding = [200.0 + 5 * week(day) + dice.gauss(0, 8) for day in range(70)]
    growing = [(20 + day) * week(day) + dice.gauss(0, 4) for day in range(70)]
    series = [(np.array(values), period) for values in (adding, growing) for period in (1, 7)]
    for (values, _), fit in zip(series, fit_all(series), strict=True):
        one = [np.array([each]) for each in (fit.alpha, fit.beta, fit.gamma, fit.phi, 1.0)]
        judged = expectations(values[:, None], [fit.start], Settings(*one))
        assert fit.paths(values, 0, 1)[:-1, 0].tolist() == pytest.approx(judged[:, 0].tolist())
