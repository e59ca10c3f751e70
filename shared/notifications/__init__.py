"""Notifications: what is told to people and programs, by which channel, and what became of it.

`queue` writes deliveries, `deliver_due` sends what is due; between the two, and in the middle of either, a process may die."""

from shared.notifications.channel import (
    THROTTLES,
    Apprise,
    Channel,
    ChannelKind,
    Config,
    Email,
    Limit,
    MailAddress,
    Slack,
    Sms,
    SmtpServer,
    Webhook,
)
from shared.notifications.channels import (
    channels_in_use,
    delete_channel,
    find_channels,
    get_channel,
    list_channels,
    save_channel,
)
from shared.notifications.deliveries import get_delivery, list_deliveries, replay, replay_dead
from shared.notifications.delivering import Delivered, deliver_due, deliver_for
from shared.notifications.delivery import Attempt, AttemptOutcome, Delivery, DeliveryState
from shared.notifications.message import Attachment, Content, Message
from shared.notifications.queueing import queue
from shared.notifications.secret_values import keep_secret
from shared.notifications.templating import (
    KIND_PATTERN,
    MAX_SOURCE,
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
from shared.notifications.testing import try_channel

__all__ = [
    "KIND_PATTERN",
    "MAX_SOURCE",
    "THROTTLES",
    "Apprise",
    "Attachment",
    "Attempt",
    "AttemptOutcome",
    "BadTemplate",
    "Channel",
    "ChannelKind",
    "Config",
    "Content",
    "Delivered",
    "Delivery",
    "DeliveryState",
    "Email",
    "Limit",
    "MailAddress",
    "Message",
    "MessageTemplate",
    "Parts",
    "Slack",
    "Sms",
    "SmtpServer",
    "Webhook",
    "channels_in_use",
    "delete_channel",
    "delete_template",
    "deliver_due",
    "deliver_for",
    "find_channels",
    "get_channel",
    "get_delivery",
    "get_template",
    "keep_secret",
    "list_channels",
    "list_deliveries",
    "list_templates",
    "queue",
    "render_parts",
    "replay",
    "replay_dead",
    "sample_of",
    "save_channel",
    "save_template",
    "try_channel",
]
