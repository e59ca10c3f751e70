"""Typical: what the steps of a pattern are usually run with, learned from the runs that succeeded, and what of it may be told.

Of a number, the median with its quartiles; where most people choose the same value, that value. Of a word, the value that is
chosen most, with its share. Every value that is told was chosen by at least K people, or is rounded to two digits.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import floor, log10
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from shared.events import run_query

SAMPLE = 2_000
"""Runs of a pattern that are looked at, the newest: enough for a median that hardly moves."""
_SQL = Path(__file__).with_name("typical_parameters.sql")
_TIMEOUT = 120.0
_MODE = 0.5
_DIGITS = 2


class TypicalParameter(BaseModel):
    """A parameter of a step: its usual value; of a number the quartiles too; and in which share of the runs that have it, it has
    just this value (None: the value is a median that too few people chose as it is)."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    name: str
    value: JsonValue
    share: float | None = None
    low: float | None = Field(default=None, description="First quartile of a number")
    high: float | None = Field(default=None, description="Third quartile")


@dataclass(frozen=True)
class TypicalStep:
    """What is usual at one step. Formats, kinds and sizes are those of most runs; None where too few people say so."""

    parameters: tuple[TypicalParameter, ...] = ()
    output: str | None = None
    input: str | None = None
    kind: str | None = None
    size: str | None = None


@dataclass
class _Found:
    parameters: list[TypicalParameter] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)


def typical_steps(patterns: Sequence[str], start: datetime, end: datetime) -> dict[str, dict[int, TypicalStep]]:
    """By pattern and step, from events of [start, end); a step of which nothing may be told is not there. Raises Unavailable."""
    if not patterns:
        return {}
    parameters: dict[str, Any] = {"start": start, "end": end, "patterns": list(patterns), "sample": SAMPLE}
    found: dict[tuple[str, int], _Found] = defaultdict(_Found)
    for row in run_query(_SQL, parameters, timeout=_TIMEOUT):
        place = found[row["pattern"], row["step"]]
        if row["name"].startswith("@"):
            if row["usual_value"] is not None:
                place.facts[row["name"][1:]] = row["usual_value"]
        elif (told := typical_parameter(row)) is not None:
            place.parameters.append(told)
    steps: dict[str, dict[int, TypicalStep]] = defaultdict(dict)
    for (pattern, step), each in found.items():
        steps[pattern][step] = TypicalStep(tuple(each.parameters), **each.facts)
    return dict(steps)


def typical_parameter(row: Mapping[str, Any]) -> TypicalParameter | None:
    """What a row of the query lets be told; None when nothing does."""
    usual = json.loads(row["usual_value"]) if row["usual_value"] is not None else None
    share = row["usual_runs"] / row["runs"] if usual is not None else 0.0
    if row["numbers"] < row["runs"]:
        return None if usual is None else TypicalParameter(name=row["name"], value=usual, share=round(share, 3))
    _, low, middle, high, _ = row["quartiles"]
    spread = {"low": rounded(low), "high": rounded(high)}
    if usual is not None and (share >= _MODE or usual == middle):
        return TypicalParameter(name=row["name"], value=usual, share=round(share, 3), **spread)
    return TypicalParameter(name=row["name"], value=rounded(middle), **spread)


def rounded(value: float) -> float | int:
    """To two digits, so that it tells of nobody's own choice: 12.345 is 12."""
    if value == 0:
        return 0
    places = _DIGITS - 1 - floor(log10(abs(value)))
    near = round(value, places)
    return int(near) if near == int(near) else near
