"""Learning: from the events of the last 90 days, every night."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from shared.events import run_query
from shared.performance.curves import fit_operation, read_runs
from shared.performance.model import K, ModelCard, OperationModel, PerformanceModel
from shared.performance.risks import find_risks, rates_of

log = logging.getLogger(__name__)

PERIOD = timedelta(days=90)
_RUNS = Path(__file__).with_name("runs.sql")
_CONDITIONS = Path(__file__).with_name("conditions.sql")
_TIMEOUT = 240.0
_MOST_OPERATIONS = 60
_MOST_RUNS = 1_000
"""Of an operation: enough for coefficients to a few percent, and few enough for a function."""


def learn(at: datetime) -> PerformanceModel:
    """The model of the 90 days before `at`. Raises Unavailable."""
    window = {"start": at - PERIOD, "end": at}
    runs = run_query(_RUNS, {**window, "operations": _MOST_OPERATIONS, "most": _MOST_RUNS}, timeout=_TIMEOUT)
    conditions = run_query(_CONDITIONS, {**window, "users": K}, timeout=_TIMEOUT)
    model = learn_from(runs, conditions, at)
    fields = {"operations": len(model.operations), "risks": len(model.risks), "coverage": model.card.coverage}
    log.info("performance learnt", extra={"fields": fields})
    return model


def learn_from(
    runs: Sequence[Mapping[str, Any]], conditions: Sequence[Mapping[str, Any]], at: datetime
) -> PerformanceModel:
    """The model of rows of `runs.sql`, which come by operation, and `conditions.sql`."""
    operations = {}
    for operation, rows in groupby(runs, key=lambda row: str(row["operation_type"])):
        sample = list(rows)
        fitted = fit_operation(operation, read_runs(sample), int(sample[0]["runs"]))
        if fitted is not None:
            operations[operation] = fitted
    return PerformanceModel(
        card=_card(operations, at), operations=operations, rates=rates_of(conditions), risks=find_risks(conditions)
    )


def _card(operations: Mapping[str, OperationModel], at: datetime) -> ModelCard:
    fitted = operations.values()
    sample = sum(each.sample for each in fitted)
    coverage = sum(each.time.coverage * each.sample for each in fitted) / sample if sample else None
    errors = sorted(each.time.middle for each in fitted)
    return ModelCard(
        trained_at=at,
        start=at - PERIOD,
        end=at,
        runs=sum(each.runs for each in fitted),
        operations=len(operations),
        coverage=coverage,
        median_error=errors[len(errors) // 2] if errors else None,
    )
