"""What the manifest declares is there at the start, and follows it at the next."""

from pathlib import Path

from infra.manifest import load_suite
from tests.cloud import local_cloud, wait_for
from tests.infra.local.pubsub.clients import Clients
from tests.infra.local.pubsub.endpoint import push_endpoint


def test_topics_and_subscriptions_of_the_manifest_are_provisioned() -> None:
    suite = load_suite()
    with local_cloud("pubsub", KOMPO_LOCAL_FUNCTIONS="http://127.0.0.1:9", GOOGLE_CLOUD_PROJECT="mine") as cloud:
        clients = Clients(cloud.env["PUBSUB_EMULATOR_HOST"], "mine")
        topics = {topic.name for topic in clients.publisher.list_topics(project="projects/mine")}
        assert topics == {f"projects/mine/topics/{topic.name}" for topic in suite.topics}
        for declared in suite.subscriptions:
            name = f"projects/mine/subscriptions/{declared.name}"
            subscription = clients.subscriber.get_subscription(subscription=name)
            assert subscription.topic == f"projects/mine/topics/{declared.topic}"
            assert subscription.ack_deadline_seconds == declared.ack_deadline
            assert subscription.filter == declared.filter
            assert subscription.enable_message_ordering == declared.ordering
            assert subscription.retry_policy.minimum_backoff.total_seconds() == declared.min_backoff
            assert subscription.retry_policy.maximum_backoff.total_seconds() == declared.max_backoff
            endpoint = f"http://127.0.0.1:9/{declared.push}" if declared.push else ""
            assert subscription.push_config.push_endpoint == endpoint
            dead = declared.dead_letter
            assert subscription.dead_letter_policy.dead_letter_topic == (
                f"projects/mine/topics/{dead.topic}" if dead else ""
            )
            assert subscription.dead_letter_policy.max_delivery_attempts == (dead.max_attempts if dead else 0)
        clients.close()


def test_what_waited_is_pushed_to_where_the_functions_are_after_a_restart(tmp_path: Path) -> None:
    declared = next(subscription for subscription in load_suite().subscriptions if subscription.push)
    with local_cloud("pubsub", data=tmp_path) as cloud:
        clients = Clients(cloud.env["PUBSUB_EMULATOR_HOST"], cloud.project)
        clients.publish(clients.publisher.topic_path(cloud.project, declared.topic), "kept")
        name = clients.subscriber.subscription_path(cloud.project, declared.name)
        assert not clients.subscriber.get_subscription(subscription=name).push_config.push_endpoint
        clients.close()
    with push_endpoint() as endpoint:
        functions = endpoint.url.removesuffix("/push")
        with local_cloud("pubsub", data=tmp_path, KOMPO_LOCAL_FUNCTIONS=functions):
            (posted,) = wait_for(lambda: endpoint.posted, "the function is called")
    assert (posted.path, posted.text) == (f"/{declared.push}", "kept")
