"""Processing: a look at all alerts of this deployment, and what comes of it on its way."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.alerts.dispatching.dispatch import dispatch
from shared.alerts.dispatching.episode import Episode, Notification, Plan
from shared.alerts.dispatching.messages import message_of
from shared.alerts.dispatching.noting import note_suppressions, note_told
from shared.alerts.dispatching.store import Change, commit, load_episodes, mark_sent, unsent
from shared.alerts.escalation import Address
from shared.alerts.escalation.kept import POLICIES, load_directory
from shared.alerts.instances import AlertInstance
from shared.alerts.routing import load_routing, silences_in_force
from shared.alerts.stored import alert_reference, open_alerts
from shared.alerts.telling import NoticeKind
from shared.core.clients import firestore_client
from shared.core.errors import KompoError
from shared.core.settings import settings
from shared.notifications import Delivery, DeliveryState, queue

log = logging.getLogger(__name__)


_AT_ONCE = 8
"""Notifications that are queued at the same time."""


@dataclass(frozen=True)
class Processed:
    """What a look did: the notifications that came of it, and how many of them are escalations. `suppressed` alerts fire and are
    told to nobody; `sent` are those that were queued, from earlier looks too. `next_at` is when the next wait is over
    that anybody is told of."""

    notifications: int
    escalations: int
    suppressed: int
    sent: int
    next_at: datetime | None = None


def process(at: datetime) -> Processed:
    """Tell those who are to be told by now of the alerts: those that are open, and the members of groups. Twice at the same time,
    or while another is at it, nothing is told twice."""
    episodes = load_episodes()
    members = {member for each in episodes.values() for member in each.episode.group.members}
    known = {stored.alert.id: stored.alert for stored in open_alerts()}
    known |= _alerts(members - known.keys())
    plan, before = load_plan(at), {key: each.episode for key, each in episodes.items()}
    done = dispatch(plan, before, known.values(), at)
    told = {key: [each for each in done.notifications if each.group == key] for key in done.episodes}
    committed = commit([Change(key, episodes.get(key), after, told[key]) for key, after in done.episodes.items()])
    note_suppressions(known.values(), done.suppressions)
    return Processed(
        notifications=len(committed),
        escalations=sum(each.kind is NoticeKind.ESCALATION for each in committed),
        suppressed=sum(bool(held) for held in done.suppressions.values()),
        sent=_send_all(unsent(), known, at),
        next_at=_next_at(plan, [each for each in {**before, **done.episodes}.values() if each is not None], at),
    )


def _next_at(plan: Plan, episodes: Iterable[Episode], at: datetime) -> datetime | None:
    tree = plan.routing.tree()
    times = sorted((when, each.group.path) for each in episodes if (when := each.next_at(at)) is not None)
    return next((when for when, path in times if (there := tree.at_path(path)) and there.tells_anybody), None)


def load_plan(at: datetime) -> Plan:
    """All that operators have set, and the silences that hold at this time."""
    return Plan(load_routing(), silences_in_force(at), POLICIES.load(), load_directory())


def _send_all(notifications: Sequence[Notification], known: dict[str, AlertInstance], at: datetime) -> int:
    known |= _alerts({each for told in notifications for each in told.alerts} - known.keys())
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="notify") as threads:
        return sum(threads.map(lambda notification: _send(notification, known, at), notifications))


def _send(notification: Notification, known: Mapping[str, AlertInstance], at: datetime) -> bool:
    """Queue a notification for all its addresses and note it on its alerts. One that cannot be is tried again at the next look,
    and keeps no other from it."""
    try:
        missed = _queue(notification, known, at)
        told = notification.told.model_copy(
            update={
                "to": tuple(str(each) for each in notification.addresses if each not in missed),
                "missed": (*notification.missed, *(f"{each} {why}" for each, why in missed.items())),
            }
        )
        note_told(notification.alerts, told)
        mark_sent(notification)
    except KompoError:
        log.exception("a notification cannot be sent", extra={"fields": {"notification": notification.key}})
        return False
    return True


def _queue(notification: Notification, alerts: Mapping[str, AlertInstance], at: datetime) -> dict[Address, str]:
    """Queue it; the addresses that nothing goes to, and why."""
    message = message_of(notification, alerts, f"{settings().public_url}/alerts")
    whole = {address.channel for address in notification.addresses if address.recipient is None}
    own: dict[str, list[str]] = {}
    for address in notification.addresses:
        if address.recipient is not None:
            own.setdefault(address.channel, []).append(address.recipient)
    deliveries = queue(message, whole, at=at) if whole else []
    deliveries += queue(message, own, at=at, recipients=own) if own else []
    found = ((address, _why_missed(address, deliveries)) for address in notification.addresses)
    return {address: why for address, why in found if why is not None}


def _why_missed(address: Address, deliveries: Sequence[Delivery]) -> str | None:
    """Why nothing goes to an address: it has no delivery, or each is a dead letter. None if something does."""
    own = [each for each in deliveries if each.channel_id == address.channel and address.recipient in (None, each.to)]
    if not own:
        return "has no channel that reaches it"
    if any(each.state is not DeliveryState.DEAD for each in own):
        return None
    return f"is not reached: {own[0].attempts[-1].answer}"


def _alerts(alert_ids: Iterable[str]) -> dict[str, AlertInstance]:
    return dict(_found([alert_reference(each) for each in sorted(alert_ids)]))


def _found(references: list[Any]) -> Iterator[tuple[str, AlertInstance]]:
    for snapshot in firestore_client().get_all(references) if references else ():
        if snapshot.exists:
            yield snapshot.id, AlertInstance.model_validate(snapshot.to_dict())
