"""Speeds: how fast a job's machine encodes, from `speeds.yaml`, and how what was measured takes the place of that."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from shared.core.declared import read_declared


def usual_encode_speed(codec: str, preset: str) -> float:
    """Pixels a second."""
    return 1e6 * _table()[codec][preset]


def moved(known: Mapping[str, float], seen: Mapping[str, float]) -> dict[str, float]:
    """What is known after `seen`: half of the old and half of the new, so that one odd run is soon forgotten."""
    return {**known, **{name: (known.get(name, speed) + speed) / 2 for name, speed in seen.items()}}


@cache
def _table() -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = read_declared(Path(__file__).with_name("speeds.yaml"))
    return table
