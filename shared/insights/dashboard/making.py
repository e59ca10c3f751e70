"""Making: the pages of the dashboard as they are answered: each with how new it is, and for how long it may be told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from shared.core.kept_answers import Made
from shared.insights.dashboard.asked import STALE, AskedFigures, AskedPeriod, AskedTrends
from shared.insights.dashboard.behaviour import get_user_insights
from shared.insights.dashboard.page import get_page
from shared.insights.dashboard.subject import Subject, kpis_of
from shared.insights.dashboard.trending import Trends, get_trends
from shared.insights.reading import newest_event
from shared.insights.summary import get_summary

PRESENT = timedelta(seconds=0.5)
"""An operation shows within a second of being taken in."""
LONG = timedelta(days=2)
"""What has a longer period takes time to compute, and an operation more or less does not show in it."""


def make_page(subject: Subject, asked: AskedFigures, users: list[str] | None) -> Made:
    """The page of everybody's events (None), or of those of these hashes. Raises InvalidInput, Unavailable."""
    names = asked.kpis or kpis_of(subject, own=users is not None)
    found = get_page(names, asked.view(users, subject.by))
    return Made(found, found.freshness.newest_event_at, asked.good_for(), STALE)


def make_user_insights(asked: AskedFigures, users: list[str] | None) -> Made:
    """The same of the page of what people do. Raises InvalidInput, Unavailable."""
    found = get_user_insights(asked.kpis, asked.view(users))
    return Made(found, found.freshness.newest_event_at, asked.good_for(), STALE)


def make_summary(asked: AskedPeriod, users: list[str] | None) -> Made:
    """The same of the summary. Raises InvalidInput, Unavailable."""
    summary = get_summary(users, *asked.period())
    good, stale = (asked.good_for(), STALE) if is_long(asked) else (asked.good_for(PRESENT), timedelta(0))
    return Made(summary, summary.freshness.newest_event_at, good, stale)


def make_trends(asked: AskedTrends, users: list[str] | None) -> Made:
    """The same of the trends. Raises InvalidInput, Unavailable."""
    with ThreadPoolExecutor(1) as threads:
        newest = threads.submit(newest_event, asked.span(), users)
        found: Trends = get_trends(asked, users)
    return Made(found, newest.result(), asked.good_for(), STALE)


def is_long(asked: AskedPeriod) -> bool:
    """Whether a summary may be kept for longer than a moment."""
    start, end = asked.period()
    return end - start > LONG
