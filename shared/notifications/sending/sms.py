"""SMS by Twilio's Messages API (2010-04-01)."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

from shared.core.settings import settings
from shared.notifications.channel import Channel, Sms
from shared.notifications.delivery import Delivery
from shared.notifications.errors import NotSent, Verdict
from shared.notifications.secret_values import secret_value
from shared.notifications.sending.posting import Answer, post

_MAY_PASS = frozenset({401, 403, 408, 429})
"""Refusals that somebody, or time, can mend."""


def send(channel: Channel, delivery: Delivery) -> str:
    """Send a delivery; the id that Twilio gives it. Raises NotSent, Unavailable."""
    config = channel.config
    assert isinstance(config, Sms)
    sender = "MessagingServiceSid" if config.sender.startswith("MG") else "From"
    form = {"To": delivery.to, sender: config.sender, "Body": delivery.sent_content.sms}
    signed_in = base64.b64encode(f"{config.account}:{secret_value(config.token)}".encode()).decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {signed_in}"}
    url = f"{settings().twilio_url}/2010-04-01/Accounts/{config.account}/Messages.json"
    answer = post(url, urlencode(form).encode(), headers, trusted=True)
    told = _told(answer)
    if 200 <= answer.status < 300:
        return f"{answer.status} {told.get('sid', '')} {told.get('status', '')}".strip()
    permanent = 400 <= answer.status < 500 and answer.status not in _MAY_PASS
    detail = f"{answer.status} {told.get('code', '')} {told.get('message', '')}".strip()
    raise NotSent(detail, Verdict(permanent=permanent, retry_after=answer.retry_after))


def _told(answer: Answer) -> dict[str, Any]:
    try:
        told = json.loads(answer.text)
    except ValueError:
        return {"message": answer.text}
    return told if isinstance(told, dict) else {}
