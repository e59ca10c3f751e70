"""Push subscriptions against a real HTTP endpoint."""

import statistics
import time

import pytest
from google.protobuf.duration_pb2 import Duration

from tests.cloud import wait_for
from tests.infra.local.pubsub.clients import Clients
from tests.infra.local.pubsub.endpoint import Posted, push_endpoint

FAST = {"minimum_backoff": Duration(nanos=200_000_000), "maximum_backoff": Duration(nanos=800_000_000)}


def test_a_push_is_the_services_json(clients: Clients) -> None:
    topic = clients.topic()
    with push_endpoint() as endpoint:
        subscription = clients.subscription(topic, push_config={"push_endpoint": endpoint.url})
        (number,) = clients.publish(topic, "hello", kind="clip")
        (posted,) = wait_for(lambda: endpoint.posted, "it is pushed")
    message = posted.envelope["message"]
    assert posted.headers["content-type"] == "application/json"
    assert posted.envelope["subscription"] == subscription
    assert "deliveryAttempt" not in posted.envelope
    assert message["data"] == "aGVsbG8="
    assert message["attributes"] == {"kind": "clip"}
    assert message["messageId"] == message["message_id"] == number
    assert message["publishTime"] == message["publish_time"]
    assert message["publishTime"].endswith("Z")
    assert "orderingKey" not in message


def test_an_unwrapped_push_is_the_data_with_the_rest_in_headers(clients: Clients) -> None:
    topic = clients.topic()
    with push_endpoint() as endpoint:
        config = {"push_endpoint": endpoint.url, "no_wrapper": {"write_metadata": True}}
        subscription = clients.subscription(topic, push_config=config)
        (number,) = clients.publish(topic, "hello", kind="clip")
        (posted,) = wait_for(lambda: endpoint.posted, "it is pushed")
    assert posted.body == b"hello"
    assert posted.headers["kind"] == "clip"
    assert posted.headers["x-goog-pubsub-message-id"] == number
    assert posted.headers["x-goog-pubsub-subscription-name"] == subscription


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_settles_a_message(clients: Clients, status: int) -> None:
    topic = clients.topic()
    with push_endpoint(lambda _: status) as endpoint:
        subscription = clients.subscription(topic, push_config={"push_endpoint": endpoint.url})
        clients.publish(topic, "a")
        wait_for(lambda: endpoint.posted and not endpoint.inside, "it is pushed")
        clients.publish(topic, "b")  # once this one has come, the answer to the first has been taken in
        wait_for(lambda: len(endpoint.posted) == 2 and not endpoint.inside, "the next is pushed")
        time.sleep(0.3)  # a failed message would come again after 0.1 s
        clients.subscriber.modify_push_config(subscription=subscription, push_config={})
        assert endpoint.texts == ["a", "b"]
    assert clients.pull(subscription) == []


def test_a_failure_is_pushed_again_after_its_back_off(clients: Clients) -> None:
    topic = clients.topic()
    with push_endpoint(lambda _: 500 if len(endpoint.posted) < 4 else 200) as endpoint:
        clients.subscription(topic, push_config={"push_endpoint": endpoint.url}, retry_policy=FAST)
        clients.publish(topic, "a")
        wait_for(lambda: len(endpoint.posted) == 4, "it has been pushed four times")
        times = [posted.at for posted in endpoint.posted]
    for before, after, expected in zip(times, times[1:], (0.2, 0.4, 0.8), strict=False):
        assert expected - 0.02 < after - before < expected + 1


def test_an_endpoint_that_is_down_is_asked_sparingly_and_served_when_it_is_back(clients: Clients) -> None:
    topic = clients.topic()
    with push_endpoint(lambda _: 503) as overloaded:
        config = {"push_endpoint": overloaded.url}
        clients.subscription(topic, push_config=config, retry_policy=FAST)
        clients.publish(topic, *(str(number) for number in range(20)))
        time.sleep(1.5)
        assert 4 <= len(overloaded.posted) <= 10
    time.sleep(0.5)  # now nobody listens at all
    with push_endpoint(port=overloaded.port) as endpoint:
        wait_for(lambda: len(set(endpoint.texts)) == 20, "all are pushed")
        assert len(endpoint.posted) == 20


def test_a_slow_endpoint_is_given_more_at_a_time_as_it_keeps_up(clients: Clients) -> None:
    topic = clients.topic()

    def slow(_: Posted) -> int:
        time.sleep(0.02)
        return 200

    with push_endpoint(slow) as endpoint:
        clients.subscription(topic, push_config={"push_endpoint": endpoint.url})
        clients.publish(topic, *(str(number) for number in range(200)))
        wait_for(lambda: len(set(endpoint.texts)) == 200, "all are pushed")
        assert 4 < endpoint.most_inside <= 64


def test_a_hung_endpoint_does_not_hold_up_another_subscription(clients: Clients) -> None:
    topic = clients.topic()

    def hang(_: Posted) -> int:
        time.sleep(3)
        return 200

    with push_endpoint(hang) as hung, push_endpoint() as quick:
        clients.subscription(topic, push_config={"push_endpoint": hung.url})
        clients.subscription(topic, push_config={"push_endpoint": quick.url})
        start = time.monotonic()
        clients.publish(topic, *(str(number) for number in range(10)))
        wait_for(lambda: len(quick.posted) == 10, "the quick one has all")
        assert time.monotonic() - start < 2


def test_a_message_is_pushed_within_milliseconds(clients: Clients) -> None:
    topic = clients.topic()
    latencies: list[float] = []
    with push_endpoint() as endpoint:
        clients.subscription(topic, push_config={"push_endpoint": endpoint.url})
        for count in range(1, 31):
            start = time.monotonic()
            clients.publish(topic, "x")
            wait_for(lambda count=count: len(endpoint.posted) == count, "it is pushed", pause=0.0005)
            latencies.append(endpoint.posted[-1].at - start)
    assert statistics.median(latencies) < 0.05


def test_a_push_subscription_follows_a_change_of_its_endpoint(clients: Clients) -> None:
    topic = clients.topic()
    with push_endpoint() as first, push_endpoint() as second:
        subscription = clients.subscription(topic, push_config={"push_endpoint": first.url})
        clients.publish(topic, "a")
        wait_for(lambda: first.posted, "it is pushed to the first")
        clients.subscriber.modify_push_config(subscription=subscription, push_config={"push_endpoint": second.url})
        clients.publish(topic, "b")
        wait_for(lambda: second.posted, "it is pushed to the second")
        assert (first.texts, second.texts) == (["a"], ["b"])
