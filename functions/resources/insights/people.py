"""/v1/insights/user-insights: how people work."""

from functools import partial

from flask import Response

from functions.http.caching import wants_anew
from functions.http.stamped import Stamp
from functions.resources.insights.queries import FiguresQuery, users, whose
from functions.resources.insights.resource import answers, api
from shared.insights.dashboard import Subject, UserInsights, make_user_insights


class UserInsightsAnswer(UserInsights):
    """How people work, and how new that is."""

    freshness: Stamp  # type: ignore[assignment]  # what the domain says, and the age of it


@api.get("/v1/insights/user-insights", responses={200: UserInsightsAnswer})
def read_user_insights(query: FiguresQuery) -> Response:
    """How many people there are, how long they work, on what, by which plan, and what they run one after another"""
    asked = query.asked()
    make = partial(make_user_insights, asked, users())
    return answers.answer(asked.key(whose(), Subject.USER_INSIGHTS), make, anew=wants_anew())
