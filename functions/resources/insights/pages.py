"""/v1/insights/performance, quality, business, providers: KPIs with their change, their curves, and what they are made of."""

from functools import partial

from flask import Response

from functions.http.caching import Made, wants_anew
from functions.http.kept_answers import Key, Stamp
from functions.resources.insights.queries import STALE, FiguresQuery, users, whose
from functions.resources.insights.resource import answers, api
from shared.insights.dashboard import Page, Subject, get_page, kpis_of


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
    make = partial(make_page, subject, query, users())
    return answers.answer(Key(whose(), subject, query.asked()), make, anew=wants_anew())


def make_page(subject: Subject, query: FiguresQuery, hashes: list[str] | None) -> Made:
    """The page of everybody's events (None), or of those of these hashes. Raises InvalidInput, Unavailable."""
    names = query.kpi or kpis_of(subject, own=hashes is not None)
    found = get_page(names, query.view(hashes, subject.by))
    return Made(found, found.freshness.newest_event_at, query.good_for(), STALE)
