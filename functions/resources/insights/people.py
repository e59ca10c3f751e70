"""/v1/insights/user-insights: how people work."""

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
    hashes = users()

    def make() -> Made:
        found = get_user_insights(query.kpi, query.view(hashes))
        return Made(found, found.freshness.newest_event_at, query.good_for(), STALE)

    return answers.answer(Key(whose(), Subject.USER_INSIGHTS, query.model_dump_json()), make, anew=wants_anew())
