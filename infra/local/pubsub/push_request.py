"""The HTTP request of a push: the JSON wrapper as the service sends it, or the bare data.

It carries no OIDC token: in the cloud one opens the way past IAM, and there is none on one machine."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

from infra.local.pubsub import wire
from infra.local.pubsub.catalog import Subscription
from infra.local.pubsub.wire import Proto

_USER_AGENT = "CloudPubSub-Google"
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True, slots=True)
class PushRequest:
    """What is posted to the endpoint."""

    body: bytes
    headers: dict[str, str]


def push_request(subscription: Subscription, body: bytes, attempt: int) -> PushRequest:
    """The request for a serialized message; `attempt` counts from 1 and is told only if there is a dead-letter topic."""
    message = wire.PubsubMessage.FromString(body)
    if not subscription.settings.dead_letter_topic:
        attempt = 0
    if not subscription.settings.wrapped:
        return PushRequest(message.data, _bare_headers(subscription, message, attempt))
    envelope: dict[str, Any] = {"message": _json(message), "subscription": subscription.name}
    if attempt:
        envelope["deliveryAttempt"] = attempt
    headers = {"Content-Type": "application/json", "User-Agent": _USER_AGENT}
    return PushRequest(json.dumps(envelope).encode(), headers)


def _json(message: Proto) -> dict[str, Any]:
    """The message in both spellings of the keys that have two: the service sends both, and consumers read either."""
    published = wire.rfc3339(wire.microseconds(message.publish_time))
    fields: dict[str, Any] = {
        "messageId": message.message_id,
        "message_id": message.message_id,
        "publishTime": published,
        "publish_time": published,
    }
    if message.data:
        fields["data"] = base64.b64encode(message.data).decode()
    if message.attributes:
        fields["attributes"] = dict(message.attributes)
    if message.ordering_key:
        fields["orderingKey"] = fields["ordering_key"] = message.ordering_key
    return fields


def _bare_headers(subscription: Subscription, message: Proto, attempt: int) -> dict[str, str]:
    headers = {"Content-Type": "application/octet-stream", "User-Agent": _USER_AGENT}
    if not subscription.settings.write_metadata:
        return headers
    for key, value in message.attributes.items():
        if _HEADER.fullmatch(key) and value.isprintable():
            headers[key] = value
    headers["x-goog-pubsub-subscription-name"] = subscription.name
    headers["x-goog-pubsub-message-id"] = message.message_id
    headers["x-goog-pubsub-publish-time"] = wire.rfc3339(wire.microseconds(message.publish_time))
    if message.ordering_key.isprintable() and message.ordering_key:
        headers["x-goog-pubsub-ordering-key"] = message.ordering_key
    if attempt:
        headers["x-goog-pubsub-delivery-attempt"] = str(attempt)
    return headers
