"""Rendering: a message and a template become what its receivers get."""

import logging
import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from shared.core.errors import FieldError
from shared.notifications.message import Content, Message
from shared.notifications.segments import fits, shortened
from shared.notifications.templating.errors import BadTemplate
from shared.notifications.templating.language import UnfitTemplate, fill
from shared.notifications.templating.template import Parts

log = logging.getLogger(__name__)

MAX_SUBJECT = 300
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters that no mail can have; somebody's labels may."""


@dataclass(frozen=True)
class Rendered:
    """What the parts of a template became; None where there is none."""

    subject: str | None
    text: str | None
    html: str | None
    sms: str | None


def render_parts(parts: Parts, message: Message) -> Rendered:
    """Fill every part of a template with what a message holds. Raises BadTemplate, saying of each part what is wrong."""
    filled: dict[str, str | None] = {}
    errors = []
    for name, source in parts.model_dump(include=set(Parts.model_fields)).items():
        try:
            html = name == "html"
            filled[name] = None if source is None else _shown(fill(source, _given(message, html=html), html=html))
        except UnfitTemplate as unfit:
            errors.append(FieldError(f"/{name}", f"The template cannot be used: {unfit}."))
    if errors:
        raise BadTemplate(f"{len(errors)} part(s) of the template cannot be used.", errors=errors)
    return Rendered(**filled)


def render(message: Message, written: Parts, default: Parts) -> Content:
    """The content of `message`: by the template that was written for its kind, else as it is, with HTML by the default one."""
    rendered = render_parts(written, message)
    html = rendered.html or message.html or _html(message, default)
    subject = " ".join(_shown(rendered.subject or message.subject).split())[:MAX_SUBJECT]
    end = f" {message.url}" if message.url is not None else ""
    return Content(
        kind=message.kind,
        subject=subject,
        text=rendered.text or _shown(message.text),
        html=html,
        sms=shortened(rendered.sms) if rendered.sms else shortened(subject, end if fits(end) else ""),
        url=message.url,
        severity=message.severity,
        attachments=message.attachments,
        inline=dict(message.inline),
        data=dict(message.data),
    )


def _html(message: Message, default: Parts) -> str | None:
    """A message as HTML by the default template; None if that is too large: then it is read as text."""
    try:
        return render_parts(Parts(html=default.html), message).html
    except BadTemplate as bad:
        log.warning("a message has no HTML", extra={"fields": {"kind": message.kind, "why": bad.errors[0].detail}})
        return None


def _shown(text: str) -> str:
    """The text with a mark in place of each control character, but for tabs and ends of lines."""
    return _CONTROLS.sub("\ufffd", text)


def _given(message: Message, *, html: bool) -> dict[str, Any]:
    """What templates can name. `html`, the message's own, only in HTML: it is the one thing there that is not escaped."""
    given: dict[str, Any] = {
        "subject": message.subject,
        "text": message.text,
        "url": message.url,
        "severity": message.severity,
        "kind": message.kind,
        "data": dict(message.data),
    }
    return {**given, "html": Markup(message.html or "")} if html else given  # noqa: S704  (who queues it has made it)
