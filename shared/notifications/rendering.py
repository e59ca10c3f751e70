"""Rendering: a message as its receivers get it."""

from shared.notifications.message import Content, Message

SMS_LENGTH = 480
"""Characters of an SMS: three segments of 160."""


def render(message: Message) -> Content:
    """The content of `message`."""
    short = message.subject if message.url is None else f"{message.subject} {message.url}"
    return Content(
        kind=message.kind,
        subject=message.subject,
        text=message.text,
        html=message.html,
        sms=short[:SMS_LENGTH],
        url=message.url,
        severity=message.severity,
        attachments=message.attachments,
        inline=dict(message.inline),
        data=dict(message.data),
    )
