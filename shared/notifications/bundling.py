"""Bundling: several messages that wait for the same contact go out as one."""

from collections.abc import Sequence

from shared.notifications.channel import ChannelKind
from shared.notifications.delivery import Delivery
from shared.notifications.message import Content, Message
from shared.notifications.rendering import render
from shared.notifications.segments import fits, shortened

BUNDLED_KINDS = frozenset({ChannelKind.EMAIL, ChannelKind.SLACK, ChannelKind.SMS, ChannelKind.APPRISE})
"""What people read. A program is sent each message by itself."""
MOST = 30
"""Messages in a bundle."""
_MOST_TEXT = 40_000
"""Characters of their texts together: the bundle is kept in the carrier's document."""
_SEVERITIES = ("critical", "warning", "info")


def bundle(carrier: Delivery, members: Sequence[Delivery]) -> Delivery:
    """The carrier with what it carries. The order is that of queueing."""
    deliveries = sorted([carrier, *members], key=lambda delivery: (delivery.created, delivery.id))
    carried = _as_one(carrier.id, [delivery.content for delivery in deliveries])
    return carrier.model_copy(update={"bundle": tuple(member.id for member in members), "carried": carried})


def _as_one(key: str, contents: Sequence[Content]) -> Content:
    most = _MOST_TEXT // len(contents)
    severities = {content.severity for content in contents}
    message = Message(
        key=key,
        kind="bundle",
        subject=f"{len(contents)} notifications: {contents[0].subject}, and {len(contents) - 1} more",
        text="\n\n".join(_section(content, most) for content in contents),
        severity=next((severity for severity in _SEVERITIES if severity in severities), None),
        data={
            "messages": [
                {
                    "subject": content.subject,
                    "text": content.text[:most],
                    "url": content.url,
                    "severity": content.severity,
                }
                for content in contents
            ]
        },
    )
    rendered = render(message)
    if rendered.sms != shortened(rendered.subject):  # Somebody's template says how.
        return rendered
    return rendered.model_copy(update={"sms": _short([content.sms for content in contents])})


def _short(texts: Sequence[str]) -> str:
    """As many of the texts as go into an SMS, and how many more there are."""
    for shown in range(len(texts), 0, -1):
        more = f"; and {len(texts) - shown} more" if shown < len(texts) else ""
        if fits(short := "; ".join(texts[:shown]) + more):
            return short
    return shortened(texts[0], f"; and {len(texts) - 1} more")


def _section(content: Content, most: int) -> str:
    return "\n".join((content.subject, "-" * min(len(content.subject), 78), content.text_with_url[:most]))
