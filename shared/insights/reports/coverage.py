"""Coverage: since when there are events at all, where that is only after the period before has begun.

What began in the middle of the period before seems to double though nothing has grown, so nothing is compared then."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.insights.measuring import measure
from shared.insights.period import Period, Step
from shared.insights.reports.edition import Edition
from shared.insights.reports.series import read_series
from shared.insights.reports.steps import step_of, steps

LOOK_BACK = timedelta(days=56)
"""Events that are so much older than the period before show that it was quiet, not that nobody told of it."""
_EVENTS = "events"


def begun(edition: Edition) -> datetime | None:
    """The start of the first step of the period before that has an event (of a week: of its first day that has one), or of the
    period where that one has none; None where there are events of the first step or from before it, and so both can be compared.
    Raises Unavailable."""
    before = edition.before
    if _count(Period(before.start - LOOK_BACK, before.start)):
        return None
    whole = replace(edition, period=before)
    first = _first_step(whole)
    if first is None:
        return edition.period.start
    if first.start == before.start:
        return None
    day = _first_step(replace(edition, period=first)) if step_of(whole) is Step.WEEK else first
    return (day or first).start


def _first_step(edition: Edition) -> Period | None:
    """The first step of the edition's period that has an event."""
    counted = zip(steps(edition), read_series([_EVENTS], edition)[_EVENTS], strict=True)
    return next((step for step, count in counted if count), None)


def _count(period: Period) -> float:
    return measure([_EVENTS], period)[0].value or 0.0
