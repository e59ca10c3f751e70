"""/v1/insights/user-insights: how people work."""

from functools import partial

from flask import Response

from functions.http.caching import Made, wants_anew
from functions.http.kept_answers import Key, Stamp
from functions.resources.insights.queries import STALE, FiguresQuery, users, whose
from functions.resources.insights.resource import answers, api
from shared.insights.dashboard import Subject, UserInsights, get_user_insights


class UserInsightsAnswer(UserInsights):
    """How people work, and how new that is."""

    freshness: Stamp  # type: ignore[assignment]  # what the domain says, and the age of it


@api.get("/v1/insights/user-insights", responses={200: UserInsightsAnswer})
def read_user_insights(query: FiguresQuery) -> Response:
    """How many people there are, how long they work, on what, by which plan, and what they run one after another"""
    make = partial(make_user_insights, query, users())
    return answers.answer(Key(whose(), Subject.USER_INSIGHTS, query.asked()), make, anew=wants_anew())


def make_user_insights(query: FiguresQuery, hashes: list[str] | None) -> Made:
    """The page of everybody's events (None), or of those of these hashes. Raises InvalidInput, Unavailable."""
    found = get_user_insights(query.kpi, query.view(hashes))
    return Made(found, found.freshness.newest_event_at, query.good_for(), STALE)
