"""Refereeing: what statsforecast makes of the families: the mean MASE of each method, and seconds of processor time.

    .venv-referee/bin/python tests/shared/forecasting/refereeing.py 24 1 > tests/shared/forecasting/referee.json

It runs in an environment of its own (requirements-referee.txt, which `bench forecasting` sets up): pandas and pyarrow, which
statsforecast brings along, would be imported by Google's clients wherever they find them, and slow down every function."""

import json
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.shared.forecasting.families import FAMILIES, Family, Told, mase, series


def main() -> None:
    """`refereeing.py COUNT SEED`: forecast so many series of each family."""
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    figures = [figure for family in FAMILIES for figure in judged(family, list(series(family, count, seed)))]
    by = f"statsforecast {version('statsforecast')}"
    json.dump({"by": by, "series": count, "seed": seed, "figures": figures}, sys.stdout, indent=1)


def judged(family: Family, known: list[Told]) -> Iterator[dict[str, Any]]:
    """Each method on these series."""
    import numpy as np
    from statsforecast.models import AutoETS, AutoTheta, SeasonalNaive

    for name, method in {"naive": SeasonalNaive, "theta": AutoTheta, "ets": AutoETS}.items():
        method(season_length=family.period).forecast(np.array(known[0].seen), family.horizon)  # Loads and warms up.
        started, errors = time.process_time(), 0.0
        for told in known:
            said = method(season_length=family.period).forecast(np.array(told.seen), family.horizon)["mean"]
            errors += mase(told, said.tolist())
        seconds = round(time.process_time() - started, 4)
        yield {"family": family.name, "method": name, "mase": errors / len(known), "seconds": seconds}


if __name__ == "__main__":
    main()
