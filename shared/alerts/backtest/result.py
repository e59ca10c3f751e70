"""Result: how often and for how long a rule would have fired, as a whole, for each set of labels, and one by one."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.alerts.instances import Condition
from shared.alerts.readings import Labels

SHOWN = 500
"""Episodes that are told one by one; all are counted."""
_WEEK = timedelta(days=7)


class Told(BaseModel):
    """A part of the result, as JSON shows it."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, json_schema_serialization_defaults_required=True
    )


class BacktestEpisode(Told):
    """An alert that would have fired."""

    labels: dict[str, str]
    condition: Condition
    started_at: datetime = Field(description="When it was bad first")
    fired_at: datetime
    resolved_at: datetime | None = Field(description="Null if it still fired at the end")
    minutes: float = Field(description="From firing to its end, or to that of the backtest")
    worst: float | None = Field(description="The value furthest on the bad side")


class LabelTotals(Told):
    """What would have fired for one set of labels."""

    labels: dict[str, str]
    fired: int
    firing_minutes: float
    pages_per_week: float
    worst: float | None


class Backtest(Told):
    """What the rule would have said from `start` to `end`."""

    start: datetime
    end: datetime = Field(description="How far it came; earlier than asked for if the time for it was over")
    complete: bool
    every: int = Field(description="Minutes between two evaluations; more than the rule says where each needs a query")
    evaluations: int
    without_data: int = Field(description="Evaluations that found too few samples")
    failures: int = Field(description="Evaluations that BigQuery failed")
    fired: int
    never_fired: int = Field(description="Alerts that were over before they had been bad for long enough")
    firing_minutes: float
    pages_per_week: float
    by_label: list[LabelTotals] = Field(description="The one that fires most often first")
    episodes: list[BacktestEpisode] = Field(description=f"The first {SHOWN}")


def totals(episodes: Iterable[BacktestEpisode], length: timedelta, *, above: bool) -> list[LabelTotals]:
    """The episodes by their labels."""
    grouped: dict[Labels, list[BacktestEpisode]] = {}
    for episode in episodes:
        grouped.setdefault(tuple(sorted(episode.labels.items())), []).append(episode)
    found = [_total(labels, alike, length, above=above) for labels, alike in grouped.items()]
    return sorted(found, key=lambda total: (-total.fired, -total.firing_minutes, sorted(total.labels.items())))


def per_week(fired: int, length: timedelta) -> float:
    """So many in `length`, a week."""
    return round(fired * (_WEEK / length), 2) if length else 0.0


def worst_of(values: Iterable[float | None], *, above: bool) -> float | None:
    """The value furthest on the bad side."""
    measured = [value for value in values if value is not None]
    return (max if above else min)(measured, default=None)


def _total(labels: Labels, alike: Sequence[BacktestEpisode], length: timedelta, *, above: bool) -> LabelTotals:
    return LabelTotals(
        labels=dict(labels),
        fired=len(alike),
        firing_minutes=sum(episode.minutes for episode in alike),
        pages_per_week=per_week(len(alike), length),
        worst=worst_of((episode.worst for episode in alike), above=above),
    )
