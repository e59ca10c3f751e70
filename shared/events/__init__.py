"""Events: what every operation tells of itself. Schema, privacy, publishing, ingest, and the way to query them."""

from shared.events.anonymity import K_ANONYMITY, at_least_k
from shared.events.drain import Drained, drain
from shared.events.generations import (
    GenerationMetrics,
    GenerationState,
    begin_generation,
    cancel_generation,
    end_generation,
    find_generation,
)
from shared.events.ingest import IngestResult, ingest, quarantine
from shared.events.insertion import insert_rows
from shared.events.intake import Receipt, Verdict, take_in
from shared.events.live import LiveCounts, ages_between, live_counts, live_outcomes
from shared.events.outcomes import Outcome, Series, Stage, Tally
from shared.events.privacy import analytics_allowed, hash_user, hashes_of
from shared.events.publish import event_messages, publish_events
from shared.events.query import Parameter, run_query, run_sql, with_views
from shared.events.replay import Replay, replay
from shared.events.rollup import roll_up_outcomes
from shared.events.schema import (
    EVENT_VERSIONS,
    AnyEvent,
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
    event_schema,
    parse_event,
    timestamp_problem,
)
from shared.events.stale import forget_stale, mark_stale, stale_hours

__all__ = [
    "EVENT_VERSIONS",
    "K_ANONYMITY",
    "AnyEvent",
    "Business",
    "Context",
    "Drained",
    "Event",
    "EventType",
    "FileType",
    "Generation",
    "GenerationMetrics",
    "GenerationState",
    "IngestResult",
    "LiveCounts",
    "Metrics",
    "Operation",
    "Outcome",
    "Parameter",
    "Plan",
    "Platform",
    "Receipt",
    "Replay",
    "Series",
    "SizeCategory",
    "Stage",
    "Tally",
    "Verdict",
    "ages_between",
    "analytics_allowed",
    "at_least_k",
    "begin_generation",
    "cancel_generation",
    "drain",
    "end_generation",
    "event_messages",
    "event_schema",
    "find_generation",
    "forget_stale",
    "hash_user",
    "hashes_of",
    "ingest",
    "insert_rows",
    "live_counts",
    "live_outcomes",
    "mark_stale",
    "parse_event",
    "publish_events",
    "quarantine",
    "replay",
    "roll_up_outcomes",
    "run_query",
    "run_sql",
    "stale_hours",
    "take_in",
    "timestamp_problem",
    "with_views",
]
