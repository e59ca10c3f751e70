"""Throttling: what a contact is sent in a stretch of time. Documents of `notification_contacts/{hash}` remember when.

A document holds the moment of each delivery's last attempt by the delivery's id: an attempt that is repeated counts once."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.core.clients import firestore_client
from shared.notifications.channel import THROTTLES, ChannelKind, Limit

COLLECTION = "notification_contacts"


def free_at(sent: Sequence[datetime], limits: Sequence[Limit], at: datetime) -> datetime:
    """From when on one more message may go out, `at` at the earliest, after those that were `sent`."""
    earliest = at
    for limit in limits:
        recent = sorted(moment for moment in sent if moment > at - timedelta(seconds=limit.seconds))
        if len(recent) >= limit.most:
            earliest = max(earliest, recent[-limit.most] + timedelta(seconds=limit.seconds))
    return earliest


def contact_reference(contact: str) -> Any:
    """The document of a contact."""
    name = hashlib.sha256(contact.encode()).hexdigest()[:32]
    return firestore_client().collection(COLLECTION).document(name)


def with_sent(
    sent: Mapping[str, datetime], delivery_id: str, at: datetime, limits: Sequence[Limit], kind: ChannelKind
) -> dict[str, Any]:
    """The contact's document once this delivery is sent too; what no limit looks back to any more is dropped. Another channel
    that reaches the contact may look back as far as its kind does."""
    longest = timedelta(seconds=max((limit.seconds for limit in (*limits, *THROTTLES[kind])), default=0))
    kept = {key: moment for key, moment in sent.items() if moment > at - longest}
    return {"sent": {**kept, delivery_id: at}, "expireAt": at + longest + timedelta(hours=1)}
