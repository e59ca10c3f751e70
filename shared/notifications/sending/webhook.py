"""Webhooks by Standard Webhooks 1.0: webhook-id, webhook-timestamp, webhook-signature (v1, HMAC-SHA256)."""

import base64
import binascii
import hmac
import json
from collections.abc import Sequence

from shared.core.clock import now
from shared.notifications.channel import Channel, Webhook
from shared.notifications.delivery import Delivery
from shared.notifications.errors import NotSent, Verdict, refused
from shared.notifications.secret_values import secret_values
from shared.notifications.sending.posting import post

PREFIX = "whsec_"
_SECRETS = 2
"""Versions of the secret that sign: the one in force and the one before it, until that is disabled."""


def send(channel: Channel, delivery: Delivery) -> str:
    """Send a delivery; the receiver's answer. Raises NotSent, Unavailable."""
    assert isinstance(channel.config, Webhook)
    keys = [key_of(value, channel.config.secret) for value in secret_values(channel.config.secret, _SECRETS)]
    body = body_of(delivery)
    headers = {"Content-Type": "application/json", **signed_headers(delivery.id, round(now().timestamp()), body, keys)}
    answer = post(channel.config.url, body, headers)
    if 200 <= answer.status < 300:
        return str(answer)
    raise NotSent(str(answer), Verdict(retry_after=answer.retry_after, gone=answer.status == 410))


def body_of(delivery: Delivery) -> bytes:
    """What is posted: the same at every attempt."""
    content = delivery.sent_content
    told = {"subject": content.subject, "text": content.text, "url": content.url, "severity": content.severity}
    body = {"type": content.kind, "timestamp": delivery.created.isoformat(), "data": {**told, **content.data}}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def signed_headers(message_id: str, timestamp: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """The headers by which a receiver knows the message, its age (Unix seconds) and its sender: a signature by each key."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def key_of(value: str, name: str) -> bytes:
    """The key that a secret's value stands for: `whsec_` and 24 to 64 bytes in base64. Raises NotSent, naming the secret."""
    try:
        key = base64.b64decode(value.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not value.startswith(PREFIX) or not 24 <= len(key) <= 64:
        raise refused(f"The secret {name} must be {PREFIX} followed by 24 to 64 bytes in base64.")
    return key
