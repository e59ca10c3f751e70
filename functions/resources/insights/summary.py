"""/v1/insights/summary: what ran in a period, how it went, and how that compares with the period before."""

from flask import Response

from functions.http.caching import Made, Stamp, wants_anew
from functions.http.openapi import resource
from functions.resources.insights.answers import answers
from functions.resources.insights.queries import PeriodQuery, users, whose
from shared.insights import Summary, get_summary

api = resource("insights")

PRESENT_SECONDS = 1.0
"""An operation shows within a second of being taken in."""


class SummaryAnswer(Summary):
    """The summary, and how new it is."""

    freshness: Stamp  # type: ignore[assignment]  # what the domain says, and the age of it


@api.get("/v1/insights/summary", responses={200: SummaryAnswer})
def read_summary(query: PeriodQuery) -> Response:
    """The summary of a period: your own operations, or everybody's for analysts, operators and admins"""
    hashes = users()

    def make() -> Made:
        summary = get_summary(hashes, *query.period())
        return Made(summary, summary.freshness.newest_event_at, query.good_for(PRESENT_SECONDS))

    return answers.answer(("summary", whose(), query.model_dump_json()), make, anew=wants_anew())
