"""Watching: patterns that are new, that have vanished, or that are run more or less than before, between two periods.

Told is only what chance does not explain (see `chance`), with at most one false finding in twenty, and only of patterns that K
people run. Of patterns inside one another, which move together, the one is told that stands out most.

A rule has an alert for each pattern that moves as it says, by the name of the pattern; `PatternMove.magnitude` is its value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from shared.core.clock import now
from shared.core.errors import InvalidInput, NotFound
from shared.events import run_query
from shared.patterns.chance import Sums, chance_of, false_discovery_rates
from shared.patterns.pattern import ARROW

_SQL = Path(__file__).with_name("watching.sql")
_EXAMPLES = Path(__file__).with_name("watching_examples.sql")
_SESSION = Path(__file__).with_name("watched_session.sql")
_TIMEOUT = 120.0
LEAST_SESSIONS = 10
"""Sessions that must hold a pattern in one of the periods."""
FEWEST_SESSIONS = 50
"""Sessions that each period must have for anything to be said."""
FALSE_DISCOVERIES = 0.05
"""Of what is told, at most so much is chance, on average."""
LEAST_CHANGE = 0.25
"""A pattern that is run by less than this share more or less does not drift, however sure that is."""
_MOST_EXAMPLES = 3
_KEPT = timedelta(days=366)
"""Events are there for a year."""
_AROUND = timedelta(hours=12)
"""Before and after an example its session is looked for."""


class Move(StrEnum):
    """What became of a pattern."""

    NEW = "new"
    VANISHED = "vanished"
    DRIFTING = "drifting"


@dataclass(frozen=True)
class Support:
    """Who runs a pattern in a period: sessions that hold it, people (at least), and the share of all sessions of two and more
    operations. None where fewer than K people do: who reads this shall not know them."""

    sessions: int | None
    people: int | None
    share: float | None


@dataclass(frozen=True)
class Example:
    """A session to look at: by the id, which names nobody, of the operation that it ran the pattern from, and when that ended."""

    operation: str
    at: datetime


@dataclass(frozen=True)
class PatternMove:
    """A pattern that moved. `chance` is the probability of such a difference without one, `false_discovery_rate` the share of
    false ones among the findings that are as sure. `change`: how much of the share before came on top: 0.5 is half as much again,
    -1 all gone; None of a new one, or where one of the shares is not told. `is_more`: whether it is run more than before."""

    pattern: str
    move: Move
    before: Support
    now: Support
    change: float | None
    is_more: bool
    chance: float
    false_discovery_rate: float
    examples: tuple[Example, ...] = ()

    @property
    def magnitude(self) -> float:
        """What a rule compares: of a drifting pattern how much the share changed, up or down (1 where that is not told); of the
        others in how many sessions they are, or were."""
        if self.move is Move.DRIFTING:
            return abs(self.change) if self.change is not None else 1.0
        return float((self.now if self.move is Move.NEW else self.before).sessions or 0)

    @property
    def sessions(self) -> int:
        """In how many sessions of both periods it is known to be: the samples of a rule."""
        return (self.before.sessions or 0) + (self.now.sessions or 0)


@dataclass(frozen=True)
class WatchedOperation:
    """An operation of an example session; `duration` in milliseconds."""

    operation: str
    at: datetime
    success: bool
    duration: float
    platform: str
    error: str | None


def watch_patterns(end: datetime, recent: timedelta, earlier: timedelta | None = None) -> list[PatternMove]:
    """What moved between the `recent` time before `end` and the time `earlier` (as long, unless given) before that, the surest
    first.

    Nothing moves where one of the periods has fewer than FEWEST_SESSIONS sessions: a suite that is new has no new patterns.
    Raises Unavailable."""
    split = end - recent
    start = split - (earlier or recent)
    parameters: dict[str, Any] = {"start": start, "split": split, "end": end, "least": LEAST_SESSIONS}
    moves = _moves(run_query(_SQL, parameters, timeout=_TIMEOUT))
    gone = [each for each in moves if each.move is Move.VANISHED]
    there = [each for each in moves if each.move is not Move.VANISHED]
    examples = {**_examples(there, split, end), **_examples(gone, start, split)}
    return [_with_examples(each, examples.get(each.pattern, ())) for each in moves]


def open_session(example: Example) -> list[WatchedOperation]:
    """What was run in the session of an example, in order. For operators: it is what one person did.

    Raises InvalidInput, NotFound, Unavailable."""
    if len(example.operation) != 64 or not set(example.operation) <= set("0123456789abcdef"):
        raise InvalidInput("The id of an example is 64 hexadecimal digits.", pointer="/operation")
    if abs(now() - example.at) > _KEPT:
        raise NotFound("Of this time there are no events.")
    around = {"start": example.at - _AROUND, "end": example.at + _AROUND}
    rows = run_query(_SESSION, {"operation": example.operation, **around}, timeout=_TIMEOUT)
    if not rows:
        raise NotFound("There is no such session at this time.")
    return [WatchedOperation(**row) for row in rows]


def _moves(rows: Sequence[dict[str, Any]]) -> list[PatternMove]:
    """What the rows of `watching.sql` say."""
    whole = {row["recent"]: _sums(row, held=False) for row in rows}
    if len(whole) < 2 or any(each.n < FEWEST_SESSIONS for each in whole.values()):
        return []
    found: dict[str, dict[bool, dict[str, Any]]] = {}
    for row in rows:
        if row["pattern"] is not None:
            found.setdefault(row["pattern"], {})[row["recent"]] = row
    sums = [[_sums(of[when]) if when in of else whole[when] for when in (False, True)] for of in found.values()]
    chances = [chance_of(before, now) for before, now in sums]
    rates = false_discovery_rates(chances)
    moved = [
        _move(pattern, of, before, now, chance, rate)
        for (pattern, of), (before, now), chance, rate in zip(found.items(), sums, chances, rates, strict=True)
        if rate <= FALSE_DISCOVERIES and _matters(before, now)
    ]
    return list(_outstanding(sorted(moved, key=_surest_first)))


def _surest_first(move: PatternMove) -> tuple[float, int, int, str]:
    """Of those that are as sure the one of more sessions, then the longer one. Sums of a database differ in their last digits
    from one time to the next: they must not decide."""
    return float(f"{move.chance:.6g}"), -move.sessions, -len(move.pattern), move.pattern


def _sums(row: dict[str, Any], *, held: bool = True) -> Sums:
    x, xx, xn = (row["sessions"], row["squares"], row["products"]) if held else (0, 0, 0)
    return Sums(x, xx, xn, row["all_sessions"], row["all_squares"], row["all_people"])


def _matters(before: Sums, now: Sums) -> bool:
    return not before.x or not now.x or abs(now.ratio / before.ratio - 1) >= LEAST_CHANGE


def _move(
    pattern: str, of: dict[bool, dict[str, Any]], before: Sums, now: Sums, chance: float, rate: float
) -> PatternMove:
    move = Move.NEW if not before.x else Move.VANISHED if not now.x else Move.DRIFTING
    supports = [_support(of.get(False), before), _support(of.get(True), now)]
    told = supports[0].share is not None and supports[1].share is not None and before.x > 0
    change = now.ratio / before.ratio - 1 if told else None
    return PatternMove(pattern, move, supports[0], supports[1], change, now.ratio > before.ratio, chance, rate)


def _support(row: dict[str, Any] | None, sums: Sums) -> Support:
    if row is None:
        return Support(0, 0, 0.0)
    return Support(sums.x, row["people"], sums.ratio) if row["shown"] else Support(None, None, None)


def _outstanding(moves: Sequence[PatternMove]) -> Iterator[PatternMove]:
    """Those that do not just follow from a surer one, which contains them or is part of them and went the same way. That one is
    run more or less never hides that another is new or gone."""
    kept: list[PatternMove] = []
    for each in moves:
        if not any(_explains(surer, each) for surer in kept):
            kept.append(each)
            yield each


def _explains(surer: PatternMove, other: PatternMove) -> bool:
    if surer.is_more != other.is_more or (surer.move is Move.DRIFTING and other.move is not Move.DRIFTING):
        return False
    one, two = f"{ARROW}{surer.pattern}{ARROW}", f"{ARROW}{other.pattern}{ARROW}"
    return one in two or two in one


def _examples(moves: Sequence[PatternMove], start: datetime, end: datetime) -> dict[str, tuple[Example, ...]]:
    if not moves:
        return {}
    parameters: dict[str, Any] = {
        "patterns": [each.pattern for each in moves],
        "start": start,
        "end": end,
        "most": _MOST_EXAMPLES,
    }
    found: dict[str, tuple[Example, ...]] = {}
    for row in run_query(_EXAMPLES, parameters, timeout=_TIMEOUT):
        example = Example(row["operation"], row["occurred_at"])
        found[row["pattern"]] = (*found.get(row["pattern"], ()), example)
    return found


def _with_examples(move: PatternMove, examples: tuple[Example, ...]) -> PatternMove:
    return replace(move, examples=examples)
