"""Claiming: of all who deliver at the same time, one has a delivery, for as long as its lease lasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from shared.core.clients import firestore_client
from shared.notifications.bundling import BUNDLED_KINDS, MOST, bundle
from shared.notifications.channel import Channel
from shared.notifications.delivery import COLLECTION, Delivery, DeliveryState, parse_delivery, reference_of
from shared.notifications.throttling import contact_reference, free_at, with_sent

if TYPE_CHECKING:
    from google.cloud.firestore import Transaction

LEASE = timedelta(seconds=120)
"""How long a delivery is left to whoever is at it: longer than any attempt can take."""
_AT_ONCE = 20
"""Deliveries in a transaction: their documents may be large."""


@dataclass(frozen=True)
class Claim:
    """What became of a delivery that was due, and of the `others` that it carries or that are held with it. `ours`: its lease is
    ours, and it is to be sent."""

    delivery: Delivery
    others: int = 0
    ours: bool = False


def claim(delivery_id: str, channel: Channel | None, at: datetime, until: datetime) -> Claim | None:
    """Claim a delivery that is due at `at`, until `until`. None if it is not due any more.

    With its channel gone (None) or off, or all its attempts used up, it is dead; throttled, it is held until its contact may be
    told again; else what waits for the same contact is bundled into it, where a person reads it."""
    from google.cloud import firestore

    @firestore.transactional
    def attempt(transaction: "Transaction") -> Claim | None:
        delivery = parse_delivery(reference_of(delivery_id).get(transaction=transaction).to_dict())
        if delivery is None or delivery.due is None or delivery.due > at:
            return None
        delivery = delivery.lost(at)
        if channel is None or not channel.enabled or delivery.tries >= delivery.most_tries:
            return _give_up(transaction, delivery, channel, at)
        sent = _sent_to(delivery.contact, transaction)
        before = [moment for key, moment in sent.items() if key != delivery.id]
        free = at if delivery.urgent else free_at(before, channel.limits, at)
        members = _waiting_with(delivery, at, transaction)
        if free > at:
            held = delivery.held(free)
            write(transaction, held, *(member.held(free) for member in members))
            return Claim(held, len(members))
        claimed = (bundle(delivery, members) if members else delivery).begun(at, until)
        if channel.limits:
            remembered = with_sent(sent, delivery.id, at, channel.limits, channel.kind)
            transaction.set(contact_reference(delivery.contact), remembered)
        write(transaction, claimed, *(member.in_bundle_of(claimed.id) for member in members))
        return Claim(claimed, len(members), ours=True)

    return cast("Claim | None", attempt(firestore_client().transaction()))


def postpone(delivery_ids: Sequence[str], at: datetime, until: datetime) -> int:
    """Hold those of the deliveries that still wait at `at`: their receiver does not answer. Returns how many."""
    from google.cloud import firestore

    @firestore.transactional
    def attempt(transaction: "Transaction", ids: Sequence[str]) -> int:
        found = firestore_client().get_all([reference_of(each) for each in ids], transaction=transaction)
        deliveries = [parse_delivery(snapshot.to_dict()) for snapshot in found]
        waiting = [each for each in deliveries if each is not None and _waits(each) and each.due and each.due <= at]
        write(transaction, *(delivery.held(until) for delivery in waiting))
        return len(waiting)

    some = (delivery_ids[first : first + _AT_ONCE] for first in range(0, len(delivery_ids), _AT_ONCE))
    return sum(attempt(firestore_client().transaction(), ids) for ids in some)


def carried_by(delivery: Delivery, transaction: "Transaction") -> list[Delivery]:
    """The deliveries that go out with this one."""
    if not delivery.bundle:
        return []
    references = [reference_of(member) for member in delivery.bundle]
    found = firestore_client().get_all(references, transaction=transaction)
    members = [parse_delivery(snapshot.to_dict()) for snapshot in found]
    return [member for member in members if member is not None and member.carrier == delivery.id]


def write(transaction: "Transaction", *deliveries: Delivery) -> None:
    """Write deliveries in `transaction`."""
    for delivery in deliveries:
        transaction.set(reference_of(delivery.id), delivery.document())


def _give_up(transaction: "Transaction", delivery: Delivery, channel: Channel | None, at: datetime) -> Claim:
    members = carried_by(delivery, transaction)
    if channel is None:
        dead = delivery.refused(at, "The channel is gone.")
    else:
        dead = delivery.dead() if channel.enabled else delivery.refused(at, channel.why_off)
    write(transaction, dead, *(member.dead() for member in members))
    return Claim(dead, len(members))


def _sent_to(contact: str, transaction: "Transaction") -> Mapping[str, datetime]:
    document: dict[str, Any] = contact_reference(contact).get(transaction=transaction).to_dict() or {}
    return cast("Mapping[str, datetime]", document.get("sent", {}))


def _waiting_with(delivery: Delivery, at: datetime, transaction: "Transaction") -> list[Delivery]:
    """What else waits for the same contact in the same channel and was never tried. Files travel in mails of their own."""
    if delivery.tries or delivery.urgent or delivery.kind not in BUNDLED_KINDS or delivery.content.has_files:
        return []
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(COLLECTION)
    query = query.where(filter=FieldFilter("contact", "==", delivery.contact))
    query = query.where(filter=FieldFilter("due", "<=", at)).order_by("due").limit(MOST)
    found = [Delivery.model_validate(snapshot.to_dict()) for snapshot in query.stream(transaction=transaction)]
    return [other for other in found if other.id != delivery.id and _can_join(other, delivery)]


def _waits(delivery: Delivery) -> bool:
    return delivery.state in (DeliveryState.QUEUED, DeliveryState.HELD)


def _can_join(other: Delivery, carrier: Delivery) -> bool:
    untouched = not other.tries and not other.bundle and not other.urgent
    return _waits(other) and untouched and other.channel_id == carrier.channel_id and not other.content.has_files
