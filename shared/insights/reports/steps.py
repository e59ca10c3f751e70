"""The steps of a report's charts: hours of a day, days of a week or month, weeks of a quarter, by the calendar of its zone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from shared.insights.period import Period, Step
from shared.insights.reports.edition import Edition, midnight

_HOURS_UP_TO, _DAYS_UP_TO = timedelta(hours=49), timedelta(days=46)


def step_of(edition: Edition) -> Step:
    """How long the steps of an edition are."""
    length = edition.period.length
    return Step.HOUR if length <= _HOURS_UP_TO else Step.DAY if length <= _DAYS_UP_TO else Step.WEEK


def steps(edition: Edition) -> list[Period]:
    """The steps of an edition, which together are its period. The first and the last may be shorter than the others."""
    edges = [edge for edge in _edges(edition) if edition.period.start < edge < edition.period.end]
    bounds = [edition.period.start, *edges, edition.period.end]
    return [Period(start, end) for start, end in pairwise(bounds)]


def in_utc(parts: list[Period], every: Step) -> bool:
    """Whether these steps are the ones that `measure(…, every=…)` takes."""
    starts = [part.start for part in parts]
    return starts == list(Period(starts[0], parts[-1].end).steps(every))


def _edges(edition: Edition) -> Iterator[datetime]:
    """Where steps meet, from before the period to after it."""
    every = step_of(edition)
    if every is Step.HOUR:
        edge = every.floor(edition.period.start)
        while edge < edition.period.end:
            yield edge
            edge = every.after(edge)
        return
    day: date = edition.first_day
    while day <= edition.last_day:
        if every is Step.DAY or day.weekday() == 0:
            yield midnight(day, edition.zone)
        day += timedelta(days=1)
