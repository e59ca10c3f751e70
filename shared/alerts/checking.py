"""Checking: whether a rule that is about to be kept can ever say anything: all that is wrong with it, and where."""

from collections.abc import Iterator
from difflib import get_close_matches

from shared.alerts.actions import Action, Response
from shared.alerts.routing import parse_matcher
from shared.alerts.rules import AlertRule, OnNoData, Source
from shared.alerts.sequences import PATTERN, SHORTEST
from shared.alerts.sql import try_sql
from shared.alerts.turns import REMEMBERED
from shared.core.errors import FieldError, InvalidInput
from shared.insights import Kpi, UnknownKpi, kpi


class InvalidRule(InvalidInput):
    """A rule cannot be kept; its errors say where and why."""


def check_rule(rule: AlertRule) -> None:
    """Raises InvalidRule with everything that is wrong, and Unavailable when BigQuery does not answer about a query."""
    errors = list(_errors(rule))
    if errors:
        raise InvalidRule(errors[0].detail, errors=errors)


def _errors(rule: AlertRule) -> Iterator[FieldError]:
    if rule.source is Source.SQL:
        yield from try_sql(rule.sql or "", rule.labels, counts_samples=rule.min_samples > 1)
    yield from plain_errors(rule)


def plain_errors(rule: AlertRule) -> Iterator[FieldError]:
    """What is wrong with a rule, as far as can be said without asking BigQuery: its query is not looked at."""
    match rule.source:
        case Source.KPI:
            yield from _kpi(rule)
        case Source.SEQUENCE:
            yield from _sequence(rule)
        case Source.SYSTEM:
            yield from _system(rule)
    for number, response in enumerate(rule.responses):
        yield from _response(rule, response, f"/responses/{number}")


def _kpi(rule: AlertRule) -> Iterator[FieldError]:
    try:
        watched = kpi(rule.kpi or "")
    except UnknownKpi as error:
        yield FieldError("/kpi", error.detail, "unknown_kpi")
        return
    for number, label in enumerate(rule.labels):
        if label not in watched.dimensions:
            yield FieldError(f"/labels/{number}", unknown_label(watched, label), "unknown_label")


def unknown_label(watched: Kpi, label: str) -> str:
    """Why a KPI cannot be told apart by a label, and by what it can."""
    close = get_close_matches(label, watched.dimensions, n=1)
    named = f"Did you mean {close[0]}?" if close else f"It can be told by {', '.join(watched.dimensions)}."
    return f"{watched.name} cannot be told by {label}. {named if watched.dimensions else 'It is a whole: leave labels out.'}"


def _sequence(rule: AlertRule) -> Iterator[FieldError]:
    if rule.labels != (PATTERN,):
        yield FieldError(
            "/labels", f"What becomes of patterns is told by `{PATTERN}`, and by nothing else.", "unknown_label"
        )
    if rule.window < SHORTEST:
        detail = (
            f"Patterns are compared over windows of {SHORTEST} minutes or more: in less there are too few sessions."
        )
        yield FieldError("/window", detail, "too_short")
    if rule.on_no_data is not OnNoData.RESOLVE:
        yield FieldError("/onNoData", "That no pattern moves is what should be: leave `resolve`.", "nothing_is_good")


def _response(rule: AlertRule, response: Response, pointer: str) -> Iterator[FieldError]:
    if response.action is Action.PAUSE_PROVIDER and response.provider is None and "provider" not in rule.labels:
        detail = "Name the provider to pause, or tell the rule's alerts apart by `provider`."
        yield FieldError(f"{pointer}/provider", detail, "no_provider")
    for number, matcher in enumerate(response.matchers):
        try:
            parse_matcher(matcher)
        except ValueError as error:
            yield FieldError(f"{pointer}/matchers/{number}", f"This is no matcher: {error}.", "no_matcher")


def _system(rule: AlertRule) -> Iterator[FieldError]:
    if rule.labels:
        yield FieldError("/labels", "What the evaluator tells of itself is a whole: leave labels out.", "unknown_label")
    most = REMEMBERED.total_seconds() // 60
    if rule.window > most:
        yield FieldError("/window", f"The evaluator remembers {most:.0f} minutes of itself.", "too_long")
