"""Faults of delivery: events sent twice, changed under the same id, late, out of order, and such that no event can be."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

from demo.history.identifiers import random_id
from demo.history.session import Event

Delivery = tuple[str, Any, str | None]
"""Whose, what was sent, and what is wrong with that: `duplicate`, `altered`, `late`, `reordered`, `invalid`, or nothing."""

_FAULTS = ("duplicate", "altered", "late", "reordered", "invalid")
_SOON = 50
_LATE = 5_000
"""How many deliveries later: a duplicate or a late event at most, a reordered one at most _SOON."""


def deliveries(history: Iterable[tuple[str, Event]], rate: float = 0.02, seed: int = 1) -> Iterator[Delivery]:
    """The events of a history as a bad network delivers them: a fault for `rate` of them.

    Every event is delivered once as it is. On top of that come duplicates (the same again), altered ones (the same id, other
    figures) and invalid ones (with ids of their own)."""
    dice = Random(seed)
    waiting: dict[int, list[Delivery]] = {}
    number = 0
    for number, (user_id, event) in enumerate(history):
        fault = dice.choice(_FAULTS) if dice.random() < rate else None
        later = number + dice.randint(1, _SOON if fault == "reordered" else _LATE)
        if fault in ("late", "reordered"):
            waiting.setdefault(later, []).append((user_id, event, fault))
        else:
            yield user_id, event, None
        if fault == "duplicate":
            waiting.setdefault(later, []).append((user_id, deepcopy(event), fault))
        elif fault == "altered":
            waiting.setdefault(later, []).append((user_id, _altered(event), fault))
        elif fault == "invalid":
            yield user_id, _broken(event, dice), fault
        yield from waiting.pop(number, ())
    for when in sorted(waiting):
        yield from waiting[when]


def _altered(event: Event) -> Event:
    """Another payload under the same id."""
    metrics = event.get("metrics", {})
    return {**deepcopy(event), "metrics": {**metrics, "processingTime": metrics.get("processingTime", 0.0) + 1.0}}


def _broken(event: Event, dice: Random) -> Any:
    """Something that is no event, made of one."""
    broken: dict[str, Any] = {**deepcopy(event), "eventId": random_id(dice)}
    how = dice.randrange(4)
    if how == 0:
        broken["timestamp"] = "yesterday"
    elif how == 1:
        broken["eventType"] = "rumour"
    elif how == 2:
        broken["surprise"] = True
    else:
        del broken["platform"]
    return broken
