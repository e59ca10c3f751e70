"""/v1/insights/performance, quality, business, providers: KPIs with their change, their curves, and what they are made of."""

from functools import partial

from flask import Response

from functions.http.caching import wants_anew
from functions.http.stamped import Stamp
from functions.resources.insights.queries import FiguresQuery, users, whose
from functions.resources.insights.resource import answers, api
from shared.insights.dashboard import Page, Subject, make_page


class PageAnswer(Page):
    """A page of the dashboard, and how new it is."""

    freshness: Stamp  # type: ignore[assignment]  # what the domain says, and the age of it


@api.get("/v1/insights/performance", responses={200: PageAnswer})
def read_performance_page(query: FiguresQuery) -> Response:
    """How well and how fast operations run, what they use, and how long jobs wait"""
    return page(Subject.PERFORMANCE, query)


@api.get("/v1/insights/quality", responses={200: PageAnswer})
def read_quality_page(query: FiguresQuery) -> Response:
    """How good what is made is, how content people are, and whether what is learned helps them"""
    return page(Subject.QUALITY, query)


@api.get("/v1/insights/business", responses={200: PageAnswer})
def read_business_page(query: FiguresQuery) -> Response:
    """Revenue, cost, conversion, adoption and retention"""
    return page(Subject.BUSINESS, query)


@api.get("/v1/insights/providers", responses={200: PageAnswer})
def read_providers_page(query: FiguresQuery) -> Response:
    """The providers of generations side by side: success, speed, quality, satisfaction and cost of each"""
    return page(Subject.PROVIDERS, query)


def page(subject: Subject, query: FiguresQuery) -> Response:
    """The page of the KPIs that the query names, of those of the subject if it names none."""
    asked = query.asked()
    return answers.answer(asked.key(whose(), subject), partial(make_page, subject, asked, users()), anew=wants_anew())
