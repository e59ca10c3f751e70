"""Forecasts are as good as statsforecast's, and their intervals hold what they promise."""

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest

from bench.forecasting import FITS, by_method
from shared.forecasting import Forecast, forecast
from tests.shared.forecasting.families import FAMILIES, Family, Told, mase, series

REFEREE = json.loads(Path(__file__).with_name("referee.json").read_text())
THEIRS = {(figure["family"], figure["method"]): figure["mase"] for figure in REFEREE["figures"]}
FEW_PER_CENT = 1.04


@pytest.fixture(scope="module", params=FAMILIES, ids=lambda family: family.name)
def family(request: pytest.FixtureRequest) -> Family:
    """Each of the families."""
    found: Family = request.param
    return found


@pytest.fixture(scope="module")
def known(family: Family) -> list[Told]:
    """The series that the referee saw."""
    return list(series(family, REFEREE["series"], REFEREE["seed"]))


def mean_mase(method: str, known: list[Told]) -> float:
    return float(np.mean([mase(told, by_method(FITS[method], told)) for told in known]))


def test_the_referee_saw_these_very_series(family: Family, known: list[Told]) -> None:
    assert mean_mase("naive", known) == pytest.approx(THEIRS[family.name, "naive"], rel=1e-9)


@pytest.mark.parametrize("method", ["theta", "ets"])
def test_a_method_errs_at_most_a_few_per_cent_more_than_that_of_statsforecast(
    method: str, family: Family, known: list[Told]
) -> None:
    assert mean_mase(method, known) <= FEW_PER_CENT * THEIRS[family.name, method]


def test_the_method_chosen_is_as_good_as_the_best_of_theirs_and_its_intervals_hold_nine_of_ten(
    family: Family, known: list[Told]
) -> None:
    errors, inside = [], []
    for told in known:
        found = forecast(told.seen, family.horizon, periods=(family.period,), level=0.9)
        assert isinstance(found, Forecast)
        errors.append(mase(told, [point.value for point in found.points]))
        inside += [point.low <= come <= point.high for point, come in zip(found.points, told.come, strict=True)]
    assert np.mean(errors) <= FEW_PER_CENT * min(THEIRS[family.name, method] for method in FITS)
    assert 0.86 <= np.mean(inside) <= 0.97


def noise(dice: Random, count: int) -> list[float]:
    return [50 + dice.gauss(0, 5) for _ in range(count)]


def walk(dice: Random, count: int) -> list[float]:
    level, found = 50.0, []
    for _ in range(count):
        level += dice.gauss(0, 1)
        found.append(level)
    return found


def growing(dice: Random, count: int) -> list[float]:
    return [50 + 0.5 * step + dice.gauss(0, 4) for step in range(count)]


def skewed(dice: Random, count: int) -> list[float]:
    return [20 * dice.lognormvariate(0, 0.5) for _ in range(count)]


@pytest.mark.parametrize("kind", [noise, walk, growing, skewed])
@pytest.mark.parametrize(("length", "horizon"), [(20, 4), (60, 7)])
def test_intervals_from_few_values_are_wide_enough(kind, length: int, horizon: int) -> None:  # type: ignore[no-untyped-def]
    inside: dict[float, list[bool]] = {0.8: [], 0.95: []}
    for seed in range(30):
        values = kind(Random(seed), length + horizon)
        for level, held in inside.items():
            found = forecast(values[:length], horizon, periods=(7,), level=level)
            assert isinstance(found, Forecast)
            held += [p.low <= come <= p.high for p, come in zip(found.points, values[length:], strict=True)]
    for level, held in inside.items():
        assert np.mean(held) >= level - 0.06
