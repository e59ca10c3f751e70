"""Detection: which variant a document is of, by points for what it has and against what it should not have."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.kompositions.importing.imported import Evidence

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Rule:
    """`weight` points for a variant when `holds`."""

    variant: str
    weight: int
    reason: str
    holds: Callable[["Look"], bool]


class Look:
    """What there is to see of a document: its keys, and those of the first of its parts."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self.value = value
        self.keys = value.keys()
        self.segment = self._first("segments")
        self.source = self._first("sources")

    def has(self, *keys: str) -> bool:
        """Whether all are there."""
        return all(key in self.value for key in keys)

    def kind(self, key: str, kind: type) -> bool:
        """Whether the value at `key` is of a type."""
        return isinstance(self.value.get(key), kind)

    def _first(self, key: str) -> Mapping[str, Any]:
        parts = self.value.get(key)
        return next((part for part in parts if isinstance(part, dict)), {}) if isinstance(parts, list) else {}


RULES: list[Rule] = [
    Rule("canonical", 10, "it says schemaVersion", lambda look: look.has("schemaVersion")),
    Rule("canonical", 6, "it has tracks by kind", lambda look: look.kind("tracks", dict)),
    Rule("canonical", 3, "it lists outputs", lambda look: look.kind("outputs", list)),
    Rule(
        "kompo-1", 5, "its sources are assets of a kind", lambda look: {"assetId", "kind"} & look.source.keys() != set()
    ),
    Rule(
        "kompo-1",
        3,
        "its segments have sourceId and startBeat",
        lambda look: look.segment.keys() >= {"sourceId", "startBeat"},
    ),
    Rule(
        "kompo-1", 1, "its audio holds music", lambda look: look.kind("audio", dict) and "music" in look.value["audio"]
    ),
]


def detect(value: Mapping[str, Any]) -> tuple[str, tuple[Evidence, ...]]:
    """The variant with the most points, and what speaks for each, strongest first; `unknown` when nothing speaks for any."""
    look = Look(value)
    found = tuple(_evidence(look))
    points: dict[str, int] = {}
    for evidence in found:
        points[evidence.variant] = points.get(evidence.variant, 0) + evidence.weight
    best = max(points, key=lambda name: points[name], default=UNKNOWN)
    return (best if points.get(best, 0) > 0 else UNKNOWN), found


def _evidence(look: Look) -> Iterator[Evidence]:
    for rule in RULES:
        if rule.holds(look):
            yield Evidence(rule.variant, rule.weight, rule.reason)
