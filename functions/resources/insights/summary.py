"""/v1/insights/summary: what ran in a period, how it went, and how that compares with the period before."""

from datetime import timedelta

from flask import Response

from functions.http.caching import Made, wants_anew
from functions.http.kept_answers import Key, Stamp
from functions.resources.insights.queries import STALE, PeriodQuery, users, whose
from functions.resources.insights.resource import answers, api, brief_answers
from shared.insights import Summary, get_summary

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
    hashes = users()
    start, end = query.period()
    is_long = end - start > LONG

    def make() -> Made:
        summary = get_summary(hashes, *query.period())
        good, stale = (query.good_for(), STALE) if is_long else (query.good_for(PRESENT), timedelta(0))
        return Made(summary, summary.freshness.newest_event_at, good, stale)

    cache = answers if is_long else brief_answers
    return cache.answer(Key(whose(), "summary", query.model_dump_json()), make, anew=wants_anew())
