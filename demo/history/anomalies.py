"""Anomalies that are planted: what goes wrong or changes, and when. Whoever watches the suite must find them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.history.catalogue import CHANGE, catalogue


@dataclass(frozen=True)
class Anomaly:
    """Something out of the ordinary from `start` to `end`.

    kind: `outage` of the provider `what`, `slow` everything, `errors` of the operation `what`, `silence` of the platform `what`;
    the workflow `what` has `vanished`, `risen` or `changed` (its parameters) at `start`."""

    kind: str
    start: datetime
    end: datetime
    what: str
    strength: float = 0.0


_PASSING = (
    ("silence", 0.40, timedelta(hours=12), "komposteur", 1.0),
    ("outage", 0.55, timedelta(hours=6), "luma", 0.9),
    ("slow", 0.70, timedelta(hours=24), "everything", 3.0),
    ("errors", 0.80, timedelta(hours=4), "convert", 0.45),
)
"""Kind, at which part of the whole time, how long, of what; how often it fails, or how many times longer it takes."""


def plan_anomalies(start: datetime, end: datetime) -> tuple[Anomaly, ...]:
    """Those of a history from `start` to `end`, by time."""
    whole = end - start
    found = []
    for kind, part, length, what, strength in _PASSING:
        begins = start + whole * part
        found.append(Anomaly(kind, begins, min(begins + length, end), what, strength))
    for work in catalogue().workflows:
        if work.until < 1:
            found.append(Anomaly("vanished", start + whole * work.until, end, work.name))
        if work.start > 0:
            found.append(Anomaly("risen", start + whole * work.start, end, work.name))
        if work.later:
            found.append(Anomaly("changed", start + whole * CHANGE, end, work.name))
    return tuple(sorted(found, key=lambda anomaly: (anomaly.start, anomaly.kind)))


class Troubles:
    """The passing anomalies, asked for by milliseconds since the start of the history."""

    def __init__(self, anomalies: tuple[Anomaly, ...], start: datetime) -> None:
        def ms(at: datetime) -> float:
            return (at - start).total_seconds() * 1000

        self._spans = [(ms(each.start), ms(each.end), each) for each in anomalies if each.strength]

    def strength(self, at_ms: float, kind: str, what: str) -> float:
        """How strong the trouble of this kind with `what` is then; 0 without one."""
        for start, end, anomaly in self._spans:
            if start <= at_ms < end and anomaly.kind == kind and anomaly.what == what:
                return anomaly.strength
        return 0.0

    def any_at(self, at_ms: float) -> bool:
        """Whether there is any."""
        return any(start <= at_ms < end for start, end, _ in self._spans)
