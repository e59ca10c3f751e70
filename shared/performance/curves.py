"""Curves: the model of one operation from a sample of its runs."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from shared.performance.features import CATEGORIES, NUMBERS, categories_of, numbers_of, read_parameters
from shared.performance.model import LEVEL, Effect, K, MemoryModel, OperationModel, TimeModel
from shared.performance.regression import Z95, Fit, conformal, robust_fit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Labels = NDArray[np.int64]

MIN_RUNS = 50
"""With fewer nothing is said of an operation."""
_MIN_VALUE_RUNS = 20
"""With fewer nothing is said of a value."""
_SHARE = 0.5
"""A number counts if at least so many runs have it."""


@dataclass(frozen=True)
class Run:
    """A successful run: of which person, on how many megabytes, what it took, and how large the result was."""

    person: int
    mb: float
    ms: float
    memory_mb: float | None
    output_mb: float | None
    categories: Mapping[str, str]
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class _Column:
    """A column of the design: a value of a category against the usual one, or a number from its usual value."""

    feature: str
    value: str | None
    against: str | None
    centre: float = 0.0

    def of(self, run: Run) -> float:
        """What the run has in it."""
        if self.value is not None:
            return float(run.categories.get(self.feature) == self.value)
        return run.numbers.get(self.feature, self.centre) - self.centre


def read_runs(rows: Sequence[Mapping[str, Any]]) -> list[Run]:
    """The runs of rows of `runs.sql`; people are numbered as they come."""
    people: dict[str, int] = {}
    runs = []
    for row in rows:
        parameters = read_parameters(row["parameters"])
        runs.append(
            Run(
                person=people.setdefault(row["user_id"], len(people)),
                mb=float(row["mb"]),
                ms=float(row["ms"]),
                memory_mb=float(row["memory_mb"]) if row["memory_mb"] else None,
                output_mb=float(row["output_mb"]) if row["output_mb"] else None,
                categories=categories_of(row["output_format"], parameters),
                numbers=numbers_of(parameters),
            )
        )
    return runs


def fit_operation(operation: str, runs: Sequence[Run], total: int) -> OperationModel | None:
    """The model of an operation that was run `total` times, from these runs; None if they are too few or of too few people."""
    users = len({run.person for run in runs})
    if len(runs) < MIN_RUNS or users < K:
        return None
    sizes = sorted(run.mb for run in runs)
    return OperationModel(
        operation=operation,
        runs=total,
        sample=len(runs),
        users=users,
        smallest=sizes[len(sizes) // 50],
        largest=sizes[-1 - len(sizes) // 50],
        time=_fit_time(runs),
        memory=_fit_memory([run for run in runs if run.memory_mb]),
        result=_fit_result([run for run in runs if run.output_mb]),
    )


def _fit_time(runs: Sequence[Run]) -> TimeModel:
    import numpy as np

    columns = _columns(runs)
    design, target = _design(runs, columns), np.log([run.ms for run in runs])
    person = np.array([run.person for run in runs])
    fit = robust_fit(design, target)
    held = conformal(design, target, person, LEVEL, _left_over)
    power, error = float(fit.coefficients[1]), Z95 * float(fit.errors[1])
    return TimeModel(
        intercept=float(fit.coefficients[0]),
        power=power,
        power_low=power - error,
        power_high=power + error,
        effects=_effects(columns, fit, runs),
        usual={column.feature: column.centre for column in columns if column.value is None},
        low=held.low,
        high=held.high,
        coverage=held.coverage,
        middle=math.exp(held.middle),
    )


def _fit_result(runs: Sequence[Run]) -> tuple[Effect, ...]:
    """What values do to the size of the result, on sources of one size."""
    import numpy as np

    if len(runs) < MIN_RUNS or len({run.person for run in runs}) < K:
        return ()
    columns = _columns(runs)
    fit = robust_fit(_design(runs, columns), np.log([run.output_mb or 0.0 for run in runs]))
    return _effects(columns, fit, runs)


def _design(runs: Sequence[Run], columns: Sequence[_Column]) -> "Values":
    import numpy as np

    return np.array([[1.0, math.log(run.mb), *(column.of(run) for column in columns)] for run in runs])


def _effects(columns: Sequence[_Column], fit: Fit, runs: Sequence[Run]) -> tuple[Effect, ...]:
    return tuple(_effect(column, fit, place + 2, runs) for place, column in enumerate(columns))


def _left_over(design: "Values", target: "Values", new: "Values", new_target: "Values") -> "Values":
    return new_target - new @ robust_fit(design, target).coefficients


def _fit_memory(runs: Sequence[Run]) -> MemoryModel | None:
    """Errors of memory grow with it: the fit is of ratios."""
    import numpy as np

    if len(runs) < MIN_RUNS or len({run.person for run in runs}) < K:
        return None
    design = np.array([[1.0, run.mb] for run in runs])
    target = np.array([run.memory_mb for run in runs], float)
    base, per_mb = _relative_fit(design, target)
    held = conformal(design, target, np.array([run.person for run in runs]), LEVEL, _memory_left_over)
    return MemoryModel(base=float(base), per_mb=float(per_mb), low=held.low, high=held.high, coverage=held.coverage)


def _relative_fit(design: "Values", target: "Values") -> "Values":
    import numpy as np

    expected = np.full(len(target), float(np.median(target)))
    coefficients = np.zeros(design.shape[1])
    for _ in range(10):
        coefficients = robust_fit(design / expected[:, None], target / expected).coefficients
        expected = np.maximum(design @ coefficients, 1.0)
    return coefficients


def _memory_left_over(design: "Values", target: "Values", new: "Values", new_target: "Values") -> "Values":
    import numpy as np

    found: Values = np.log(new_target / np.maximum(new @ _relative_fit(design, target), 1.0))
    return found


def _columns(runs: Sequence[Run]) -> list[_Column]:
    """The values that enough runs of enough people have, but for the most usual of each category, and the numbers that vary."""
    columns = []
    for feature in CATEGORIES:
        runs_of, people = Counter[str](), defaultdict[str, set[int]](set)
        for run in runs:
            if feature in run.categories:
                value = run.categories[feature]
                runs_of[value] += 1
                people[value].add(run.person)
        usual, *others = [value for value, _ in runs_of.most_common()] or [""]
        columns += [
            _Column(feature, value, usual)
            for value in sorted(others)
            if runs_of[value] >= _MIN_VALUE_RUNS and len(people[value]) >= K
        ]
    for feature in NUMBERS:
        values = [run.numbers[feature] for run in runs if feature in run.numbers]
        if len(values) >= _SHARE * len(runs) and len(set(values)) > 1:
            columns.append(_Column(feature, None, None, median(values)))
    return columns


def _effect(column: _Column, fit: Fit, place: int, runs: Sequence[Run]) -> Effect:
    """What the coefficient at `place` says."""
    had = [
        run
        for run in runs
        if (
            column.feature in run.numbers
            if column.value is None
            else run.categories.get(column.feature) == column.value
        )
    ]
    coefficient, error = float(fit.coefficients[place]), Z95 * float(fit.errors[place])
    return Effect(
        feature=column.feature,
        value=column.value,
        against=column.against,
        factor=math.exp(coefficient),
        low=math.exp(coefficient - error),
        high=math.exp(coefficient + error),
        runs=len(had),
        users=len({run.person for run in had}),
    )
