"""What is written together with the end of a job: its results as assets, and its events."""

import logging
import time
from collections.abc import Callable, Sequence

from google.cloud import firestore

from shared.assets import Asset
from shared.core import outbox
from shared.events import Event, analytics_allowed, event_messages
from shared.insights import PerformanceMonitor
from shared.jobs import Job, JobError, JobState, Worker, run_leased

log = logging.getLogger(__name__)


def run_to_end(
    user_id: str,
    job_id: str,
    execution: str | None,
    work: Callable[[Worker], None],
    failure_event: Callable[[Job, JobError, float], Event],
) -> JobState | None:
    """Do the work of a job that ends itself when it succeeds. When it fails, `failure_event` of the job, the error and the
    milliseconds of this attempt is told together with that."""
    started = time.monotonic()

    def failed(worker: Worker, error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
        event = failure_event(worker.job, error, (time.monotonic() - started) * 1000)
        return lambda transaction: write_end(transaction, user_id, [event])

    state = run_leased(user_id, job_id, work, failed, execution)
    log.info("job ended: %s", state)
    return state


def write_end(
    transaction: firestore.Transaction, user_id: str, events: Sequence[Event], assets: Sequence[Asset] = ()
) -> list[outbox.Message]:
    """Write the assets, each with its first version, put the events in the outbox, and tell the monitor what was generated:
    unless the user does not want to be watched."""
    for asset in assets:
        transaction.set(asset.reference, asset.document())
        transaction.set(asset.reference.collection("versions").document("1"), asset.document())
    messages = event_messages(user_id, events)
    for event in events if messages else ():
        if event.generation is not None:
            PerformanceMonitor().update_generation_metrics(event, transaction)
    return [outbox.enqueue(transaction, "events", message) for message in messages]


def generation_begun(user_id: str, event_id: str, operation: str, provider: str) -> None:
    """Tell the monitor that a generation begins, which will end with an event of this id: under the same condition."""
    if analytics_allowed(user_id):
        PerformanceMonitor().record_generation_metrics(event_id, operation, provider)
