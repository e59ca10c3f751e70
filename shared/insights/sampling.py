"""Sampling: what the system says of itself, every minute, into `system_samples`: queues, waits, and functions that failed.

A missed minute is made up for by the next one, but for the length of a queue, which only the moment knows. Sampled again, what
is the same sample counts once."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from shared.core.clients import firestore_client
from shared.core.errors import Unavailable
from shared.core.failing import failures_between
from shared.events import ages_between, insert_rows
from shared.insights.period import Step

TABLE = "system_samples"
COLLECTION = "system_performance_metrics"
LATEST = "latest"
LOOK_BACK = timedelta(days=1)
"""How much is made up for at most after a pause."""
_MINUTE = timedelta(minutes=1)
_SETTLED = timedelta(minutes=1)
"""Failures and ages are counted in the minute that they happen in, which may still go on."""

Sample = dict[str, Any]


def sample_system(at: datetime) -> int:
    """Sample the minute of `at`, and what happened since the last time. How many samples there are. Raises Unavailable."""
    from google.api_core.exceptions import GoogleAPIError

    try:
        since = _sampled_until(at)
        samples = [*_queues(at), *_waits(since, at), *_failures(since, at)]
        if failed := insert_rows(TABLE, samples, [each["sample_id"] for each in samples]):
            raise Unavailable(f"BigQuery did not take {len(failed)} samples: {failed[0]['errors']}.")
        _latest().set({"at": at, "metrics": {each["name"]: {"value": each["value"]} for each in samples[:2]}})
    except GoogleAPIError as error:
        raise Unavailable(f"Firestore does not answer: {error}") from error
    return len(samples)


def _sampled_until(at: datetime) -> datetime:
    last = (_latest().get().to_dict() or {}).get("at", at - 2 * _MINUTE)
    return Step.MINUTE.floor(max(last, at - LOOK_BACK)) - _SETTLED


def _queues(at: datetime) -> Iterator[Sample]:
    """How many jobs wait, and how old the oldest of what waits is: jobs, messages in the outbox, events on their way."""
    from shared.jobs import waiting_jobs

    waiting = waiting_jobs(at)
    minute = Step.MINUTE.floor(at)
    yield _sample(minute, "queue_length", "jobs", waiting.jobs)
    ages = {
        "jobs": (at - waiting.since).total_seconds() if waiting.since else 0.0,
        "outbox": _outbox_age(at),
        "events": max((age for _, age in ages_between(minute - _MINUTE, at)), default=0.0),
    }
    oldest = max(ages, key=lambda queue: ages[queue])
    yield _sample(minute, "backlog_age", oldest, max(0.0, ages[oldest]))


def _outbox_age(at: datetime) -> float:
    """Of the oldest message that is written and not published, in seconds."""
    outbox = firestore_client().collection("outbox").order_by("createdAt").limit(1)
    return max(((at - each.get("createdAt")).total_seconds() for each in outbox.stream()), default=0.0)


def _waits(since: datetime, until: datetime) -> Iterator[Sample]:
    from shared.jobs import begun_between

    for begun in begun_between(since, until):
        yield _sample(begun.at, "queue_wait", begun.kind.value, begun.waited, of=f"{begun.job_id} {begun.attempt}")


def _failures(since: datetime, at: datetime) -> Iterator[Sample]:
    for failures in failures_between(since, Step.MINUTE.floor(at - _SETTLED) + _MINUTE):
        yield _sample(
            failures.minute, "function_errors", failures.function, failures.count, of=failures.id, error=failures.error
        )


def _sample(at: datetime, name: str, operation: str, value: float, *, of: str = "", error: str | None = None) -> Sample:
    said = f"{name} {of or at.isoformat()}"
    return {
        "sample_id": hashlib.blake2b(said.encode(), digest_size=16).hexdigest(),
        "sampled_at": at.isoformat(),
        "name": name,
        "operation": operation,
        "error": error,
        "value": value,
    }


def _latest() -> Any:
    return firestore_client().collection(COLLECTION).document(LATEST)
