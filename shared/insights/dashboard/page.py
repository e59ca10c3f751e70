"""Page: some KPIs as one view of them shows them."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from pydantic import Field

from shared.core.clock import now
from shared.core.errors import InvalidInput
from shared.insights.comparing import Compared, measure_compared
from shared.insights.dashboard.figure import KpiFigure, figure_of
from shared.insights.dashboard.view import View
from shared.insights.figures import Figures, Freshness
from shared.insights.kpi import Dimension, Kpi, kpi
from shared.insights.measurement import Measurement
from shared.insights.measuring import Distrust, begin_distrust
from shared.insights.period import Step
from shared.insights.reading import newest_event

_AT_A_TIME = 3
"""Questions side by side."""
_NOTHING = Compared([], [], [])


class NotShown(Figures):
    """A KPI that the view cannot show, and why."""

    name: str
    reason: str


class Page(Figures):
    """KPIs of [start, end), whose they are (`everybody` or `own`), and the period that they are compared with."""

    scope: str = Field(description="`everybody`, or `own` for who may only see their own")
    start: datetime
    end: datetime
    previous_start: datetime | None
    previous_end: datetime | None
    every: Step | None
    by: list[Dimension]
    where: dict[Dimension, list[str]]
    kpis: list[KpiFigure]
    left_out: list[NotShown]
    freshness: Freshness


def get_page(names: Sequence[str], view: View, distrust: Distrust | None = None) -> Page:
    """The KPIs of these names as the view has them. Groups of fewer than five people are not shown of everybody's.

    A KPI that cannot be filtered as asked, or is nobody's own, is left out, with the reason; one that cannot be grouped as
    asked is shown as a whole. Raises InvalidInput (an unknown KPI, too many points, nothing that could be shown), Unavailable."""
    view.check_points()
    wanted = [kpi(name) for name in dict.fromkeys(names)]
    left_out = [NotShown(name=each.name, reason=why) for each in wanted if (why := _why_not(each, view)) is not None]
    shown = [each for each in wanted if _why_not(each, view) is None]
    if not shown:
        raise InvalidInput(left_out[0].reason if left_out else "Name a KPI to show.")
    grouped = [each for each in shown if view.by and set(view.by) <= set(each.dimensions)]
    if view.by and not grouped:
        raise InvalidInput(f"None of {_listed(shown)} can be told by {' and '.join(view.by)}.", pointer="/by")
    before, computed_at = view.before, now()
    distrust = distrust or distrust_in(view)
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        newest = threads.submit(newest_event, view.period, view.users)
        coming = threads.submit(_compared, shown, view, distrust, every=view.every)
        groups = threads.submit(_compared, grouped, view, distrust, by=view.by).result() if grouped else _NOTHING
        figures = coming.result()
    return Page(
        scope=view.scope,
        start=view.period.start,
        end=view.period.end,
        previous_start=before.start if before else None,
        previous_end=before.end if before else None,
        every=view.every,
        by=list(view.by),
        where={dimension: list(values) for dimension, values in view.where.items()},
        kpis=[_figure(each, figures, groups) for each in shown],
        left_out=left_out,
        freshness=Freshness(computed_at=computed_at, newest_event_at=newest.result()),
    )


def distrust_in(view: View) -> Distrust | None:
    """What of all that a view shows must not be believed, asked for once; nothing that is kept is one person's."""
    return begin_distrust(view.since, view.period.end) if view.users is None else None


def _why_not(wanted: Kpi, view: View) -> str | None:
    """Why the view cannot show the KPI; None if it can."""
    if view.users is not None and not wanted.personal:
        return f"{wanted.title} is nobody's own: analysts and operators see it."
    if missing := [each for each in view.where if each not in wanted.dimensions]:
        return f"{wanted.title} cannot be told by {' and '.join(missing)}."
    return None


def _listed(kpis: Sequence[Kpi]) -> str:
    return ", ".join(each.name for each in kpis)


def _compared(
    kpis: Sequence[Kpi],
    view: View,
    distrust: Distrust | None,
    *,
    by: Sequence[Dimension] = (),
    every: Step | None = None,
) -> Compared:
    return measure_compared(
        [each.name for each in kpis],
        view.period,
        compare=view.compare,
        by=by,
        every=every,
        where=view.where,
        users=view.users,
        distrust=distrust,
    )


def _figure(of: Kpi, figures: Compared, groups: Compared) -> KpiFigure:
    return figure_of(
        of,
        next(_mine(of, figures.now), None),
        next(_mine(of, figures.before), None),
        list(_mine(of, figures.series)),
        list(_mine(of, groups.now)),
        {each.labels: each for each in _mine(of, groups.before)},
    )


def _mine(of: Kpi, found: Iterable[Measurement]) -> Iterator[Measurement]:
    return (each for each in found if each.kpi == of.name)
