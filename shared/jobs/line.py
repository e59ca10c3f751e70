"""Line: how many jobs of a user may be at work at once, and who of those that wait comes next.

A job holds a slot from its start to its end, or to the pause before its next attempt. Slots are kept in one document of the
user, which every start and end reads and writes in its transaction: what is counted is what is so. A job that finds no slot
free waits, by its turn; the transaction that frees a slot gives it to the first in line, so nobody comes between.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from google.cloud import firestore
from google.cloud.firestore import DocumentReference, FieldFilter

from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.jobs.controls import read_controls
from shared.jobs.job import Job, Priority, jobs_of, parse_job
from shared.jobs.queue import ticket

HANDICAP = {Priority.HIGH: timedelta(0), Priority.NORMAL: timedelta(minutes=5), Priority.LOW: timedelta(minutes=30)}
"""A job waits as if it had come so much later: priority goes before age, and yet no job waits for ever."""


def turn_of(job: Job) -> datetime:
    """Where a job stands in line: the earlier, the sooner."""
    return job.created + HANDICAP[job.priority]


@dataclass(frozen=True)
class Line:
    """The slots of a user as a transaction has read them and will write them: who holds one, who gets one now."""

    reference: DocumentReference
    held: frozenset[str]
    holders: frozenset[str]
    called: tuple[Job, ...]

    @classmethod
    def read(
        cls, transaction: firestore.Transaction, user_id: str, *, leaving: str | None = None, joining: Job | None = None
    ) -> "Line":
        """What becomes of the slots when the job with the id `leaving` gives up its, and `joining` wants one.

        To be called before the transaction's first write."""
        reference = firestore_client().collection("users", user_id, "quotas").document("jobs")
        stored = reference.get(transaction=transaction).to_dict() or {}
        held = frozenset(stored.get("holders", ()))
        joining = joining if joining is not None and joining.id not in held else None
        staying = held - {leaving}
        free = _slots_of(transaction, user_id) - len(staying)
        called = _first(transaction, user_id, free, leaving, joining) if free > 0 else []
        return cls(reference, held, staying | {job.id for job in called}, tuple(called))

    def write(self, transaction: firestore.Transaction, *, starts: str | None = None) -> list[outbox.Message]:
        """Write the slots and queue the jobs that have got one, but the one with the id `starts`, which the caller starts."""
        if self.holders != self.held:
            transaction.set(self.reference, {"holders": sorted(self.holders)})
        messages = []
        for job in self.called:
            if job.id != starts:
                transaction.update(job.reference, {"turn": None, "stage": "queued", "queuedAt": now()})
                messages.append(outbox.enqueue(transaction, job.priority.topic, ticket(job)))
        return messages


def _slots_of(transaction: firestore.Transaction, user_id: str) -> int:
    """How many jobs of this user may be at work at once, by plan."""
    profile = firestore_client().collection("users").document(user_id).get(["plan"], transaction=transaction)
    plan = (profile.to_dict() or {}).get("plan")
    return read_controls(transaction).slots(plan or "free", now())


def _first(
    transaction: firestore.Transaction, user_id: str, free: int, leaving: str | None, joining: Job | None
) -> list[Job]:
    """The first `free` jobs in line, `joining` among those that wait."""
    query: Any = jobs_of(user_id).where(filter=FieldFilter("turn", ">", datetime.fromtimestamp(0, tz=now().tzinfo)))
    waiting = {
        snapshot.id: parse_job(snapshot.to_dict() or {})
        for snapshot in query.order_by("turn").limit(free + 1).stream(transaction=transaction)
        if snapshot.id != leaving
    }
    if joining is not None:
        waiting[joining.id] = joining
    return sorted(waiting.values(), key=lambda job: (turn_of(job), job.id))[:free]
