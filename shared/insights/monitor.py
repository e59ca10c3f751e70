"""PerformanceMonitor: how generations and the system do, now and over time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.ids import new_id
from shared.events import Event, begin_generation, end_generation
from shared.insights.kpi import Category, Dimension, Direction, Kpi, kpi, kpis
from shared.insights.measurement import Measurement
from shared.insights.measuring import measure
from shared.insights.period import Period, Step
from shared.insights.trends import KpiTrend, trends

if TYPE_CHECKING:
    from google.cloud import firestore

COLLECTION = "system_performance_metrics"
CURRENT = "current"
EVENTS = "analytics_events"
KEPT = timedelta(days=90)
_LOOKED_AT = timedelta(hours=1)
_WATCHED = (Category.PERFORMANCE, Category.QUALITY, Category.SYSTEM)
_OF_PROVIDERS = ("success_rate", "generation_time", "quality_score", "cost")


@dataclass(frozen=True)
class Missed:
    """A KPI on the wrong side of its target."""

    kpi: Kpi
    measurement: Measurement
    target: float


@dataclass(frozen=True)
class SystemMetrics:
    """How the system did over a period: every KPI of performance, quality and the system, and providers compared."""

    period: Period
    figures: Mapping[str, Measurement]
    providers: Mapping[str, Mapping[str, Measurement]]


class PerformanceMonitor:
    """Tracks generations, and measures how the system does against its targets."""

    def record_generation_metrics(self, event_id: str, operation: str, provider: str) -> None:
        """A generation begins, that will end with an event of this id. Raises GoogleAPIError."""
        begin_generation(event_id, operation, provider, now())

    def update_generation_metrics(self, event: Event, transaction: "firestore.Transaction | None" = None) -> None:
        """A generation ends with this event; in the transaction, if one is given, that writes its end."""
        end_generation(event, transaction)

    def calculate_system_metrics(self, at: datetime) -> SystemMetrics:
        """Measure the hour before `at`, and write it to `system_performance_metrics/current`. Raises Unavailable."""
        period = Period(at - _LOOKED_AT, at)
        watched = [one.name for one in kpis().values() if one.category in _WATCHED]
        figures = {found.kpi: found for found in measure(watched, period)}
        providers: dict[str, dict[str, Measurement]] = {}
        for found in measure(_OF_PROVIDERS, period, by=[Dimension.PROVIDER]):
            providers.setdefault(found.labels[0][1], {})[found.kpi] = found
        document = {
            "start": period.start,
            "end": period.end,
            "metrics": {name: _told(found) for name, found in figures.items()},
            "providers": {
                name: {found.kpi: _told(found) for found in each.values()} for name, each in providers.items()
            },
            "computedAt": now(),
        }
        firestore_client().collection(COLLECTION).document(CURRENT).set(document)
        return SystemMetrics(period, figures, providers)

    def get_performance_trends(
        self, period: Period, every: Step = Step.DAY, names: Collection[str] = ()
    ) -> list[KpiTrend]:
        """Where the KPIs of performance go, or those named, and what is to be expected of them. Raises as `trends` does."""
        of_performance = [one.name for one in kpis().values() if one.category is Category.PERFORMANCE]
        return trends(names or of_performance, period, every=every)

    def check_performance_alerts(self, at: datetime) -> list[Missed]:
        """The targets that the hour before `at` has missed; each is told to `analytics_events`. Raises Unavailable.

        Whether that is worth waking somebody up, rules say: see `shared.alerts`."""
        targeted = [one.name for one in kpis().values() if one.target is not None and one.category in _WATCHED]
        found = measure(targeted, Period(at - _LOOKED_AT, at))
        missed = [each for each in map(_missed, found) if each is not None]
        batch = firestore_client().batch()
        for each in missed:
            told = {
                "kind": "target_missed",
                "kpi": each.kpi.name,
                "value": each.measurement.value,
                "target": each.target,
                "samples": each.measurement.samples,
                "at": at,
                "expireAt": at + KEPT,
            }
            batch.set(firestore_client().collection(EVENTS).document(new_id()), told)
        batch.commit()
        return missed


def _missed(found: Measurement) -> Missed | None:
    one = kpi(found.kpi)
    if found.value is None or one.target is None:
        return None
    good = found.value >= one.target if one.direction is Direction.UP else found.value <= one.target
    return None if good else Missed(one, found, one.target)


def _told(found: Measurement) -> dict[str, float | int | None]:
    return {"value": found.value, "sampleCount": found.samples}
