"""Events: what every operation tells of itself. Schema, privacy, publishing, ingest, and the way to query them."""

from shared.events.anonymity import K_ANONYMITY, at_least_k
from shared.events.ingest import IngestResult, ingest
from shared.events.intake import Outcome, Verdict, take_in
from shared.events.live import LiveCounts, live_counts
from shared.events.privacy import analytics_allowed, hash_user, hashes_of
from shared.events.publish import event_messages, publish_events
from shared.events.query import run_query
from shared.events.schema import (
    Business,
    Context,
    Event,
    EventType,
    FileType,
    Generation,
    Metrics,
    Operation,
    Plan,
    Platform,
    SizeCategory,
    timestamp_problem,
)

__all__ = [
    "K_ANONYMITY",
    "Business",
    "Context",
    "Event",
    "EventType",
    "FileType",
    "Generation",
    "IngestResult",
    "LiveCounts",
    "Metrics",
    "Operation",
    "Outcome",
    "Plan",
    "Platform",
    "SizeCategory",
    "Verdict",
    "analytics_allowed",
    "at_least_k",
    "event_messages",
    "hash_user",
    "hashes_of",
    "ingest",
    "live_counts",
    "publish_events",
    "run_query",
    "take_in",
    "timestamp_problem",
]
