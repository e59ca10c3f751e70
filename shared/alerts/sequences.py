"""Sequences: rules over what people do one after another: patterns that are new, have vanished, or are run otherwise."""

from collections.abc import Collection, Mapping

from shared.alerts.readings import Failure, Labels, Reading, Readings
from shared.alerts.rules import AlertRule
from shared.core.errors import Unavailable
from shared.insights import Period
from shared.patterns import PatternMove, watch_patterns

PATTERN = "pattern"
"""The label of such rules: the operations of a pattern, joined by arrows."""
SHORTEST = 360
"""Minutes of a window."""


def read_sequences(rules: Collection[AlertRule], window: Period) -> Mapping[str, Readings | Failure]:
    """What each rule, by its id, sees of the patterns that moved between the window and the one before it."""
    try:
        moves = watch_patterns(window.end, window.length)
    except Unavailable as error:
        return {rule.id: Failure(error.detail) for rule in rules}
    return {rule.id: _readings(rule, moves) for rule in rules}


def _readings(rule: AlertRule, moves: Collection[PatternMove]) -> Readings:
    assert rule.sequence is not None
    return dict(_reading(move) for move in moves if move.move.value == rule.sequence.value)


def _reading(move: PatternMove) -> tuple[Labels, Reading]:
    return ((PATTERN, move.pattern),), Reading(move.magnitude, move.sessions, _told(move))


def _told(move: PatternMove) -> str:
    """What there is to say of a pattern: how sure it is, and sessions to look at."""
    sessions = ", ".join(f"{example.operation} at {example.at:%Y-%m-%dT%H:%M:%SZ}" for example in move.examples)
    return f"chance {move.chance:.2g}" + (f"; sessions: {sessions}" if sessions else "")
