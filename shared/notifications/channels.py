"""The channels of this deployment, kept in Firestore."""

import logging
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from shared.core.audit import note_change
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import FieldError, InvalidInput, NotFound
from shared.core.paging import Page, cut_page, decode_cursor
from shared.core.versions import CurrentCheck, write_next
from shared.notifications.addresses import is_named, resolve
from shared.notifications.channel import COLLECTION, Channel, Config, Email, Limit, Webhook
from shared.notifications.errors import NotSent

if TYPE_CHECKING:
    from google.cloud.firestore import Transaction

log = logging.getLogger(__name__)


def get_channel(channel_id: str) -> Channel:
    """A channel. Raises NotFound."""
    found = find_channels([channel_id])
    if channel_id not in found:
        raise NotFound(f"There is no notification channel {channel_id}.")
    return found[channel_id]


def find_channels(channel_ids: Collection[str]) -> dict[str, Channel]:
    """Those of the channels that there are, by id. One whose document makes no sense is logged and left out."""
    references = [reference_of(channel_id) for channel_id in dict.fromkeys(channel_ids)]
    documents = [snapshot.to_dict() for snapshot in firestore_client().get_all(references) if snapshot.exists]
    parsed = [_parse(document or {}) for document in documents]
    return {channel.id: channel for channel in parsed if channel is not None}


def channels_in_use() -> set[str]:
    """The ids of the channels that are switched on."""
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(COLLECTION).where(filter=FieldFilter("enabled", "==", True))
    return {snapshot.id for snapshot in query.select(["enabled"]).stream()}


def list_channels(limit: int, page_token: str | None = None) -> Page[Channel]:
    """Channels by id."""
    query: Any = firestore_client().collection(COLLECTION).order_by("id")
    if page_token is not None:
        query = query.start_after({"id": decode_cursor(page_token, str)[0]})
    found = [snapshot.to_dict() or {} for snapshot in query.limit(limit + 1).stream()]
    page = cut_page(found, limit, lambda document: [document["id"]])
    parsed = [_parse(document) for document in page.items]
    return Page([channel for channel in parsed if channel is not None], page.next_page_token)


def save_channel(
    channel_id: str,
    at: datetime,
    *,
    name: str,
    config: Config,
    enabled: bool = True,
    throttle: tuple[Limit, ...] | None = None,
    max_attempts: int = 12,
    check: CurrentCheck | None = None,
    by: str | None = None,
) -> tuple[Channel, bool]:
    """Create or change a channel; it, and whether it is new. If it is said `by` whom, an entry in the audit log tells. Raises
    InvalidInput if it leads to where no channel may."""
    _check_hosts(config)

    def following(current: Channel | None) -> tuple[tuple[Channel, bool], dict[str, Any]]:
        channel = Channel(
            id=channel_id,
            name=name,
            config=config,
            enabled=enabled,
            throttle=throttle,
            max_attempts=max_attempts,
            disabled_because=None if enabled or current is None else current.disabled_because,
            created=current.created if current else at,
            modified=at,
        )
        return (channel, current is None), channel.document()

    return write_next(reference_of(channel_id), _parse, check, following, versions=False, by=by)


def delete_channel(channel_id: str, check: CurrentCheck | None = None, *, by: str | None = None) -> None:
    """Delete a channel; what waits in it becomes dead letters when it is due; `by` as in `save_channel`. Raises NotFound."""
    from google.cloud import firestore

    @firestore.transactional
    def delete(transaction: "Transaction") -> None:
        stored = reference_of(channel_id).get(transaction=transaction).to_dict()
        if stored is None:
            raise NotFound(f"There is no notification channel {channel_id}.")
        if check is not None:
            channel = _parse(stored)
            check(channel.etag if channel else None)
        transaction.delete(reference_of(channel_id))
        if by is not None:
            note_change(transaction, reference_of(channel_id), by, now(), stored, None)

    delete(firestore_client().transaction())


def switch_off(channel: Channel, because: str, at: datetime) -> None:
    """The receiver of a channel is gone for good. A channel that somebody has deleted or changed meanwhile stays as it is."""
    from google.cloud import firestore

    @firestore.transactional
    def switch(transaction: "Transaction") -> None:
        stored = reference_of(channel.id).get(transaction=transaction).to_dict()
        if stored is not None and (found := _parse(stored)) is not None and found.config == channel.config:
            off = {"enabled": False, "disabledBecause": because, "modified": at}
            transaction.update(reference_of(channel.id), off)

    switch(firestore_client().transaction())


def reference_of(channel_id: str) -> Any:
    """The channel's document."""
    return firestore_client().collection(COLLECTION).document(channel_id)


def _check_hosts(config: Config) -> None:
    """Refuse an internal host while the operator looks on. It is looked at again at each attempt, which is what protects us: so a
    host that has no address at this moment passes."""
    try:
        if isinstance(config, Webhook):
            parts = urlsplit(config.url)
            port = parts.port or {"http": 80, "https": 443}[parts.scheme]
            if parts.scheme != "https" and not is_named(parts.hostname or "", port):
                raise _refused("/config/url", "The URL must begin with https://.")
            resolve(parts.hostname or "", port)
        elif isinstance(config, Email) and config.server is not None:
            resolve(config.server.host, config.server.port)
    except NotSent as error:
        if error.verdict.permanent:
            pointer = "/config/url" if isinstance(config, Webhook) else "/config/server/host"
            raise _refused(pointer, error.detail) from None


def _refused(pointer: str, detail: str) -> InvalidInput:
    return InvalidInput(detail, errors=[FieldError(pointer, detail, "forbidden_host")])


def _parse(document: dict[str, Any]) -> Channel | None:
    try:
        return Channel.model_validate(document)
    except ValidationError as invalid:
        wrong = [".".join(map(str, error["loc"])) for error in invalid.errors()]
        fields = {"channel": document.get("id"), "wrong": wrong}
        log.error("a notification channel is not valid", extra={"fields": fields})
        return None
