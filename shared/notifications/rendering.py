"""Rendering: a message as its receivers get it."""

import logging

from shared.notifications.message import Content, Message
from shared.notifications.templating import BadTemplate, Parts
from shared.notifications.templating import render as render_by
from shared.notifications.templating.kinds import default_parts
from shared.notifications.templating.store import find_template

log = logging.getLogger(__name__)


def render(message: Message) -> Content:
    """The content of `message`, by the template of its kind. One that does not fit this message is logged, and the message reads
    as it came: what is to be told is told."""
    written = find_template(message.kind)
    default = default_parts(message.kind)
    if written is None:
        return render_by(message, Parts(), default)
    try:
        return render_by(message, written, default)
    except BadTemplate as bad:
        wrong = [f"{error.pointer}: {error.detail}" for error in bad.errors]
        log.error("a template does not fit a message", extra={"fields": {"kind": message.kind, "wrong": wrong}})
        return render_by(message, Parts(), default)
