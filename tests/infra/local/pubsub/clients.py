"""The official clients, and the few steps that nearly every test takes with them."""

import itertools
import os
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from google.cloud import pubsub_v1
from google.pubsub_v1 import PublisherClient as PublisherServiceClient
from google.pubsub_v1.types import PubsubMessage, ReceivedMessage

_numbers = itertools.count(1)


@dataclass
class Clients:
    """Publisher and subscriber of one server. `project` is any name: the server takes all."""

    address: str
    project: str = "contract-tests"
    publisher: pubsub_v1.PublisherClient = field(init=False)
    subscriber: pubsub_v1.SubscriberClient = field(init=False)

    def __post_init__(self) -> None:
        with patch.dict(os.environ, PUBSUB_EMULATOR_HOST=self.address):
            options = pubsub_v1.types.PublisherOptions(enable_message_ordering=True)
            self.publisher = pubsub_v1.PublisherClient(publisher_options=options)
            self.subscriber = pubsub_v1.SubscriberClient()

    def topic(self, **settings: Any) -> str:
        """Make a topic; its full name."""
        name: str = self.publisher.topic_path(self.project, f"topic-{next(_numbers)}")
        self.publisher.create_topic(request={"name": name, **settings})
        return name

    def subscription(self, topic: str, **settings: Any) -> str:
        """Make a subscription; its full name."""
        name: str = self.subscriber.subscription_path(self.project, f"subscription-{next(_numbers)}")
        self.subscriber.create_subscription(request={"name": name, "topic": topic, **settings})
        return name

    def publish(self, topic: str, *texts: str, key: str = "", **attributes: str) -> list[str]:
        """Publish one message a text, in one request; their ids."""
        messages = [PubsubMessage(data=text.encode(), ordering_key=key, attributes=attributes) for text in texts]
        return self.publish_messages(topic, messages)

    def publish_messages(self, topic: str, messages: Sequence[PubsubMessage], **call: Any) -> list[str]:
        """Publish in one request, past the client's batching; their ids. `call` has settings such as `retry`."""
        answer = PublisherServiceClient.publish(self.publisher, topic=topic, messages=messages, **call)
        return list(answer.message_ids)

    def pull(self, subscription: str, limit: int = 100) -> list[ReceivedMessage]:
        """Whatever is there now."""
        request = {"subscription": subscription, "max_messages": limit, "return_immediately": True}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # deprecated, but the only way to ask without waiting
            return list(self.subscriber.pull(request=request).received_messages)

    def texts(self, subscription: str) -> list[str]:
        """The texts of what is there now, which is then leased."""
        return [received.message.data.decode() for received in self.pull(subscription)]

    def wait_texts(self, subscription: str, count: int, timeout: float = 10) -> list[str]:
        """The texts of `count` messages, waited for."""
        texts: list[str] = []
        while len(texts) < count:
            answer = self.subscriber.pull(subscription=subscription, max_messages=count, timeout=timeout)
            texts += [received.message.data.decode() for received in answer.received_messages]
        return texts

    def ack(self, subscription: str, *received: ReceivedMessage) -> None:
        """Acknowledge."""
        self.subscriber.acknowledge(subscription=subscription, ack_ids=[one.ack_id for one in received])

    def nack(self, subscription: str, *received: ReceivedMessage) -> None:
        """Fail: the messages are to come again."""
        ack_ids = [one.ack_id for one in received]
        self.subscriber.modify_ack_deadline(subscription=subscription, ack_ids=ack_ids, ack_deadline_seconds=0)

    @contextmanager
    def subscribe(self, subscription: str, callback: Any, **flow: int) -> Iterator[Any]:
        """A streaming pull with a callback, ended at the end."""
        control = pubsub_v1.types.FlowControl(**flow)
        future = self.subscriber.subscribe(subscription, callback, flow_control=control)
        try:
            yield future
        finally:
            future.cancel()
            future.result(timeout=10)

    def close(self) -> None:
        """Close the channels."""
        self.publisher.stop()
        self.subscriber.close()


class Inbox:
    """A callback that acknowledges (or does what it is told to) and remembers."""

    def __init__(self, expected: int) -> None:
        self.messages: list[Any] = []
        self.complete = threading.Event()
        self._expected = expected

    def __call__(self, message: Any) -> None:
        self.messages.append(message)
        message.ack()
        if len(self.messages) >= self._expected:
            self.complete.set()

    @property
    def texts(self) -> list[str]:
        """The texts received, in order."""
        return [message.data.decode() for message in self.messages]
