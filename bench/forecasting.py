"""Forecasting series made after those of M4 (hourly, daily, weekly), beside statsforecast: processor time a series, and MASE.

Ours is measured method by method, and as it is used: every method tried, the best one taken, intervals with it. statsforecast
runs in the environment `.venv-referee`, made at the first run. Both count the time of the process
alone; neither counts its import."""

import json
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from shared.forecasting import Forecast, forecast
from shared.forecasting.ets import fit_ets
from shared.forecasting.model import Model
from shared.forecasting.naive import fit_naive
from shared.forecasting.theta import fit_theta
from tests.shared.forecasting.families import FAMILIES, Family, Told, mase, series

if TYPE_CHECKING:
    from shared.forecasting.series import Values

SERIES = 24
SEED = 1
LEVEL = 0.9
ROOT = Path(__file__).parents[1]
REFEREE = ROOT / ".venv-referee"
FITS: dict[str, Callable[["Values", int], Model]] = {"naive": fit_naive, "theta": fit_theta, "ets": fit_ets}

Figures = dict[tuple[str, str], tuple[float, float]]
"""By family and method: mean MASE, and seconds of processor time for all series."""


def main() -> None:
    """Measure and print."""
    expected = referee()
    print(
        f"{SERIES} series a family; milliseconds a series and MASE; statsforecast's AutoTheta, AutoETS, SeasonalNaive"
    )
    print(f"{'':>18}{'ours':>10}{'theirs':>12}{'times as fast':>15}{'MASE':>9}{'theirs':>9}{'ratio':>8}")
    for family in FAMILIES:
        known = list(series(family, SERIES, SEED))
        for name, fit in FITS.items():
            error, seconds = measured(known, lambda told, fit=fit: by_method(fit, told))  # type: ignore[misc]
            theirs, their_seconds = expected[family.name, name]
            print(
                f"{family.name:>10}{name:>8}{1000 * seconds / SERIES:>7.1f} ms{1000 * their_seconds / SERIES:>9.1f} ms"
                f"{their_seconds / seconds:>14.1f}x{error:>9.3f}{theirs:>9.3f}{error / theirs:>8.3f}"
            )
        as_used(family, known, min(theirs for (of, _), (theirs, _) in expected.items() if of == family.name))


def as_used(family: Family, known: list[Told], best: float) -> None:
    """The method chosen for each series, against the best of statsforecast's for the whole family, known afterwards."""
    inside: list[bool] = []

    def chosen(told: Told) -> list[float]:
        found = forecast(told.seen, family.horizon, periods=(family.period,), level=LEVEL)
        assert isinstance(found, Forecast)
        inside.extend(point.low <= come <= point.high for point, come in zip(found.points, told.come, strict=True))
        return [point.value for point in found.points]

    error, seconds = measured(known, chosen)
    print(
        f"{family.name:>10}{'chosen':>8}{1000 * seconds / SERIES:>7.1f} ms{'':>12}{'':>15}{error:>9.3f}{best:>9.3f}"
        f"{error / best:>8.3f}   {sum(inside) / len(inside):.0%} in the {LEVEL:.0%} intervals"
    )


def by_method(fit: Callable[["Values", int], Model], told: Told) -> list[float]:
    """What a method says of what came."""
    import numpy as np

    seen = np.array(told.seen)
    found: list[float] = fit(seen, told.family.period).paths(seen, len(seen), told.family.horizon)[0].tolist()
    return found


def measured(known: list[Told], say: Callable[[Told], list[float]]) -> tuple[float, float]:
    """The mean MASE, and seconds of processor time."""
    started = time.process_time()
    errors = [mase(told, say(told)) for told in known]
    return sum(errors) / len(errors), time.process_time() - started


def referee() -> Figures:
    """What statsforecast makes of the same series, now, on this machine."""
    python = REFEREE / "bin" / "python"
    if not python.exists():
        print(f"Installing statsforecast into {REFEREE.name} …", flush=True)
        venv.create(REFEREE, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "-r", "requirements-referee.txt", "-c", "constraints.txt"], cwd=ROOT, check=True)
    command = [python, "tests/shared/forecasting/refereeing.py", str(SERIES), str(SEED)]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    return {(each["family"], each["method"]): (each["mase"], each["seconds"]) for each in told["figures"]}


if __name__ == "__main__":
    sys.exit(main())
