"""Slack: incoming webhooks, and chat.postMessage."""

import json
from html import escape
from typing import Any

from shared.core.settings import settings
from shared.notifications.channel import Channel, Slack
from shared.notifications.delivery import Delivery
from shared.notifications.errors import NotSent, Verdict, refused
from shared.notifications.message import Content
from shared.notifications.secret_values import secret_value
from shared.notifications.sending.posting import Answer, post

_MEND = frozenset({"invalid_auth", "not_authed", "token_expired", "token_revoked", "account_inactive", "missing_scope"})
"""Errors that somebody can mend while we go on trying."""
_PASSING = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
_HEADER, _TEXT = 150, 3000
"""Characters that Slack takes in a header and in a section."""
_MARKS = {"critical": "🔴", "warning": "🟠", "info": "🔵"}


def send(channel: Channel, delivery: Delivery) -> str:
    """Send a delivery; Slack's answer. Raises NotSent, Unavailable."""
    config = channel.config
    assert isinstance(config, Slack)
    subject = escape(delivery.sent_content.subject, quote=False)  # Without blocks Slack shows it, as its markup.
    said: dict[str, Any] = {"text": subject, "blocks": blocks_of(delivery.sent_content)}
    if config.webhook is not None:
        return _to_webhook(secret_value(config.webhook), said)
    assert config.token is not None
    metadata = {"event_type": "kompo_notification", "event_payload": {"id": delivery.id}}
    said |= {"channel": config.conversation, "metadata": metadata, "unfurl_links": False}
    return _post_message(secret_value(config.token), said)


def blocks_of(content: Content) -> list[dict[str, Any]]:
    """Block Kit. Texts are plain: nothing that somebody wrote becomes a mention or a link."""
    mark = _MARKS.get(content.severity or "", "")
    title = f"{mark} {content.subject}".strip()
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(title, _HEADER)}]
    if content.text.strip():
        blocks.append({"type": "section", "text": _plain(content.text, _TEXT)})
    if content.url is not None:
        button = {"type": "button", "text": _plain("Open", 75), "url": content.url, "action_id": "open"}
        blocks.append({"type": "actions", "elements": [button]})
    return blocks


def _plain(text: str, most: int) -> dict[str, Any]:
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    return {"type": "plain_text", "text": cut, "emoji": False}


def _to_webhook(url: str, said: dict[str, Any]) -> str:
    answer = post(url, _json(said), {"Content-Type": "application/json; charset=utf-8"})
    if answer.status == 200:
        return str(answer)
    raise _not_sent(answer, permanent=400 <= answer.status < 500 and answer.status != 429)


def _post_message(token: str, said: dict[str, Any]) -> str:
    headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {token}"}
    answer = post(f"{settings().slack_url}/api/chat.postMessage", _json(said), headers, trusted=True)
    if answer.status != 200:
        raise _not_sent(answer, permanent=False)
    try:
        result: dict[str, Any] = json.loads(answer.text)
    except ValueError:
        raise NotSent("Slack's answer is not JSON.") from None
    if result.get("ok"):
        return f"200 ok {result.get('ts', '')}".strip()
    error = str(result.get("error", "unknown"))
    if error in _MEND | _PASSING:
        raise NotSent(f"Slack says {error}.", Verdict(retry_after=answer.retry_after))
    raise refused(f"Slack says {error}.")


def _not_sent(answer: Answer, *, permanent: bool) -> NotSent:
    return NotSent(str(answer), Verdict(permanent=permanent, retry_after=answer.retry_after))


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
