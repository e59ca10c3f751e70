"""Comparing: KPIs of a period, as a whole and by its steps, beside those of the period before.

What is added up of rows is read once for all three: the whole is the sum of the steps, and the period before is read with the
period, as one more step. People are looked up once for all three, and counted for each: somebody who is there in two steps is one
person in both together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from shared.insights.composing import Half, Scope
from shared.insights.kpi import Dimension, kpi
from shared.insights.measurement import Cells, Measurement, merge
from shared.insights.measuring import Attending, Distrust, check, measurements, read_cells
from shared.insights.period import Period, Step


@dataclass(frozen=True)
class Compared:
    """The measurements of the whole period, those of its steps, and those of the whole period before; each as of `measure`."""

    now: list[Measurement]
    series: list[Measurement]
    before: list[Measurement]


def measure_compared(
    names: Collection[str],
    period: Period,
    *,
    compare: bool,
    by: Collection[Dimension] = (),
    every: Step | None = None,
    where: Mapping[Dimension, Collection[str]] | None = None,
    users: Collection[str] | None = None,
    distrust: Distrust | None = None,
) -> Compared:
    """What `measure` says of the period, of its steps if there shall be any, and of the period before if it shall be compared; in
    fewer queries. Raises InvalidInput, Unavailable."""
    chosen = [kpi(name) for name in dict.fromkeys(names)]
    steps = Scope.of(period, by, every, where, users)
    check(chosen, steps)
    now = replace(steps, every=None)
    before = replace(now, start=period.before.start, end=period.start) if compare else None
    # With a middle though nothing may lie before it: without one, hours' percentiles are told as kept, which cannot be added up.
    both = replace(steps, start=(before or now).start, middle=period.start)
    scopes = {"now": now, **({"series": steps} if every else {}), **({"before": before} if before is not None else {})}
    attending = Attending.begin([one for one in chosen if not one.aggregate.mergeable], list(scopes.values()))
    added = _halves(read_cells([one for one in chosen if one.aggregate.mergeable], both, distrust), both)
    found: dict[str, list[Measurement]] = {"now": [], "series": [], "before": []}
    for (name, scope), people, shown in zip(scopes.items(), attending.cells(), attending.shown(), strict=True):
        cells = added[Half.BEFORE if name == "before" else Half.AFTER]
        found[name] = measurements(chosen, scope, merge([cells if scope.every else _whole(cells), people]), shown)
    return Compared(**found)


def _halves(cells: Cells, scope: Scope) -> dict[Half, Cells]:
    halves: dict[Half, Cells] = {half: {} for half in Half}
    for key, cell in cells.items():
        halves[scope.half(key[2])][key] = cell
    return halves


def _whole(cells: Cells) -> Cells:
    """All steps together."""
    return merge({(name, labels, None): cell} for (name, labels, _), cell in cells.items())
