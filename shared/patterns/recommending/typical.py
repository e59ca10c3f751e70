"""Typical parameters: what most people run an operation with."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from shared.events import K_ANONYMITY

Parameters = dict[str, Any]
LEAST_SHARE = 0.2
"""Share of the runs that name a parameter which must agree on its value for it to be typical."""


def typical_parameters(rows: Iterable[dict[str, Any]]) -> dict[str, Parameters]:
    """By operation, the most frequent value of each parameter, if at least K_ANONYMITY people and a fifth of the runs chose it.

    `rows` are those of `parameters.sql`."""
    runs: dict[tuple[str, str], int] = defaultdict(int)
    chosen: dict[tuple[str, str, str], int] = defaultdict(int)
    people: dict[tuple[str, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        for name, value in json.loads(row["parameters"]).items():
            named = (row["operation"], name)
            key = (*named, json.dumps(value, sort_keys=True))
            runs[named] += row["runs"]
            chosen[key] += row["runs"]
            people[key][row["salt_version"] or ""] |= set(row["users"].split())
    typical: dict[str, Parameters] = defaultdict(dict)
    for (operation, name, value), count in sorted(chosen.items(), key=lambda each: (each[1], each[0])):
        enough = max(len(users) for users in people[operation, name, value].values()) >= K_ANONYMITY
        if enough and count >= LEAST_SHARE * runs[operation, name]:
            typical[operation][name] = json.loads(value)
    return dict(typical)
