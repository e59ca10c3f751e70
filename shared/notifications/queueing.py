"""Queueing: a message becomes deliveries, one for each contact of each channel. Nothing is sent here."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from shared.notifications.channel import Channel
from shared.notifications.channels import find_channels
from shared.notifications.delivery import (
    Delivery,
    new_delivery,
    parse_delivery,
    reference_of,
)
from shared.notifications.message import Message
from shared.notifications.rendering import render

log = logging.getLogger(__name__)


def queue(
    message: Message,
    channels: Collection[str],
    *,
    at: datetime,
    recipients: Mapping[str, Sequence[str]] | None = None,
) -> list[Delivery]:
    """Queue `message` for the contacts of `channels` (their ids); `deliver_due` sends it from `at` on.

    `recipients` says for an e-mail or SMS channel, by its id, whom it goes to instead of those the channel has. Idempotent: what
    is queued already stays as it is, and is returned. A channel that is switched off makes a dead letter, which can be replayed,
    and so does an address that is none; one that there is not is logged. Raises InvalidInput if the message is too large."""
    found = find_channels(channels)
    for missing in sorted(set(channels) - set(found)):
        log.error("a message names a channel that there is not", extra={"fields": {"channel": missing}})
    content = render(message)
    content.check_size()
    made = []
    for channel in (found[channel_id] for channel_id in dict.fromkeys(channels) if channel_id in found):
        for to in dict.fromkeys((recipients or {}).get(channel.id, channel.recipients)):
            delivery = new_delivery(channel, to, message.key, content, at)
            if not channel.enabled:
                delivery = delivery.refused(at, channel.why_off)
            elif not channel.can_reach(to):
                delivery = delivery.refused(at, "This is no address that such a channel can reach.")
            made.append(_create(delivery))
    return made


def queue_test(message: Message, channel: Channel, *, at: datetime) -> list[Delivery]:
    """Queue a test for the contacts of a channel: tried once, and not throttled."""
    content = render(message)
    return [_create(new_delivery(channel, to, message.key, content, at, test=True)) for to in channel.recipients]


def _create(delivery: Delivery) -> Delivery:
    from google.api_core.exceptions import AlreadyExists

    reference = reference_of(delivery.id)
    try:
        reference.create(delivery.document())
    except AlreadyExists:
        return parse_delivery(reference.get().to_dict()) or delivery
    return delivery
