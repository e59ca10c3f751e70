"""Dead letters: count failed deliveries, and forward a message that has failed too often to another topic."""

from typing import Final

from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.catalog import Subscription, Topic
from infra.local.pubsub.delivery import Deliveries
from infra.local.pubsub.names import project_of
from infra.local.pubsub.ordering import Delivery
from infra.local.pubsub.publishing import Publishing
from infra.local.pubsub.wire import Proto

_PREFIX: Final = "CloudPubSubDeadLetterSource"


class DeadLetters:
    """What happens when a delivery fails."""

    def __init__(self, broker: Broker, deliveries: Deliveries, publishing: Publishing) -> None:
        self._broker = broker
        self._deliveries = deliveries
        self._publishing = publishing

    def failed(self, subscription: Subscription, delivery: Delivery) -> bool:
        """Keep the count of attempts; True if that was the last and the message is on its way to the dead-letter topic."""
        settings = subscription.settings
        topic = self._broker.catalog.topics.get(settings.dead_letter_topic)
        if (
            topic is not None
            and delivery.attempts >= settings.max_attempts
            and self._forward(subscription, delivery, topic)
        ):
            return True
        if settings.dead_letter_topic:
            row = (delivery.attempts, delivery.message.id, subscription.id)
            self._broker.database.submit(
                lambda db: db.execute(
                    "UPDATE deliveries SET attempts = ? WHERE message_id = ? AND subscription_id = ?", row
                )
            )
        return False

    def _forward(self, subscription: Subscription, delivery: Delivery, topic: Topic) -> bool:
        """Publish a copy and settle the original in one transaction: the message is always in exactly one of the places."""
        body = self._deliveries.body(delivery)
        if body is None:
            return False
        message = wire.PubsubMessage.FromString(body)
        _mark(message, subscription, delivery)
        batch = self._publishing.prepare(topic, [message])

        def forwarded(_: object) -> None:
            subscription.backlog.drop(delivery)
            self._broker.sweep_all = True
            self._publishing.deliver(batch)

        done = self._deliveries.settle(subscription, [delivery], also=batch.write, then=forwarded)
        done.add_done_callback(lambda future: subscription.backlog.requeue(delivery) if future.exception() else None)
        return True


def _mark(message: Proto, subscription: Subscription, delivery: Delivery) -> None:
    """Say in the attributes where the message comes from, as the service does."""
    message.attributes[f"{_PREFIX}DeliveryCount"] = str(delivery.attempts)
    message.attributes[f"{_PREFIX}Subscription"] = subscription.name.rsplit("/", 1)[1]
    message.attributes[f"{_PREFIX}SubscriptionProject"] = project_of(subscription.name)
    message.attributes[f"{_PREFIX}TopicPublishTime"] = wire.rfc3339(delivery.message.published)
