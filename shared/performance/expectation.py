"""Expectation: what an operation will take on this source with these parameters, as others' runs have shown."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.performance.errors import NothingLearnt
from shared.performance.features import categories_of, numbers_of
from shared.performance.model import LEVEL, K, MemoryModel, OperationModel, PerformanceModel, Rate, Risk, TimeModel
from shared.performance.store import current_model

_SIZES = ((10e6, "under 10 MB"), (100e6, "10 to 100 MB"), (1e9, "100 MB to 1 GB"), (math.inf, "over 1 GB"))
"""The classes of `conditions.sql`."""


@dataclass(frozen=True)
class Range:
    """What is usual, and between what `LEVEL` of all runs are."""

    usual: float
    low: float
    high: float


@dataclass(frozen=True)
class Expectation:
    """`seconds` and `memory_mb` of a run; how often it fails, and why, if it fails more than usual.

    Learnt from `runs` runs of `users` people; `coverage` of those kept apart were in their interval. `notes`: sentences on what
    makes this run unlike those."""

    operation: str
    seconds: Range
    memory_mb: Range | None
    failure: Rate | None
    risk: Risk | None
    runs: int
    users: int
    coverage: float
    notes: tuple[str, ...]
    level: float = LEVEL


def expect(
    operation: str,
    *,
    size: int,
    input_format: str | None = None,
    output_format: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    model: PerformanceModel | None = None,
) -> Expectation:
    """What `operation` takes on a source of `size` bytes. `model`: the current one unless given.

    Raises NothingLearnt if too few people have run it."""
    model = model or current_model()
    learnt = model.operations.get(operation)
    if learnt is None:
        raise NothingLearnt(
            f"Nothing has been learnt of {operation} yet: too few runs of fewer than {K} people are known."
        )
    parameters = parameters or {}
    mb = max(size, 1) / 1e6
    categories = categories_of(output_format, parameters)
    usual, notes = _milliseconds(learnt.time, mb, categories, numbers_of(parameters))
    risk = _risk(model, operation, size, input_format, categories)
    return Expectation(
        operation=operation,
        seconds=_range(usual / 1000, learnt.time),
        memory_mb=_memory(learnt.memory, mb),
        failure=risk.failing if risk else model.rates.get(operation),
        risk=risk,
        runs=learnt.runs,
        users=learnt.users,
        coverage=learnt.time.coverage,
        notes=(*_size_notes(learnt, mb), *notes),
    )


def _milliseconds(
    time: TimeModel, mb: float, categories: Mapping[str, str], numbers: Mapping[str, float]
) -> tuple[float, list[str]]:
    usual = time.intercept + time.power * math.log(mb)
    notes = []
    for feature, value in categories.items():
        known = {effect.value: effect for effect in time.effects if effect.feature == feature}
        against = next((effect.against for effect in known.values()), None)
        if value in known:
            usual += math.log(known[value].factor)
        elif known and value != against:
            notes.append(f"Too few people have used {feature} {value}; it is taken for {against}.")
    for effect in time.effects:
        if effect.value is None and effect.feature in numbers:
            usual += math.log(effect.factor) * (numbers[effect.feature] - time.usual[effect.feature])
    return math.exp(usual), notes


def _range(usual: float, learnt: TimeModel | MemoryModel) -> Range:
    return Range(usual, usual * math.exp(learnt.low), usual * math.exp(learnt.high))


def _memory(learnt: MemoryModel | None, mb: float) -> Range | None:
    return _range(max(1.0, learnt.base + learnt.per_mb * mb), learnt) if learnt else None


def _size_notes(learnt: OperationModel, mb: float) -> list[str]:
    if learnt.smallest <= mb <= learnt.largest:
        return []
    seen = f"{learnt.smallest:,.1f} to {learnt.largest:,.1f} MB"
    return [f"Nearly all known sources have {seen}: for one of {mb:,.1f} MB this is a guess."]


def _risk(
    model: PerformanceModel, operation: str, size: int, input_format: str | None, categories: Mapping[str, str]
) -> Risk | None:
    """The worst of the risks that this run has."""
    mine = {**categories, "size": next(name for below, name in _SIZES if size < below), "input_format": input_format}
    risks = [each for each in model.risks if each.operation == operation and mine.get(each.condition) == each.value]
    return max(risks, key=lambda risk: risk.failing.rate, default=None)
