"""Behaviour: who people are and what they do: the KPIs of usage, and what they are made of."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from pydantic import Field

from shared.insights.dashboard.figure import Group, figure_of
from shared.insights.dashboard.page import Page, distrust_in, get_page
from shared.insights.dashboard.subject import Subject, kpis_of
from shared.insights.dashboard.view import View
from shared.insights.kpi import Dimension, kpi
from shared.insights.measuring import Distrust, measure
from shared.insights.usage import FrequentSequence, frequent_sequences

_TOP = 20


class UserInsights(Page):
    """How people work: how many, how long, on what, and what they run one after another."""

    plans: list[Group] = Field(description="People by their plan")
    platforms: list[Group] = Field(description="People by platform")
    operations: list[Group] = Field(description="Operations by their name, the most frequent first")
    errors: list[Group] = Field(description="Operations that failed, by error code")
    workflows: list[FrequentSequence] = Field(description="What everybody runs one after another, as mined last")


def get_user_insights(names: Sequence[str], view: View) -> UserInsights:
    """The page of the KPIs of these names, those of usage if there are none, with what people are and do. Raises InvalidInput,
    Unavailable."""
    distrust = distrust_in(view)
    with ThreadPoolExecutor(4) as threads:
        plans = threads.submit(_groups, "unique_users", Dimension.PLAN, view, distrust)
        platforms = threads.submit(_groups, "unique_users", Dimension.PLATFORM, view, distrust)
        operations = threads.submit(_groups, "operations", Dimension.OPERATION, view, distrust)
        errors = threads.submit(_groups, "operations", Dimension.ERROR, view, distrust)
        workflows = threads.submit(frequent_sequences, limit=_TOP)
        page = get_page(names or kpis_of(Subject.USER_INSIGHTS, own=view.users is not None), view, distrust)
        return UserInsights(
            **dict(page),
            plans=plans.result(),
            platforms=platforms.result(),
            operations=operations.result(),
            errors=errors.result(),
            workflows=workflows.result(),
        )


def _groups(name: str, by: Dimension, view: View, distrust: Distrust | None) -> list[Group]:
    """The values of a KPI by one dimension, now; empty where the filters are not the KPI's."""
    of, whole = kpi(name), replace(view, compare=False, every=None)
    if not {by, *view.where} <= set(of.dimensions):
        return []
    found = measure([name], whole.period, by=[by], where=view.where, users=view.users, distrust=distrust)
    return figure_of(of, None, None, [], found, {}).groups[:_TOP]
