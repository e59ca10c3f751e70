"""Streaming pull: the client's `subscribe` with callbacks, and the protocol below it."""

import queue
import threading
from collections.abc import Iterator

import pytest
from google.api_core import exceptions
from google.cloud.pubsub_v1.subscriber import exceptions as subscriber_exceptions
from google.cloud.pubsub_v1.subscriber.message import Message
from google.pubsub_v1.types import StreamingPullRequest

from tests.cloud import wait_for
from tests.infra.local.pubsub.clients import Clients, Inbox


def test_a_callback_gets_every_message_once(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    inbox = Inbox(2000)
    with clients.subscribe(subscription, inbox):
        futures = [clients.publisher.publish(topic, str(number).encode()) for number in range(2000)]
        assert inbox.complete.wait(20)
    assert sorted(int(text) for text in inbox.texts) == list(range(2000))
    assert len([future.result() for future in futures]) == 2000
    assert clients.pull(subscription) == []


def test_a_message_that_was_refused_comes_again(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    seen: list[str] = []
    done = threading.Event()

    def refuse_first(message: Message) -> None:
        seen.append(message.message_id)
        if len(seen) == 1:
            message.nack()
        else:
            message.ack()
            done.set()

    with clients.subscribe(subscription, refuse_first):
        (number,) = clients.publish(topic, "a")
        assert done.wait(10)
    assert seen == [number, number]


def test_two_subscribers_share_the_messages(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    first, second = Inbox(10_000), Inbox(10_000)
    with (
        clients.subscribe(subscription, first, max_messages=10),
        clients.subscribe(subscription, second, max_messages=10),
    ):
        for number in range(50):
            clients.publish(topic, *(f"{number}-{part}" for part in range(20)))
        wait_for(lambda: len(first.messages) + len(second.messages) >= 1000, "all have come")
    assert len(set(first.texts) | set(second.texts)) == 1000
    assert first.messages
    assert second.messages


def test_a_stream_has_no_more_out_than_its_flow_control_allows(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, *(str(number) for number in range(20)))
    with _Stream(clients, subscription, max_outstanding_messages=5) as stream:
        received = stream.receive(5)
        assert stream.is_quiet()
        clients.ack(subscription, *received[:2])
        assert len(stream.receive(2)) == 2
        stream.send(ack_ids=[one.ack_id for one in received[2:]])
        assert len(stream.receive(3)) == 3
        assert stream.is_quiet()


def test_a_stream_has_no_more_bytes_out_than_its_flow_control_allows(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    for _ in range(4):
        clients.publish(topic, "x" * 1000)
    with _Stream(clients, subscription, max_outstanding_bytes=2500) as stream:
        received = stream.receive(2)
        assert stream.is_quiet()
        clients.ack(subscription, received[0])
        assert len(stream.receive(1)) == 1


def test_deadlines_change_on_the_stream(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "a")
    with _Stream(clients, subscription) as stream:
        (received,) = stream.receive(1)
        stream.send(modify_deadline_ack_ids=[received.ack_id], modify_deadline_seconds=[0])
        (again,) = stream.receive(1)
    assert again.message.message_id == received.message.message_id
    assert again.ack_id != received.ack_id


def test_exactly_once_confirms_and_refuses_acknowledgements(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic, enable_exactly_once_delivery=True)
    clients.publish(topic, "a", "b")
    with _Stream(clients, subscription) as stream:
        first, second = stream.receive(2)
        assert stream.properties.exactly_once_delivery_enabled
        stream.send(ack_ids=[first.ack_id])
        assert stream.confirmation() == ([first.ack_id], [])
        clients.nack(subscription, second)
        stream.send(ack_ids=[second.ack_id])
        assert stream.confirmation() == ([], [second.ack_id])
        with pytest.raises(exceptions.FailedPrecondition):
            clients.ack(subscription, second)


def test_with_exactly_once_the_client_knows_that_an_acknowledgement_has_failed(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic, enable_exactly_once_delivery=True)
    results: queue.Queue[object] = queue.Queue()

    def ack_twice(message: Message) -> None:
        results.put(message.ack_with_response().result(timeout=10))
        try:
            message.ack_with_response().result(timeout=10)
        except subscriber_exceptions.AcknowledgeError as error:
            results.put(error.error_code)

    with clients.subscribe(subscription, ack_twice):
        clients.publish(topic, "a")
        status = subscriber_exceptions.AcknowledgeStatus
        assert [results.get(timeout=10), results.get(timeout=10)] == [status.SUCCESS, status.INVALID_ACK_ID]


def test_a_stream_ends_when_its_subscription_does(clients: Clients) -> None:
    subscription = clients.subscription(clients.topic())
    future = clients.subscriber.subscribe(subscription, lambda message: message.ack())
    with _Stream(clients, subscription) as stream:
        stream.is_quiet()
        clients.subscriber.delete_subscription(subscription=subscription)
        with pytest.raises(exceptions.NotFound):
            future.result(timeout=10)


def test_a_stream_needs_a_subscription_and_a_deadline(clients: Clients) -> None:
    with pytest.raises(exceptions.NotFound), _Stream(clients, "projects/p/subscriptions/missing") as stream:
        stream.receive(1)
    subscription = clients.subscription(clients.topic())
    with (
        pytest.raises(exceptions.InvalidArgument),
        _Stream(clients, subscription, stream_ack_deadline_seconds=5) as stream,
    ):
        stream.receive(1)


class _Stream:
    """A streaming pull without the client's own lease management."""

    def __init__(self, clients: Clients, subscription: str, **settings: int) -> None:
        first = {"subscription": subscription, "stream_ack_deadline_seconds": 60, **settings}
        self._requests: queue.Queue[StreamingPullRequest | None] = queue.Queue()
        self._requests.put(StreamingPullRequest(first))
        self._responses: queue.Queue[object] = queue.Queue()
        self._calls = clients.subscriber.streaming_pull(requests=self._feed())
        self._confirmations: list[tuple[list[str], list[str]]] = []
        self.properties: object = None
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> "_Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self._requests.put(None)

    def send(self, **fields: object) -> None:
        self._requests.put(StreamingPullRequest(fields))

    def receive(self, count: int) -> list[object]:
        received: list[object] = []
        while len(received) < count:
            received += self._next(10).received_messages
        return received

    def confirmation(self) -> tuple[list[str], list[str]]:
        while not self._confirmations:
            self._next(10)
        return self._confirmations.pop(0)

    def is_quiet(self) -> bool:
        """No message comes for a while."""
        try:
            while not self._next(0.3).received_messages:
                pass
        except queue.Empty:
            return True
        return False

    def _next(self, timeout: float) -> object:
        response = self._responses.get(timeout=timeout)
        if isinstance(response, Exception):
            raise response
        self.properties = response.subscription_properties
        confirmation = response.acknowledge_confirmation
        if confirmation.ack_ids or confirmation.invalid_ack_ids:
            self._confirmations.append((list(confirmation.ack_ids), list(confirmation.invalid_ack_ids)))
        return response

    def _feed(self) -> Iterator[StreamingPullRequest]:
        while (request := self._requests.get()) is not None:
            yield request

    def _read(self) -> None:
        try:
            for response in self._calls:
                self._responses.put(response)
        except exceptions.GoogleAPICallError as error:
            self._responses.put(error)
