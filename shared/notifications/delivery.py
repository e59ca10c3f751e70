"""Deliveries: one message to one contact of a channel, and all that became of it. Documents of `notification_deliveries/{id}`."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel
from shared.core.ids import new_id
from shared.notifications.channel import Channel, ChannelKind
from shared.notifications.message import Content

COLLECTION = "notification_deliveries"
KEPT = timedelta(days=90)
"""How long a delivery is remembered, and a repeated key with it."""
MAX_KEPT_ATTEMPTS = 20
MAX_ANSWER = 500


class DeliveryState(StrEnum):
    """Where a delivery is in its life. `held`: its contact has had enough for now, or does not answer; `bundled`: it goes out
    with another one."""

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    BUNDLED = "bundled"
    DELIVERED = "delivered"
    DEAD = "dead"

    @property
    def final(self) -> bool:
        """Whether nothing happens any more, unless an operator replays it."""
        return self in (DeliveryState.DELIVERED, DeliveryState.DEAD)


class AttemptOutcome(StrEnum):
    """How an attempt ended. `lost`: whoever was at it never said; the message may have gone out."""

    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    FAILED = "failed"
    LOST = "lost"


class Attempt(StoredModel):
    """An attempt: when it began and ended, how, and what the receiver answered (500 characters at most)."""

    at: datetime
    ended: datetime | None = None
    outcome: AttemptOutcome = AttemptOutcome.UNDER_WAY
    answer: str = ""


class Delivery(StoredModel):
    """A message on its way to a contact.

    `due` is when it is to be looked at next: the next attempt, or the end of the lease of whoever is at it; None when nothing is
    to be done. `tries` counts the attempts since it was queued or replayed. What is `urgent` is not throttled. Of several that go
    out together, one is the carrier: it has their ids in `bundle` and what is sent in `carried`; they name it in `carrier`."""

    id: str
    key: str
    channel_id: str
    channel_name: str
    kind: ChannelKind
    to: str
    contact: str
    content: Content
    state: DeliveryState = DeliveryState.QUEUED
    created: datetime
    due: datetime | None
    lease: str | None = None
    tries: int = 0
    most_tries: int
    urgent: bool = False
    attempts: tuple[Attempt, ...] = ()
    carrier: str | None = None
    bundle: tuple[str, ...] = ()
    carried: Content | None = None
    delivered_at: datetime | None = None
    expire_at: datetime

    @property
    def sent_content(self) -> Content:
        """What goes out: with what is bundled, if anything is."""
        return self.carried or self.content

    def begun(self, at: datetime, until: datetime) -> Self:
        """With an attempt under way, leased until then."""
        attempts = (*self.attempts, Attempt(at=at))[-MAX_KEPT_ATTEMPTS:]
        return self._changed(
            state=DeliveryState.SENDING, due=until, lease=new_id(), tries=self.tries + 1, attempts=attempts
        )

    def lost(self, at: datetime) -> Self:
        """With the attempt under way, if there is one, declared lost: its lease has run out."""
        if self.state is not DeliveryState.SENDING:
            return self
        return self._with_last(at, AttemptOutcome.LOST, "Whoever was at it never said how it ended.")

    def held(self, until: datetime) -> Self:
        """Held back until then."""
        return self._changed(state=DeliveryState.HELD, due=until, lease=None)

    def in_bundle_of(self, carrier: str) -> Self:
        """On its way with another delivery."""
        return self._changed(state=DeliveryState.BUNDLED, due=None, carrier=carrier)

    def delivered(self, at: datetime, answer: str) -> Self:
        """Gone out at `at`."""
        return self._with_last(at, AttemptOutcome.DELIVERED, answer).gone_out(at)

    def gone_out(self, at: datetime) -> Self:
        """Gone out, by itself or with another one."""
        return self._changed(state=DeliveryState.DELIVERED, due=None, lease=None, delivered_at=at)

    def failed(self, at: datetime, answer: str, due: datetime | None) -> Self:
        """With its attempt failed: to be tried again when it is `due`, or dead."""
        failed = self._with_last(at, AttemptOutcome.FAILED, answer)
        return failed.dead() if due is None else failed._changed(state=DeliveryState.QUEUED, due=due, lease=None)

    def refused(self, at: datetime, answer: str) -> Self:
        """Dead without an attempt, and why."""
        attempt = Attempt(at=at, ended=at, outcome=AttemptOutcome.FAILED, answer=answer)
        return self._changed(attempts=(*self.attempts, attempt)[-MAX_KEPT_ATTEMPTS:]).dead()

    def dead(self) -> Self:
        """A dead letter."""
        return self._changed(state=DeliveryState.DEAD, due=None, lease=None)

    def replayed(self, at: datetime) -> Self:
        """Due again, with all its attempts before it."""
        return self._changed(state=DeliveryState.QUEUED, due=at, lease=None, tries=0, carrier=None, delivered_at=None)

    def _with_last(self, at: datetime, outcome: AttemptOutcome, answer: str) -> Self:
        last = self.attempts[-1].model_copy(update={"ended": at, "outcome": outcome, "answer": answer[:MAX_ANSWER]})
        return self._changed(attempts=(*self.attempts[:-1], last))

    def _changed(self, **changes: Any) -> Self:
        return self.model_copy(update=changes)

    def document(self) -> dict[str, Any]:
        """Its document: moments stay moments, for queries by them."""
        return {**self.model_dump(mode="json", by_alias=True), **_moments(self)}


def new_delivery(
    channel: Channel, to: str, key: str, content: Content, at: datetime, *, test: bool = False
) -> Delivery:
    """The delivery of what has this key, due at once. The same channel, contact and key have the same id. A `test` is tried once,
    and at once."""
    return Delivery(
        id=hashlib.sha256("\0".join((channel.id, to, key)).encode()).hexdigest()[:32],
        key=key,
        channel_id=channel.id,
        channel_name=channel.name,
        kind=channel.kind,
        to=to,
        contact=f"{channel.kind.value}:{to}",
        content=content,
        created=at,
        due=at,
        most_tries=1 if test else channel.max_attempts,
        urgent=test,
        expire_at=at + KEPT,
    )


def reference_of(delivery_id: str) -> Any:
    """The delivery's document."""
    return firestore_client().collection(COLLECTION).document(delivery_id)


def parse_delivery(document: dict[str, Any] | None) -> Delivery | None:
    """The delivery of a document, None of none."""
    return None if document is None else Delivery.model_validate(document)


def _moments(delivery: Delivery) -> dict[str, Any]:
    return {
        "created": delivery.created,
        "due": delivery.due,
        "deliveredAt": delivery.delivered_at,
        "expireAt": delivery.expire_at,
        "attempts": [
            {**attempt.model_dump(mode="json", by_alias=True), "at": attempt.at, "ended": attempt.ended}
            for attempt in delivery.attempts
        ],
    }
