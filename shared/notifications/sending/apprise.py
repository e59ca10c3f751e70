"""Apprise: the services that have no channel of their own. It is imported when such a message is sent, and only then."""

import logging
from typing import Any

from shared.notifications.addresses import is_named
from shared.notifications.channel import Apprise, Channel
from shared.notifications.delivery import Delivery
from shared.notifications.errors import NotSent, refused
from shared.notifications.secret_values import secret_value

_OF_A_DESKTOP = frozenset({"blink1", "dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"})
_TYPES = {"critical": "failure", "warning": "warning"}


def send(channel: Channel, delivery: Delivery) -> str:
    """Send a delivery. Raises NotSent, Unavailable."""
    assert isinstance(channel.config, Apprise)
    service = _service(secret_value(channel.config.url), channel.config.url)
    content = delivery.sent_content
    kind = _TYPES.get(content.severity or "", "info")
    try:
        sent = service.notify(
            body=content.text_with_url, title=content.subject, notify_type=_TYPES.get(content.severity or "", "info")
        )
    except Exception as error:  # Whatever its 170 services raise.
        raise NotSent(f"{service.service_name} failed: {type(error).__name__}.") from None
    if not sent:
        raise NotSent(f"{service.service_name} did not take the message.")
    return f"{service.service_name} took the message."


def _service(url: str, secret: str) -> Any:
    """The service of a URL. Raises NotSent if it is none, or one whose host could be an internal one and is not named."""
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # It writes URLs to the log, secrets and all.
    service: Any = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if service is None:
        raise refused(f"The secret {secret} does not hold a URL that Apprise knows.")
    if not _OF_A_DESKTOP.isdisjoint(service.schemas()):
        raise refused(f"{service.service_name} is for a desktop, not for a server.")
    if any("{host}" in template for template in service.templates or ()) and not _is_named(service):
        raise refused(
            f"{service.service_name} is at a host of its own. Who runs this deployment must name it in the setting "
            "KOMPO_NOTIFICATION_HOSTS."
        )
    service.redirects = False
    return service


def _is_named(service: Any) -> bool:
    default = 443 if service.secure else 80
    return is_named(str(service.host).lower(), int(service.port or default))
