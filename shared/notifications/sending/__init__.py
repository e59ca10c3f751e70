"""Sending: one module for each kind of channel. Each has `send(channel, delivery)`, which returns the receiver's answer."""

from collections.abc import Callable
from importlib import import_module

from shared.notifications.channel import Channel, ChannelKind
from shared.notifications.delivery import Delivery

__all__ = ["send"]

_MODULES = {
    ChannelKind.EMAIL: "mail",
    ChannelKind.SLACK: "slack",
    ChannelKind.SMS: "sms",
    ChannelKind.WEBHOOK: "webhook",
    ChannelKind.APPRISE: "apprise",
}


def send(channel: Channel, delivery: Delivery) -> str:
    """Send a delivery; what the receiver answered. Raises NotSent, Unavailable."""
    module = import_module(f"shared.notifications.sending.{_MODULES[channel.kind]}")
    speak: Callable[[Channel, Delivery], str] = module.send
    return speak(channel, delivery)
