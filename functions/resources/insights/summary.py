"""/v1/insights/summary: what ran in a period, how it went, and how that compares with the period before."""

from datetime import timedelta
from functools import partial

from flask import Response

from functions.http.caching import Made, wants_anew
from functions.http.kept_answers import Key, Stamp
from functions.resources.insights.queries import STALE, PeriodQuery, users, whose
from functions.resources.insights.resource import answers, api, brief_answers
from shared.insights import Summary, get_summary
from shared.insights.dashboard import Subject

PRESENT = timedelta(seconds=0.5)
"""An operation shows within a second of being taken in."""
LONG = timedelta(days=2)
"""What has a longer period takes time to compute, and an operation more or less does not show in it."""


class SummaryAnswer(Summary):
    """The summary, and how new it is."""

    freshness: Stamp  # type: ignore[assignment]  # what the domain says, and the age of it


@api.get("/v1/insights/summary", responses={200: SummaryAnswer})
def read_summary(query: PeriodQuery) -> Response:
    """The summary of a period: your own operations, or everybody's for analysts, operators and admins"""
    make = partial(make_summary, query, users())
    cache = answers if is_long(query) else brief_answers
    return cache.answer(Key(whose(), Subject.SUMMARY, query.asked()), make, anew=wants_anew())


def make_summary(query: PeriodQuery, hashes: list[str] | None) -> Made:
    """The summary of everybody's events (None), or of those of these hashes. Raises InvalidInput, Unavailable."""
    summary = get_summary(hashes, *query.period())
    good, stale = (query.good_for(), STALE) if is_long(query) else (query.good_for(PRESENT), timedelta(0))
    return Made(summary, summary.freshness.newest_event_at, good, stale)


def is_long(query: PeriodQuery) -> bool:
    """Whether it may be kept for longer than a moment."""
    start, end = query.period()
    return end - start > LONG
