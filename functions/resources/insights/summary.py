"""/v1/insights/summary: what ran in a period, how it went, and how that compares with the period before."""

from functools import partial

from flask import Response

from functions.http.caching import wants_anew
from functions.http.stamped import Stamp
from functions.resources.insights.queries import PeriodQuery, users, whose
from functions.resources.insights.resource import answers, api, brief_answers
from shared.insights import Summary
from shared.insights.dashboard import Subject, is_long, make_summary


class SummaryAnswer(Summary):
    """The summary, and how new it is."""

    freshness: Stamp  # type: ignore[assignment]  # what the domain says, and the age of it


@api.get("/v1/insights/summary", responses={200: SummaryAnswer})
def read_summary(query: PeriodQuery) -> Response:
    """The summary of a period: your own operations, or everybody's for analysts, operators and admins"""
    asked = query.asked()
    cache = answers if is_long(asked) else brief_answers
    return cache.answer(asked.key(whose(), Subject.SUMMARY), partial(make_summary, asked, users()), anew=wants_anew())
