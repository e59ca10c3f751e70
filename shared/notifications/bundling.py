"""Bundling: several messages that wait for the same contact go out as one."""

from collections.abc import Sequence

from shared.notifications.channel import ChannelKind
from shared.notifications.delivery import Delivery
from shared.notifications.message import Content
from shared.notifications.rendering import SMS_LENGTH

BUNDLED_KINDS = frozenset({ChannelKind.EMAIL, ChannelKind.SLACK, ChannelKind.SMS, ChannelKind.APPRISE})
"""What people read. A program is sent each message by itself."""
MOST = 30
"""Messages in a bundle."""
_MOST_TEXT = 5_000
_SEVERITIES = ("critical", "warning", "info")


def bundle(carrier: Delivery, members: Sequence[Delivery]) -> Delivery:
    """The carrier with what it carries. The order is that of queueing."""
    deliveries = sorted([carrier, *members], key=lambda delivery: (delivery.created, delivery.id))
    contents = [delivery.content for delivery in deliveries]
    ids = tuple(member.id for member in members)
    return carrier.model_copy(update={"bundle": ids, "carried": _as_one(contents)})


def _as_one(contents: Sequence[Content]) -> Content:
    subject = f"{len(contents)} notifications: {contents[0].subject}, and {len(contents) - 1} more"
    severities = {content.severity for content in contents}
    return Content(
        kind="bundle",
        subject=subject,
        text="\n\n".join(_section(content) for content in contents),
        sms="; ".join(content.subject for content in contents)[:SMS_LENGTH],
        severity=next((severity for severity in _SEVERITIES if severity in severities), None),
    )


def _section(content: Content) -> str:
    lines = [content.subject, "-" * min(len(content.subject), 78), content.text[:_MOST_TEXT], content.url or ""]
    return "\n".join(line for line in lines if line)
