"""Behaviour: who people are and what they do: the KPIs of usage, and what they are made of."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from pydantic import Field

from shared.insights.composing import Scope
from shared.insights.dashboard.figure import Group, figure_of
from shared.insights.dashboard.page import Page, distrust_in, get_page
from shared.insights.dashboard.subject import Subject, kpis_of
from shared.insights.dashboard.view import View
from shared.insights.kpi import Dimension, kpi
from shared.insights.measurement import Measurement
from shared.insights.measuring import Distrust, begin_turnout, measure
from shared.insights.turnout import Crowd
from shared.insights.usage import FrequentSequence, frequent_sequences

_TOP = 20
_WHO, _DONE = "unique_users", "operations"
_APART = (Dimension.PLAN, Dimension.PLATFORM, Dimension.OPERATION, Dimension.ERROR)


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
    turnout = begin_turnout(replace(Scope.of(view.period, (), None, view.where, view.users), apart=_APART))
    with ThreadPoolExecutor(3) as threads:
        operations = threads.submit(_operations, Dimension.OPERATION, view, distrust)
        errors = threads.submit(_operations, Dimension.ERROR, view, distrust)
        workflows = threads.submit(frequent_sequences, limit=_TOP)
        page = get_page(names or kpis_of(Subject.USER_INSIGHTS, own=view.users is not None), view, distrust)
        crowd = turnout.result()
        told = crowd if view.users is None else None
        return UserInsights(
            **dict(page),
            plans=_groups(_people(Dimension.PLAN, crowd), told),
            platforms=_groups(_people(Dimension.PLATFORM, crowd), told),
            operations=_groups(operations.result(), told),
            errors=_groups(errors.result(), told),
            workflows=workflows.result(),
        )


def _operations(by: Dimension, view: View, distrust: Distrust | None) -> list[Measurement]:
    """The operations by one dimension, now, of few people, too; none where the filters are not theirs."""
    if not set(view.where) <= set(kpi(_DONE).dimensions):
        return []
    return measure(
        [_DONE], view.period, by=[by], where=view.where, users=view.users, k_anonymous=False, distrust=distrust
    )


def _people(by: Dimension, crowd: Crowd) -> list[Measurement]:
    """How many people there were by one dimension."""
    return [
        Measurement(_WHO, labels, None, people, people, None, people)
        for labels, people in crowd.people.items()
        if labels and labels[0][0] == by
    ]


def _groups(found: list[Measurement], crowd: Crowd | None) -> list[Group]:
    """Those with the most samples, and of enough people of a crowd."""
    told = [each for each in found if crowd is None or each.labels in crowd.shown]
    return figure_of(kpi(found[0].kpi), None, None, [], told, {}).groups[:_TOP] if found else []
