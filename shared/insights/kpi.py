"""KPIs: the figures by which Kompo is judged, each declared once in `kpis.yaml`.

The SQL of a KPI selects its rows: what it is computed from, each with a numerator and a denominator. How rows become the figure
says `aggregate`. So the same file gives the figure of any period, the hours that are kept of it, and the rows that it is
traced to."""

import difflib
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field

from shared.core.declared import read_declared
from shared.core.errors import InvalidInput

SQL_FOLDER = Path(__file__).with_name("sql")
MOST_REACH = 1
"""Hours around an hour whose events may decide about what is kept of it."""
_DECLARED = Path(__file__).with_name("kpis.yaml")


class UnknownKpi(InvalidInput):
    """No KPI has this name."""


class Category(StrEnum):
    """What a KPI is about."""

    PERFORMANCE = "performance"
    QUALITY = "quality"
    BUSINESS = "business"
    USAGE = "usage"
    SYSTEM = "system"
    INGEST = "ingest"
    LEARNING = "learning"
    ALERTING = "alerting"


class Unit(StrEnum):
    """What a KPI is counted in. A ratio is 0 to 1, a score 0 to 10, a rating 0 to 5, NPS -100 to 100."""

    RATIO = "ratio"
    SECONDS = "seconds"
    COUNT = "count"
    USD = "usd"
    SCORE = "score"
    RATING = "rating"
    PERCENT = "percent"
    MEGABYTES = "megabytes"
    NPS = "nps"


_RANGES: dict[Unit, tuple[float, float]] = {
    Unit.RATIO: (0, 1),
    Unit.SCORE: (0, 10),
    Unit.RATING: (0, 5),
    Unit.NPS: (-100, 100),
}


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


class Dimension(StrEnum):
    """What the rows of a KPI can be told apart by."""

    PLATFORM = "platform"
    OPERATION = "operation"
    PROVIDER = "provider"
    PLAN = "plan"
    WORKFLOW = "workflow"
    ERROR = "error"


class Aggregate(StrEnum):
    """How rows become the figure.

    sum: of the numerators. ratio: of the sums of numerators and denominators. p50, p95: that percentile of the numerators, at
    most 1 % off. people: how many there are with a numerator. people_share: those among the people with a denominator. actives:
    people in the 30 days up to the end. returning: the share of the people of one period who are there in the next."""

    SUM = "sum"
    RATIO = "ratio"
    P50 = "p50"
    P95 = "p95"
    PEOPLE = "people"
    PEOPLE_SHARE = "people_share"
    ACTIVES = "actives"
    RETURNING = "returning"

    @property
    def mergeable(self) -> bool:
        """Whether the figure of a period follows from what is kept of its hours."""
        return self in (Aggregate.SUM, Aggregate.RATIO) or self.percentile is not None

    @property
    def counts_people(self) -> bool:
        """Whether people are counted, in the time that they are asked of and no other."""
        return self in (Aggregate.PEOPLE, Aggregate.PEOPLE_SHARE)

    @property
    def percentile(self) -> float | None:
        """0 to 1, for those that are one."""
        return _PERCENTILES.get(self)


_PERCENTILES = {Aggregate.P50: 0.5, Aggregate.P95: 0.95}


class Source(StrEnum):
    """Where the rows of a KPI come from. Those of the last three are nobody's."""

    EVENTS = "events"
    PLANS = "plans"
    RECOMMENDATIONS = "recommendations"
    OUTCOMES = "outcomes"
    SAMPLES = "samples"
    ALERTS = "alerts"


class Kpi(BaseModel):
    """A KPI: what it says, how it is computed, where it should be, and who answers for it.

    `sql` is a file of the folder `sql`. `target` is on the good side of itself. Where its unit does not say what it
    can be at all, `least` and `most` do; None is anything."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    description: str
    category: Category
    unit: Unit
    sql: str = Field(pattern=r"^[a-z_]+\.sql$")
    aggregate: Aggregate
    reach_hours: int = Field(
        default=0, ge=0, le=MOST_REACH, description="How far around the period decides about its rows"
    )
    source: Source = Source.EVENTS
    target: float | None = None
    least: float | None = 0
    most: float | None = None
    direction: Direction
    owner: str
    dimensions: tuple[Dimension, ...] = ()

    @property
    def reach(self) -> timedelta:
        """How far around the period decides about its rows."""
        return timedelta(hours=self.reach_hours)

    @property
    def range(self) -> tuple[float | None, float | None]:
        """What it can be at the least and at the most; None is anything."""
        return _RANGES.get(self.unit, (self.least, self.most))

    @property
    def personal(self) -> bool:
        """Whether its rows are people's."""
        return self.source in (Source.EVENTS, Source.PLANS, Source.RECOMMENDATIONS)

    @property
    def hourly(self) -> bool:
        """Whether `metrics_hourly` keeps its hours, and `metrics_daily` its days."""
        return self.source is Source.EVENTS and (self.aggregate.mergeable or self.aggregate.counts_people)


@cache
def kpis() -> Mapping[str, Kpi]:
    """All KPIs by name, in the order of `kpis.yaml`."""
    declared = read_declared(_DECLARED)
    return MappingProxyType({name: Kpi(name=name, **said) for name, said in declared.items()})


def kpi(name: str) -> Kpi:
    """The KPI of this name. Raises UnknownKpi, naming the nearest."""
    if found := kpis().get(name):
        return found
    near = difflib.get_close_matches(name, kpis(), n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(kpis())}."
    raise UnknownKpi(f"No KPI is named {name}. {hint}")
