"""Standard pages: everybody's, of the usual periods, as dashboards open with them. They are made before anybody asks."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial

from functions.http.caching import Made
from functions.http.kept_answers import Key
from functions.resources.insights.pages import make_page
from functions.resources.insights.people import make_user_insights
from functions.resources.insights.queries import FiguresQuery, PeriodQuery
from functions.resources.insights.resource import answers
from functions.resources.insights.summary import is_long, make_summary
from functions.resources.insights.trends import TrendsQuery, make_trends
from shared.core.errors import KompoError
from shared.insights import Step
from shared.insights.dashboard import Subject

log = logging.getLogger(__name__)

PERIODS = ("24h", "7d", "30d")
STEPS = (Step.DAY, Step.HOUR)
PAGES = (Subject.PERFORMANCE, Subject.QUALITY, Subject.BUSINESS, Subject.PROVIDERS)
UNTIL_THE_NEXT = timedelta(minutes=6)
"""They are looked after every five minutes, and that takes time."""


def keep_standard_pages(periods: Sequence[str] = PERIODS) -> int:
    """Make those of the last hours, days or weeks that would be too old before they are looked after again. Returns how many were
    made; one that cannot be made is logged, and left to whoever asks for it."""
    return sum(_keep(name, query, make) for name, query, make in _standard(periods))


def _standard(periods: Sequence[str]) -> Iterator[tuple[str, PeriodQuery, Callable[[], Made]]]:
    for last in periods:
        figures = FiguresQuery(last=last)
        for subject in PAGES:
            yield subject, figures, partial(make_page, subject, figures, None)
        yield Subject.USER_INSIGHTS, figures, partial(make_user_insights, figures, None)
        period = PeriodQuery(last=last)
        if is_long(period):  # A shorter one is as new as the last operation.
            yield Subject.SUMMARY, period, partial(make_summary, period, None)
    for every in STEPS:
        trends = TrendsQuery(every=every)
        yield "trends", trends, partial(make_trends, trends, None)


def _keep(name: str, query: PeriodQuery, make: Callable[[], Made]) -> bool:
    try:
        return answers.keep_ahead(Key("", name, query.asked()), make, UNTIL_THE_NEXT)
    except KompoError as error:
        log.warning("the page %s cannot be made ahead: %s", name, error)
        return False
