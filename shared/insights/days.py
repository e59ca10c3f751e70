"""Days: for each, what it was for the business, for quality, and what people did, as documents that dashboards read at once.

Nothing in them tells of fewer than five people but the whole. A document says how many events it was computed from and when;
while the day has others, or its hours were computed anew since, it is stale, and the next run computes it again. So late events
and erasures reach it, however often a run is killed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.events import run_query
from shared.insights.kpi import SQL_FOLDER, Category, Dimension, Direction, Kpi, kpi, kpis
from shared.insights.measurement import Measurement
from shared.insights.measuring import measure
from shared.insights.period import Period, Step

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Subject:
    """What a collection tells of each day: the KPIs of some categories and `more`, and how they are by each dimension."""

    collection: str
    categories: tuple[Category, ...]
    more: tuple[str, ...]
    by: tuple[Dimension, ...]

    @property
    def kpis(self) -> list[str]:
        """Their names."""
        return [one.name for one in kpis().values() if one.category in self.categories or one.name in self.more]


BUSINESS = Subject("business_metrics", (Category.BUSINESS,), (), (Dimension.PLATFORM, Dimension.PLAN))
QUALITY = Subject(
    "quality_insights",
    (Category.QUALITY,),
    ("success_rate", "recovery_rate", "generation_time"),
    (Dimension.PROVIDER, Dimension.WORKFLOW, Dimension.OPERATION),
)
BEHAVIOUR = Subject(
    "user_behavior_insights",
    (Category.USAGE,),
    ("retention", "template_adoption"),
    (Dimension.PLATFORM, Dimension.OPERATION, Dimension.WORKFLOW),
)
MOST_DAYS = 14
"""Days that a run computes at most, the newest first; those that are left, the next one does."""


@dataclass(frozen=True)
class Figure:
    """A KPI on a day, the day before, and whether it is on the good side of its target; None where there is none."""

    now: Measurement
    before: float | None
    on_target: bool | None

    @classmethod
    def of(cls, found: Measurement, before: Measurement) -> "Figure":
        """What was found of a KPI on a day, and on the day before."""
        return cls(found, before.value, _on_target(kpi(found.kpi), found.value))

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it."""
        return {
            "value": self.now.value,
            "sampleCount": self.now.samples,
            "before": self.before,
            "target": kpi(self.now.kpi).target,
            "onTarget": self.on_target,
        }


@dataclass(frozen=True)
class DayInsights:
    """What a collection tells of the day that starts at `day`: figures by KPI, and measurements by dimension, value and KPI."""

    subject: Subject
    day: datetime
    figures: Mapping[str, Figure]
    breakdowns: Mapping[Dimension, Mapping[str, Mapping[str, Measurement]]]


def day_of(subject: Subject, day: datetime) -> DayInsights:
    """Measure a day. Raises Unavailable."""
    period = Period(day, day + DAY)
    before = {found.kpi: found for found in measure(subject.kpis, period.before)}
    figures = {found.kpi: Figure.of(found, before[found.kpi]) for found in measure(subject.kpis, period)}
    return DayInsights(subject, day, figures, {by: _breakdown(subject, period, by) for by in subject.by})


def keep_day(told: DayInsights, events: int, **more: Any) -> None:
    """Write the document of a day, computed from so many events, with `more` in it."""
    document = {
        "day": told.day,
        "metrics": {name: figure.document() for name, figure in told.figures.items()},
        "breakdowns": {
            by.value: {
                label: {name: {"value": each.value, "sampleCount": each.samples} for name, each in found.items()}
                for label, found in labels.items()
            }
            for by, labels in told.breakdowns.items()
        },
        "events": events,
        "computedAt": now(),
        **more,
    }
    _reference(told.subject, told.day).set(document)


def stale_days(subject: Subject, since: datetime, until: datetime, *, known: bool) -> list[tuple[datetime, int]]:
    """The days of a collection that must be computed, the newest first, with how many events they have now; with `known`, only
    those that there is a document of. Documents of days that have no events any more are deleted. Raises Unavailable."""
    from google.cloud.firestore import FieldFilter

    start = Step.DAY.floor(since)
    days = {row["day"]: row for row in run_query(SQL_FOLDER / "days.sql", {"start": start, "end": until})}
    collection = firestore_client().collection(subject.collection)
    kept = {
        datetime.fromtimestamp(each.get("day").timestamp(), UTC): each
        for each in collection.where(filter=FieldFilter("day", ">=", start))
        .where(filter=FieldFilter("day", "<", until))
        .stream()
    }
    for day in kept.keys() - days.keys():
        kept[day].reference.delete()

    def is_right(day: datetime, row: Mapping[str, Any]) -> bool:
        document = kept.get(day)
        if document is None:
            return known
        return bool(document.get("events") == row["events"] and document.get("computedAt") >= row["computed_at"])

    return [(day, row["events"]) for day, row in days.items() if not is_right(day, row)]


def _breakdown(subject: Subject, period: Period, by: Dimension) -> dict[str, dict[str, Measurement]]:
    able = [name for name in subject.kpis if by in kpi(name).dimensions]
    labels: dict[str, dict[str, Measurement]] = {}
    for found in measure(able, period, by=[by]):
        labels.setdefault(found.labels[0][1], {})[found.kpi] = found
    return labels


def _on_target(one: Kpi, value: float | None) -> bool | None:
    if value is None or one.target is None:
        return None
    return value >= one.target if one.direction is Direction.UP else value <= one.target


def _reference(subject: Subject, day: datetime) -> Any:
    return firestore_client().collection(subject.collection).document(day.strftime("%Y-%m-%d"))
