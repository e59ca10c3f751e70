"""Ordering keys."""

import random
import threading

from google.cloud.pubsub_v1.subscriber.message import Message
from google.protobuf.duration_pb2 import Duration

from tests.cloud import wait_for
from tests.infra.local.pubsub.clients import Clients
from tests.infra.local.pubsub.endpoint import Posted, push_endpoint


def test_messages_of_a_key_come_in_order(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic, enable_message_ordering=True)
    seen: dict[str, list[int]] = {}
    lock = threading.Lock()
    complete = threading.Event()

    def note(message: Message) -> None:
        with lock:
            seen.setdefault(message.ordering_key, []).append(int(message.data))
            if sum(len(numbers) for numbers in seen.values()) == 500:
                complete.set()
        message.ack()

    with clients.subscribe(subscription, note):
        for number in range(100):
            for key in "abcde":
                clients.publisher.publish(topic, str(number).encode(), ordering_key=key)
        assert complete.wait(20)
    assert seen == {key: list(range(100)) for key in "abcde"}


def test_a_key_waits_until_what_is_out_is_acknowledged_and_others_do_not(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic, enable_message_ordering=True)
    clients.publish(topic, "a1", key="a")
    out = clients.pull(subscription)
    clients.publish(topic, "a2", key="a")
    clients.publish(topic, "b1", key="b")
    clients.publish(topic, "free")
    assert sorted(clients.texts(subscription)) == ["b1", "free"]
    clients.ack(subscription, *out)
    assert clients.texts(subscription) == ["a2"]


def test_a_refused_message_comes_again_with_all_after_it_in_order(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic, enable_message_ordering=True)
    clients.publish(topic, *"12345", key="k")
    received = clients.pull(subscription)
    clients.ack(subscription, received[0], received[3])
    clients.nack(subscription, received[1])
    assert clients.texts(subscription) == ["2", "3", "4", "5"]


def test_an_acknowledgement_out_of_order_counts_once_its_turn_comes(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic, enable_message_ordering=True)
    clients.publish(topic, *"123", key="k")
    first, second, third = clients.pull(subscription)
    for received in (third, second, first):
        clients.ack(subscription, received)
    clients.publish(topic, "4", key="k")
    assert clients.texts(subscription) == ["4"]


def test_order_holds_through_refusals_and_back_offs(clients: Clients) -> None:
    topic = clients.topic()
    backoff = {"minimum_backoff": Duration(nanos=1_000_000), "maximum_backoff": Duration(nanos=60_000_000)}
    subscription = clients.subscription(topic, enable_message_ordering=True, retry_policy=backoff)
    clients.publish(topic, *(str(number) for number in range(30)), key="k")
    chance = random.Random(7)
    done: list[int] = []

    def step() -> bool:
        for received in clients.pull(subscription, chance.randint(1, 6)):
            number = int(received.message.data)
            if chance.random() < 0.25:
                clients.nack(subscription, received)
                break
            assert number == len(done)
            done.append(number)
            clients.ack(subscription, received)
        return len(done) == 30

    wait_for(step, "all are done")
    assert done == list(range(30))


def test_a_key_is_pushed_one_message_at_a_time(clients: Clients) -> None:
    topic = clients.topic()
    backoff = {"minimum_backoff": Duration(nanos=50_000_000), "maximum_backoff": Duration(nanos=50_000_000)}

    def refuse_the_third_once(posted: Posted) -> int:
        return 500 if posted.text == "3" and endpoint.texts.count("3") == 1 else 200

    with push_endpoint(refuse_the_third_once) as endpoint:
        config = {"push_endpoint": endpoint.url}
        clients.subscription(topic, enable_message_ordering=True, push_config=config, retry_policy=backoff)
        clients.publish(topic, *"12345", key="k")
        wait_for(lambda: len(endpoint.posted) == 6, "all are pushed")
    assert endpoint.texts == ["1", "2", "3", "3", "4", "5"]
    assert endpoint.most_inside == 1
    assert endpoint.posted[0].envelope["message"]["orderingKey"] == "k"
