"""Fired: the alerts that began to fire in a period, which charts mark where they did and a table lists."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.exports import Annotation
from shared.insights.dashboard import alert_transitions
from shared.insights.period import Period

_MOST = 10_000
"""Transitions that are read. A period with more has no chart that could be read by its marks."""
_MOST_MARKS = 6
"""Steps of a chart that are marked: those in which most fired."""
_FIRING, _ACKNOWLEDGED = "firing", "acknowledged"


@dataclass(frozen=True)
class Fired:
    """An alert of a rule that began to fire at `at`. `kpi` is None for rules over SQL of their own; `value` is what it saw."""

    rule: str
    kpi: str | None
    severity: str
    labels: tuple[tuple[str, str], ...]
    at: datetime
    value: float | None


def fired_in(period: Period) -> list[Fired]:
    """The alerts that began to fire in a period, the first first. Raises Unavailable."""
    changes = alert_transitions(period, _MOST)
    return [
        Fired(each.rule_id, each.kpi, each.severity, tuple(sorted(each.labels.items())), each.at, each.value)
        for each in reversed(changes)
        if each.after == _FIRING and each.before != _ACKNOWLEDGED
    ]


def marks(fired: Sequence[Fired], kpi: str, steps: Sequence[Period]) -> tuple[Annotation, ...]:
    """A mark for each step of a chart of the KPI in which alerts over it began to fire: `alert: slow_generation (3)`."""
    found: dict[datetime, Counter[str]] = {}
    for one in fired:
        step = next((step for step in steps if step.start <= one.at < step.end), None)
        if one.kpi == kpi and step is not None:
            found.setdefault(step.start, Counter())[one.rule] += 1
    most = sorted(found, key=lambda start: -found[start].total())[:_MOST_MARKS]
    return tuple(Annotation(start, f"alert: {_told(found[start])}") for start in sorted(most))


def _told(rules: Counter[str]) -> str:
    return ", ".join(f"{rule} ({count})" if count > 1 else rule for rule, count in sorted(rules.items()))
