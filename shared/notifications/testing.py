"""The test button: a message that goes out at once, once, and tells whether the channel works."""

from datetime import datetime

from shared.core.errors import Conflict
from shared.core.ids import new_id
from shared.notifications.channels import get_channel
from shared.notifications.deliveries import get_delivery
from shared.notifications.delivering import deliver_one
from shared.notifications.delivery import Delivery
from shared.notifications.message import Message
from shared.notifications.queueing import queue_test

SUBJECT = "A test of Kompo's notifications"


def try_channel(channel_id: str, at: datetime, *, key: str | None = None) -> list[Delivery]:
    """Send a test to every contact of a channel, and what became of it. It is not throttled, nor tried again.

    Raises NotFound, and Conflict if the channel is off or reaches nobody by itself."""
    channel = get_channel(channel_id)
    if not channel.enabled:
        raise Conflict(f"{channel.why_off} Switch it on first.")
    if not channel.recipients:
        raise Conflict("This channel has no recipients of its own: whom it tells is said with each message.")
    text = f"The channel {channel.name} works: this test was asked for by an operator. Nothing is wrong."
    message = Message(key=f"test-{key or new_id()}", kind="test", subject=SUBJECT, text=text)
    deliveries = queue_test(message, channel, at=at)
    for delivery in deliveries:
        deliver_one(delivery, channel, at)
    return [get_delivery(delivery.id) for delivery in deliveries]
