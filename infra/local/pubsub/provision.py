"""Provisioning: bring topics and subscriptions to what `infra/suite.yaml` declares."""

import logging
import os

from infra.local.pubsub import wire
from infra.local.pubsub.names import subscription_name, topic_name
from infra.local.pubsub.subscriptions import Subscriptions
from infra.local.pubsub.topics import Topics
from infra.local.pubsub.wire import Proto
from infra.local.serving import FUNCTIONS_URL
from infra.manifest import Subscription, Suite

_UPDATED = ["push_config", "ack_deadline_seconds", "retry_policy", "dead_letter_policy", "expiration_policy"]
_FIXED = ["topic", "filter", "enable_message_ordering"]

_log = logging.getLogger(__name__)


async def provision(suite: Suite, project: str, topics: Topics, subscriptions: Subscriptions) -> None:
    """Make what is missing and update what differs; nothing is deleted, no message is touched.

    Push endpoints are set to where the functions are now. Without the variable that says so, they are pull subscriptions."""
    known_topics = {topic.name for topic in topics.list(f"projects/{project}", 0, "").items}
    for topic in suite.topics:
        name = topic_name(project, topic.name)
        if name not in known_topics:
            await topics.create(wire.Topic(name=name))
    known = {subscription.name: subscription for subscription in subscriptions.list(f"projects/{project}", 0, "").items}
    for declared in suite.subscriptions:
        proto = _proto(declared, project, os.environ.get(FUNCTIONS_URL, ""))
        current = known.get(proto.name)
        if current is None:
            await subscriptions.create(proto)
            continue
        for field in _FIXED:
            if getattr(current.proto, field) != getattr(proto, field):
                _log.warning("%s: %s cannot be changed; delete the subscription to apply it", proto.name, field)
        await subscriptions.update(proto, _UPDATED)


def _proto(declared: Subscription, project: str, functions: str) -> Proto:
    proto = wire.Subscription(
        name=subscription_name(project, declared.name),
        topic=topic_name(project, declared.topic),
        ack_deadline_seconds=declared.ack_deadline,
        filter=declared.filter,
        enable_message_ordering=declared.ordering,
    )
    proto.expiration_policy.SetInParent()  # declared for good: never expires, however long it is idle
    proto.retry_policy.minimum_backoff.FromMilliseconds(round(declared.min_backoff * 1000))
    proto.retry_policy.maximum_backoff.FromMilliseconds(round(declared.max_backoff * 1000))
    if declared.push and functions:
        proto.push_config.push_endpoint = f"{functions}/{declared.push}"
    if declared.dead_letter:
        proto.dead_letter_policy.dead_letter_topic = topic_name(project, declared.dead_letter.topic)
        proto.dead_letter_policy.max_delivery_attempts = declared.dead_letter.max_attempts
    return proto
