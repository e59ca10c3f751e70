"""Notifications: what is told to people and programs, by which channel, and what became of it.

`queue` writes deliveries, `deliver_due` sends what is due; between the two, and in the middle of either, a process may die."""

from shared.notifications.channel import (
    Apprise,
    Channel,
    ChannelKind,
    Email,
    Limit,
    Slack,
    Sms,
    SmtpServer,
    Webhook,
)
from shared.notifications.channels import delete_channel, find_channels, get_channel, list_channels, save_channel
from shared.notifications.delivering import Delivered, deliver_due
from shared.notifications.delivery import Attempt, AttemptOutcome, Delivery, DeliveryState
from shared.notifications.message import Attachment, Content, Message
from shared.notifications.queueing import queue
from shared.notifications.templating import (
    BadTemplate,
    MessageTemplate,
    Parts,
    delete_template,
    get_template,
    list_templates,
    render_parts,
    sample_of,
    save_template,
)

__all__ = [
    "Apprise",
    "Attachment",
    "Attempt",
    "AttemptOutcome",
    "BadTemplate",
    "Channel",
    "ChannelKind",
    "Content",
    "Delivered",
    "Delivery",
    "DeliveryState",
    "Email",
    "Limit",
    "Message",
    "MessageTemplate",
    "Parts",
    "Slack",
    "Sms",
    "SmtpServer",
    "Webhook",
    "delete_channel",
    "delete_template",
    "deliver_due",
    "find_channels",
    "get_channel",
    "get_template",
    "list_channels",
    "list_templates",
    "queue",
    "render_parts",
    "sample_of",
    "save_channel",
    "save_template",
]
