"""Delivering: what is due goes out. Any number of processes may do so at once, and any of them may be killed at any line:
nothing is lost, and what one did not live to write down goes out once more, as the same message."""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from pydantic import ValidationError

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Unavailable
from shared.notifications.channel import Channel
from shared.notifications.channels import find_channels
from shared.notifications.claiming import LEASE, Claim, claim, postpone
from shared.notifications.delivery import COLLECTION, Delivery, DeliveryState, parse_delivery, reference_of
from shared.notifications.errors import NotSent, Verdict
from shared.notifications.sending import send
from shared.notifications.settling import settle_delivered, settle_failed

log = logging.getLogger(__name__)

_BATCH = 500
_AT_ONCE = 8
"""Contacts that are delivered to at the same time: a slow receiver keeps nobody else waiting."""
_SECONDS = 15.0
"""After these no new attempt is begun, and none takes more than 40: who calls has a minute."""
_PUT_ASIDE = timedelta(days=7)
_BREATH = 0.5
"""Seconds between two looks at what is due, at least."""
_EVER = datetime.min.replace(tzinfo=UTC)
"""Before every delivery that is due at some time, after all that are not due at all."""


@dataclass(frozen=True)
class Delivered:
    """What was done: how many deliveries went out (those that were bundled counted), will be tried again, are dead, and are held
    back because their contact has had enough for now."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0
    held: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(
            self.delivered + other.delivered, self.failed + other.failed, self.dead + other.dead, self.held + other.held
        )


class _Clock:
    """The moment it is, counted from the one that the caller says."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._began = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since then."""
        return time.monotonic() - self._began

    def now(self) -> datetime:
        """That moment, and what has gone by since."""
        return self._at + timedelta(seconds=self.elapsed)


def deliver_due(at: datetime) -> Delivered:
    """Send what is due at `at`. What fails is due again later, by `pause_after`; after the last attempt it is a dead letter."""
    clock = _Clock(at)
    by_contact: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in _due(at):
        by_contact[delivery.contact].append(delivery)
    channels = find_channels({each.channel_id for waiting in by_contact.values() for each in waiting})
    done: Counter[DeliveryState] = Counter()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="deliver") as pool:
        for counted in pool.map(lambda waiting: _deliver_all(waiting, channels, at, clock), by_contact.values()):
            done += counted
    return Delivered(
        delivered=done[DeliveryState.DELIVERED],
        failed=done[DeliveryState.QUEUED],
        dead=done[DeliveryState.DEAD],
        held=done[DeliveryState.HELD],
    )


def deliver_for(seconds: float) -> Delivered:
    """Send what is due now, and in time what comes due within `seconds`: what is throttled for a minute, or pauses for 15 s, need
    not wait for the next call. Returns as soon as there is no such thing."""
    deadline = now() + timedelta(seconds=seconds)
    done = deliver_due(now())
    while (due := _next_due()) is not None and due <= deadline:
        time.sleep(max(_BREATH, (due - now()).total_seconds()))
        done += deliver_due(now())
        if now() > deadline:
            break
    return done


def deliver_one(delivery: Delivery, channel: Channel, at: datetime) -> None:
    """Send one delivery now, if it is due and nobody is at it."""
    _deliver(delivery, channel, at, _Clock(at))


def _next_due() -> datetime | None:
    found = firestore_client().collection(COLLECTION).order_by("due").start_at({"due": _EVER}).limit(1).stream()
    return next((cast("datetime", snapshot.get("due")) for snapshot in found), None)


def _due(at: datetime) -> list[Delivery]:
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(COLLECTION).where(filter=FieldFilter("due", "<=", at))
    found = query.order_by("due").limit(_BATCH).stream()
    parsed = [_parse(snapshot.id, snapshot.to_dict()) for snapshot in found]
    return [delivery for delivery in parsed if delivery is not None]


def _parse(delivery_id: str, document: dict[str, Any] | None) -> Delivery | None:
    """A delivery that makes no sense is logged and put aside, a week on: it must not keep the others from going out."""
    try:
        return parse_delivery(document)
    except ValidationError:
        log.exception("a delivery is not valid", extra={"fields": {"delivery": delivery_id}})
        reference_of(delivery_id).update({"due": now() + _PUT_ASIDE})
        return None


def _deliver_all(
    waiting: Sequence[Delivery], channels: dict[str, Channel], at: datetime, clock: _Clock
) -> Counter[DeliveryState]:
    """Deliver what waits for one contact: first what was never tried, so that a message that is refused again and again holds up
    no other. Once the contact does not answer, the rest waits as long as that message does."""
    done: Counter[DeliveryState] = Counter()
    ordered = sorted(waiting, key=lambda delivery: (delivery.tries, delivery.due, delivery.id))
    for number, delivery in enumerate(ordered, 1):
        if clock.elapsed > _SECONDS:
            break
        try:
            after = _deliver(delivery, channels.get(delivery.channel_id), at, clock)
        except Exception:  # One that cannot be written down must not keep the others from going out.
            log.exception("a delivery failed", extra={"fields": {"delivery": delivery.id}})
            continue
        if after is None:
            continue
        done[after.delivery.state] += 1 + after.others
        if after.delivery.state is DeliveryState.QUEUED and after.delivery.due is not None:
            rest = [other.id for other in ordered[number:]]
            done[DeliveryState.HELD] += postpone(rest, at, after.delivery.due)
            break
    return done


def _deliver(delivery: Delivery, channel: Channel | None, at: datetime, clock: _Clock) -> Claim | None:
    """What became of a delivery; None if somebody else is at it, or was."""
    claimed = claim(delivery.id, channel, at, clock.now() + LEASE)
    if claimed is None or channel is None or not claimed.ours:
        return claimed
    settled = _attempt(claimed.delivery, channel, clock)
    return None if settled is None else Claim(settled, len(settled.bundle))


def _attempt(delivery: Delivery, channel: Channel, clock: _Clock) -> Delivery | None:
    fields = {"delivery": delivery.id, "channel": channel.id, "kind": channel.kind.value, "try": delivery.tries}
    try:
        answer = send(channel, delivery)
    except NotSent as error:
        settled = settle_failed(delivery, channel, error.detail, error.verdict, clock.now())
    except Unavailable as error:
        settled = settle_failed(delivery, channel, error.detail, Verdict(), clock.now())
    except Exception as error:
        log.exception("a defect of ours: the message is tried again", extra={"fields": fields})
        answer = f"A defect of Kompo: {type(error).__name__}. It is in the log."
        settled = settle_failed(delivery, channel, answer, Verdict(), clock.now())
    else:
        log.info("a message went out", extra={"fields": fields})
        return settle_delivered(delivery, answer, clock.now())
    dead = settled is not None and settled.state is DeliveryState.DEAD
    log.log(
        logging.ERROR if dead else logging.WARNING,
        "a message did not go out",
        extra={"fields": fields | {"dead": dead}},
    )
    return settled
