"""Live: how often people did next what had been recommended to them."""

from datetime import datetime, timedelta
from pathlib import Path

from shared.core.clients import firestore_client
from shared.events import run_query
from shared.patterns.recommending.card import LiveQuality
from shared.patterns.recommending.intervals import share
from shared.patterns.recommending.store import tell_live

PERIOD = timedelta(days=30)
_SETTLED = timedelta(minutes=30)
"""What was recommended less long ago may still be done."""
_TIMEOUT = 300.0
_SQL = Path(__file__).with_name("live.sql")
_INSIGHTS = "quality_insights"
_INSIGHT = "recommendations"


def measure_live(at: datetime) -> list[LiveQuality]:
    """Measure what was recommended in the 30 days before `at`, by platform where at least five people were served.

    It is written on the model card and to `quality_insights/recommendations`. Raises Unavailable."""
    live = [
        _quality(row["platform"] or "", row["followed"], row["hits1"], row["hits10"], row["reciprocal"])
        for row in run_query(_SQL, {"start": at - PERIOD, "end": at, "settled": at - _SETTLED}, timeout=_TIMEOUT)
    ]
    tell_live(live, at)
    metrics = {f"hit10 {quality.platform}".strip(): quality.model_dump(by_alias=True) for quality in live}
    firestore_client().collection(_INSIGHTS).document(_INSIGHT).set({"metrics": metrics, "computedAt": at})
    return live


def _quality(platform: str, followed: int, hits1: int, hits10: int, reciprocal: float) -> LiveQuality:
    hit10 = share(hits10, followed)
    return LiveQuality(
        platform=platform,
        followed=followed,
        hit1=hits1 / followed,
        hit10=hit10.value,
        hit10_low=hit10.low,
        hit10_high=hit10.high,
        mrr10=reciprocal / followed,
    )
