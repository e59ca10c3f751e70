"""Risks: the conditions under which operations fail more often than otherwise, beyond what chance explains."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from shared.performance.model import Rate, Risk
from shared.performance.regression import Z95

Row = Mapping[str, Any]

_MIN_RUNS = 30
_MIN_FAILURES = 5
_MIN_LIFT = 1.5
_Z = 3.29
"""Many conditions are looked at: each must be one in a thousand by chance."""


def rates_of(rows: Sequence[Row]) -> dict[str, Rate]:
    """By operation, how often it fails, from the rows of `conditions.sql` without a condition."""
    return {row["operation_type"]: _rate(row["failures"], row["runs"], row["users"]) for row in rows if not row["name"]}


def find_risks(rows: Sequence[Row]) -> tuple[Risk, ...]:
    """The conditions of `conditions.sql` that fail more often than all other runs of their operation; the worst first.

    A condition that holds for the very runs of one that was found, as the format that comes out when it is the one that went
    in, is told once."""
    whole = {row["operation_type"]: row for row in rows if not row["name"]}
    found: dict[tuple[str, int, int, int], Risk] = {}
    for row in sorted(rows, key=lambda row: (row["name"] != "size", row["name"])):
        total = whole.get(row["operation_type"])
        risk = _risk(row, total) if row["name"] and total is not None else None
        if risk is not None:
            found.setdefault((risk.operation, row["runs"], row["failures"], row["users"]), risk)
    return tuple(sorted(found.values(), key=lambda risk: (-risk.lift_low, risk.operation, risk.value)))


def _risk(row: Row, total: Row) -> Risk | None:
    runs, failures = row["runs"], row["failures"]
    other_runs, other_failures = total["runs"] - runs, total["failures"] - failures
    if min(runs, other_runs) < _MIN_RUNS or failures < _MIN_FAILURES:
        return None
    # Half a failure more on both sides keeps the ratio finite where nothing else failed.
    lift = ((failures + 0.5) / (runs + 0.5)) / ((other_failures + 0.5) / (other_runs + 0.5))
    error = math.sqrt(1 / (failures + 0.5) - 1 / (runs + 0.5) + 1 / (other_failures + 0.5) - 1 / (other_runs + 0.5))
    if lift * math.exp(-_Z * error) <= 1 or lift * math.exp(-Z95 * error) < _MIN_LIFT:
        return None
    return Risk(
        operation=row["operation_type"],
        condition=row["name"],
        value=row["value"],
        failing=_rate(failures, runs, row["users"]),
        otherwise=_rate(other_failures, other_runs, total["users"]),
        lift=lift,
        lift_low=lift * math.exp(-Z95 * error),
        lift_high=lift * math.exp(Z95 * error),
        error=row["error_code"],
        error_share=row["error_count"] / failures,
    )


def _rate(failures: int, runs: int, users: int) -> Rate:
    """With Wilson's interval."""
    share, z = failures / runs, Z95
    middle = (share + z * z / (2 * runs)) / (1 + z * z / runs)
    half = z * math.sqrt(share * (1 - share) / runs + z * z / (4 * runs * runs)) / (1 + z * z / runs)
    return Rate(rate=share, low=max(0.0, middle - half), high=min(1.0, middle + half), runs=runs, users=users)
