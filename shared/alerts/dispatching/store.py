"""Groups and notifications, kept in Firestore.

What a group tells is written in one commit with the group, which holds only if nobody else has moved the group since it was
read. So two evaluators at once, or one that is killed anywhere, tell nothing twice, and what was written is sent by whoever comes
next."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from shared.alerts.dispatching.episode import Episode, Notification
from shared.core.clients import firestore_client

if TYPE_CHECKING:
    from google.cloud import firestore

log = logging.getLogger(__name__)

GROUPS, NOTIFICATIONS = "alert_groups", "alert_notifications"
KEPT = timedelta(days=90)
"""How long a notification can be looked up after it was sent."""
_TOGETHER = 25
"""Groups of one commit."""


@dataclass(frozen=True)
class StoredEpisode:
    """An episode, and when its document was written as it is."""

    episode: Episode
    written: Any


@dataclass(frozen=True)
class Change:
    """A group as it shall be (None: gone), as it was (None: it is new), and what it tells."""

    group: str
    before: StoredEpisode | None
    after: Episode | None
    notifications: Sequence[Notification]


def load_episodes() -> dict[str, StoredEpisode]:
    """All groups that there are, by id."""
    found = firestore_client().collection(GROUPS).stream()
    return {each.id: StoredEpisode(Episode.model_validate(each.to_dict()), each.update_time) for each in found}


def commit(changes: Sequence[Change]) -> list[Notification]:
    """Write the changes; those of groups that somebody else has moved meanwhile are left to them. What is told now."""
    told: list[Notification] = []
    for first in range(0, len(changes), _TOGETHER):
        some = changes[first : first + _TOGETHER]
        done = some if _try(some) else [each for each in some if _try([each])]
        told += [notification for change in done for notification in change.notifications]
    return told


def unsent() -> list[Notification]:
    """The notifications that were told and have not been sent, the oldest first."""
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(NOTIFICATIONS).where(filter=FieldFilter("sent", "==", False))
    found = [Notification.model_validate(each.to_dict()) for each in query.stream()]
    return sorted(found, key=lambda notification: (notification.at, notification.key))


def mark_sent(notification: Notification) -> None:
    """It is queued for all its addresses, and its alerts know of it."""
    _notification(notification.key).set({**_document(notification), "sent": True})


def _try(changes: Sequence[Change]) -> bool:
    """Whether they were written. One group that cannot be is told to operators, and keeps no other from it."""
    from google.api_core.exceptions import AlreadyExists, FailedPrecondition, GoogleAPICallError, NotFound

    batch = firestore_client().batch()
    for change in changes:
        _put(batch, change)
    try:
        batch.commit()
    except (AlreadyExists, FailedPrecondition, NotFound) as error:
        log.info("of %d groups one was moved by somebody else: %s", len(changes), error.message)
        return False
    except GoogleAPICallError:
        log.exception(
            "groups of alerts cannot be written", extra={"fields": {"groups": [each.group for each in changes]}}
        )
        return False
    return True


def _put(batch: "firestore.WriteBatch", change: Change) -> None:
    reference = firestore_client().collection(GROUPS).document(change.group)
    option = firestore_client().write_option(last_update_time=change.before.written) if change.before else None
    if change.after is None:
        batch.delete(reference, option=option)
    elif change.before is None:
        batch.create(reference, _plain(change.after))
    else:
        batch.update(reference, _plain(change.after), option=option)
    for notification in change.notifications:
        batch.create(_notification(notification.key), {**_document(notification), "sent": False})


def _notification(key: str) -> Any:
    return firestore_client().collection(NOTIFICATIONS).document(key)


def _document(notification: Notification) -> dict[str, Any]:
    return {**_plain(notification), "expireAt": notification.at + KEPT}


def _plain(model: Episode | Notification) -> dict[str, Any]:
    """As Firestore takes it: times as times, lists for tuples."""
    return cast("dict[str, Any]", _listed(model.model_dump(by_alias=True)))


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _listed(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(each) for each in value]
    return value
