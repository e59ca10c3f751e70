"""Measuring: the readings of all rules that are due, with as few queries as there are different windows and labels, side by side.

A query that fails, or does not come back in time, is the failure of the rules that it is for, and of no other."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial

from shared.alerts.checking import unknown_label
from shared.alerts.readings import Failure, Reading, Readings
from shared.alerts.rules import AlertRule, Source
from shared.alerts.sequences import read_sequences
from shared.alerts.sql import read_sql
from shared.alerts.turns import Turn
from shared.core.errors import InvalidInput, Unavailable
from shared.insights import Dimension, Measurement, Period, kpi
from shared.insights import measure as measure_kpis

log = logging.getLogger(__name__)

SECONDS = 35.0
"""What all measuring of a minute may take: of the minute, time must be left to move the alerts."""
_AT_ONCE = 8
_COUNTING = ("sum", "people", "actives")
"""Aggregates that tell how much or how many there is of something."""
Seen = Mapping[str, Readings | Failure]
"""What rules have read, by their ids."""
_TOO_LATE = Failure(f"BigQuery has not answered within {SECONDS:.0f} seconds.")


def measure(rules: Collection[AlertRule], turn: Turn, *, seconds: float = SECONDS) -> dict[str, Readings | Failure]:
    """What each rule, by its id, sees of what happened up to the turn."""
    seen: dict[str, Readings | Failure] = {rule.id: _TOO_LATE for rule in rules}
    threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="measuring")
    try:
        asked: dict[Future[Seen], list[AlertRule]] = {threads.submit(read): of for of, read in _readers(rules, turn)}
        for done in wait(asked, seconds).done:
            seen.update(_answer(done, asked[done]))
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
    return seen


def read_kpis(rules: Collection[AlertRule], window: Period) -> Seen:
    """The readings of rules over KPIs with the same labels. One KPI that cannot be measured is no other's failure."""
    wrong: dict[str, Readings | Failure] = {
        rule.id: Failure(reason) for rule in rules if (reason := _why_unreadable(rule)) is not None
    }
    sound = [rule for rule in rules if rule.id not in wrong]
    names = list(dict.fromkeys(rule.kpi or "" for rule in sound))
    if not names:
        return wrong
    by = [Dimension(label) for label in sound[0].labels]
    try:
        measured = measure_kpis(names, window, by=by, k_anonymous=False)
    except Unavailable as error:
        return {rule.id: Failure(error.detail) for rule in sound} | wrong
    except Exception as error:
        if len(names) == 1:
            log.exception("a KPI cannot be measured", extra={"fields": {"kpi": names[0]}})
            return {rule.id: Failure(f"{names[0]} cannot be measured: {error}") for rule in sound} | wrong
        apart = (read_kpis([rule for rule in sound if rule.kpi == name], window) for name in names)
        return {rule: seen for part in apart for rule, seen in part.items()} | wrong
    return {rule.id: _readings(rule, measured) for rule in sound} | wrong


def _readings(rule: AlertRule, measured: Collection[Measurement]) -> Readings:
    counts = tells_how_much(rule)
    return {each.labels: Reading(each.value, each.samples, counts=counts) for each in measured if each.kpi == rule.kpi}


def tells_how_much(rule: AlertRule) -> bool:
    """Whether the rule watches how much or how many there is of something."""
    return rule.source is Source.KPI and kpi(rule.kpi or "").aggregate in _COUNTING


def _why_unreadable(rule: AlertRule) -> str | None:
    """Why a rule that once made sense cannot be measured any more: its KPI is gone, or is not told by its labels."""
    try:
        watched = kpi(rule.kpi or "")
    except InvalidInput as error:
        return error.detail
    strange = [label for label in rule.labels if label not in watched.dimensions]
    return unknown_label(watched, strange[0]) if strange else None


def _readers(rules: Collection[AlertRule], turn: Turn) -> Iterator[tuple[list[AlertRule], Callable[[], Seen]]]:
    """What is to be asked, and for which rules."""
    alike: dict[tuple[int, tuple[str, ...]], list[AlertRule]] = {}
    moves: dict[int, list[AlertRule]] = {}
    for rule in rules:
        match rule.source:
            case Source.KPI:
                alike.setdefault((rule.window, tuple(sorted(rule.labels))), []).append(rule)
            case Source.SQL:
                yield [rule], partial(_query, rule, _window(rule, turn))
            case Source.SEQUENCE:
                moves.setdefault(rule.window, []).append(rule)
            case Source.SYSTEM:
                yield [rule], partial(_delay, rule, turn)
    for group in alike.values():
        yield group, partial(read_kpis, group, _window(group[0], turn))
    for group in moves.values():
        yield group, partial(read_sequences, group, _window(group[0], turn))


def _query(rule: AlertRule, window: Period) -> Seen:
    return {rule.id: read_sql(rule.sql or "", rule.labels, window, SECONDS)}


def _delay(rule: AlertRule, turn: Turn) -> Seen:
    return {rule.id: {(): turn.delay(rule.window)}}


def _window(rule: AlertRule, turn: Turn) -> Period:
    return Period(turn.minute - timedelta(minutes=rule.window), turn.minute)


def _answer(done: "Future[Seen]", rules: Collection[AlertRule]) -> Seen:
    try:
        return done.result()
    except Exception as error:
        log.exception("rules cannot be measured", extra={"fields": {"rules": [rule.id for rule in rules]}})
        return {rule.id: Failure(f"It could not be measured: {error}") for rule in rules}
