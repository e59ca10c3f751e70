"""The channels of this deployment, kept in Firestore."""

import logging
from collections.abc import Collection
from typing import Any

from pydantic import ValidationError

from shared.core.clients import firestore_client
from shared.core.errors import NotFound
from shared.core.paging import Page, cut_page, decode_cursor
from shared.notifications.channel import COLLECTION, Channel

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


def list_channels(limit: int, page_token: str | None = None) -> Page[Channel]:
    """Channels by id."""
    query: Any = firestore_client().collection(COLLECTION).order_by("id")
    if page_token is not None:
        query = query.start_after({"id": str(decode_cursor(page_token, 1)[0])})
    found = [snapshot.to_dict() or {} for snapshot in query.limit(limit + 1).stream()]
    page = cut_page(found, limit, lambda document: [document["id"]])
    parsed = [_parse(document) for document in page.items]
    return Page([channel for channel in parsed if channel is not None], page.next_page_token)


def save_channel(channel: Channel) -> None:
    """Write a channel, new or changed."""
    reference_of(channel.id).set(channel.document())


def delete_channel(channel_id: str) -> None:
    """Delete a channel; what waits in it goes to the dead letters. Raises NotFound."""
    get_channel(channel_id)
    reference_of(channel_id).delete()


def reference_of(channel_id: str) -> Any:
    """The channel's document."""
    return firestore_client().collection(COLLECTION).document(channel_id)


def _parse(document: dict[str, Any]) -> Channel | None:
    try:
        return Channel.model_validate(document)
    except ValidationError as invalid:
        wrong = [".".join(map(str, error["loc"])) for error in invalid.errors()]
        fields = {"channel": document.get("id"), "wrong": wrong}
        log.error("a notification channel is not valid", extra={"fields": fields})
        return None
