"""Standard pages: everybody's, of the usual periods, as dashboards open with them. They are made before anybody asks."""

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from shared.core.errors import KompoError
from shared.core.kept_answers import Key, Make, keep_ahead
from shared.insights.dashboard.asked import AskedFigures, AskedPeriod, AskedTrends, Every
from shared.insights.dashboard.making import is_long, make_page, make_summary, make_trends, make_user_insights
from shared.insights.dashboard.subject import Subject
from shared.insights.period import Step

log = logging.getLogger(__name__)

PERIODS = (timedelta(hours=24), timedelta(days=7), timedelta(days=30))
STEPS = (Step.DAY, Step.HOUR)
PAGES = (Subject.PERFORMANCE, Subject.QUALITY, Subject.BUSINESS, Subject.PROVIDERS)
UNTIL_THE_NEXT = timedelta(minutes=6)
"""They are looked after every five minutes, and that takes time."""


def keep_standard_pages(periods: Sequence[timedelta] = PERIODS) -> int:
    """Make those of the last hours, days or weeks that would be too old before they are looked after again. Returns how many were
    made; one that cannot be made is logged, and left to whoever asks for it."""
    return sum(_keep(key, make) for key, make in _standard(periods))


def _standard(periods: Sequence[timedelta]) -> Iterator[tuple[Key, Make]]:
    for last in periods:
        figures = AskedFigures(last=last, every=Every.AUTO)
        for subject in PAGES:
            yield figures.key("", subject), partial(make_page, subject, figures, None)
        yield figures.key("", Subject.USER_INSIGHTS), partial(make_user_insights, figures, None)
        period = AskedPeriod(last=last)
        if is_long(period):  # A shorter one is as new as the last operation.
            yield period.key("", Subject.SUMMARY), partial(make_summary, period, None)
    for every in STEPS:
        trends = AskedTrends(every=every)
        yield trends.key("", Subject.TRENDS), partial(make_trends, trends, None)


def _keep(key: Key, make: Make) -> bool:
    try:
        return keep_ahead(key, make, UNTIL_THE_NEXT)
    except KompoError as error:
        log.warning("the page %s cannot be made ahead: %s", key.name, error)
        return False
