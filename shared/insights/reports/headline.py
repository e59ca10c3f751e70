"""The headline: the KPIs that are seen at once, as tiles with their change, target and way."""

from shared.exports import Tile, Tone, signed, written
from shared.insights.kpi import kpi
from shared.insights.reports.changes import is_better, misses_target
from shared.insights.reports.readings import Readings
from shared.insights.reports.sentence import change_kind, kind_of

MOST = 8
_CANDIDATES = (
    "success_rate",
    "generation_time",
    "quality_score",
    "satisfaction",
    "operations",
    "unique_users",
    "revenue",
    "cost_per_operation",
    "premium_adoption",
    "retention",
    "processing_time_p95",
    "queue_wait_p95",
)
"""In the order in which they are wanted."""


def choose_headline(readings: Readings) -> tuple[str, ...]:
    """The KPIs of the headline: the first of the candidates that something was measured of."""
    return tuple(name for name in _CANDIDATES if name in readings.now and readings.now[name].samples)[:MOST]


def make_tile(readings: Readings, name: str, trail: list[float | None]) -> Tile:
    """The tile of a KPI; its change is coloured only if it is more than chance."""
    one, now, before = kpi(name), readings.now[name], readings.before[name]
    change = readings.change(name, before.value, now.value)
    missed = misses_target(one, now.value)
    return Tile(
        title=one.title,
        value=written(now.value, kind_of(one)),
        change=f"{signed(change, change_kind(one))} vs before" if change is not None else None,
        tone=_tone(is_better(one, change)) if change and readings.moved(name) else Tone.NEUTRAL,
        target=f"target {written(one.target, kind_of(one))}" if one.target is not None else None,
        met=None if missed is None else not missed,
        trail=trail,
    )


def _tone(better: bool) -> Tone:
    return Tone.GOOD if better else Tone.BAD
