"""Settling: what follows from an attempt, written in one transaction with it, by whoever has the lease."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from shared.core.clients import firestore_client
from shared.notifications.channel import Channel
from shared.notifications.channels import switch_off
from shared.notifications.claiming import carried_by, write
from shared.notifications.delivery import MAX_ANSWER, Delivery, parse_delivery, reference_of
from shared.notifications.errors import Verdict

if TYPE_CHECKING:
    from google.cloud.firestore import Transaction

FIRST_PAUSE = 15.0
"""Seconds; each pause is twice the one before."""
LONGEST_PAUSE = 4 * 3600.0
LONGEST_RETRY_AFTER = 24 * 3600.0
"""More than this nobody may ask for."""

Change = Callable[[Delivery], Delivery]


def pause_after(tries: int, retry_after: float | None = None) -> timedelta:
    """How long to wait after `tries` failed attempts (1 or more): between half and all of 15 s, 30 s, 1 min … 4 h, by chance, so
    that many deliveries to one receiver do not come back at once; never less than the receiver has asked for."""
    whole = min(FIRST_PAUSE * 2.0 ** (tries - 1), LONGEST_PAUSE)
    pause = random.uniform(whole / 2, whole)  # noqa: S311  (nothing to guess here)
    return timedelta(seconds=max(pause, min(retry_after or 0.0, LONGEST_RETRY_AFTER)))


def settle_delivered(delivery: Delivery, answer: str, at: datetime) -> Delivery | None:
    """It went out at `at`. Returns it as it is then, None if the lease is not ours any more."""
    return _settle(delivery, lambda stored: stored.delivered(at, answer), lambda member: member.gone_out(at))


def settle_failed(delivery: Delivery, channel: Channel, answer: str, verdict: Verdict, at: datetime) -> Delivery | None:
    """It did not go out: it waits for its next attempt, or is dead. A receiver that is gone for good switches its channel off.
    Returns it as it is then, None if the lease is not ours any more."""
    over = verdict.permanent or verdict.gone or delivery.tries >= delivery.most_tries
    due = None if over else at + pause_after(delivery.tries, verdict.retry_after)
    settled = _settle(delivery, lambda stored: stored.failed(at, answer, due), Delivery.dead)
    if verdict.gone and settled is not None:
        switch_off(channel, answer[:MAX_ANSWER], at)
    return settled


def _settle(ours: Delivery, change: Change, end_member: Change) -> Delivery | None:
    """Change the delivery if its lease is still ours; if that ends it, end what it carries."""
    from google.cloud import firestore

    @firestore.transactional
    def attempt(transaction: "Transaction") -> Delivery | None:
        stored = parse_delivery(reference_of(ours.id).get(transaction=transaction).to_dict())
        if stored is None or stored.lease != ours.lease:
            return None
        changed = change(stored)
        members = carried_by(stored, transaction) if changed.state.final else []
        write(transaction, changed, *(end_member(member) for member in members))
        return changed

    return cast("Delivery | None", attempt(firestore_client().transaction()))
