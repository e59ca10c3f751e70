"""The service google.pubsub.v1.Publisher."""

from infra.local.pubsub import wire
from infra.local.pubsub.handlers import Context, Empty, Service, service, unary
from infra.local.pubsub.names import check_name
from infra.local.pubsub.paging import page_of
from infra.local.pubsub.publishing import Publishing
from infra.local.pubsub.subscriptions import Subscriptions
from infra.local.pubsub.topics import Topics
from infra.local.pubsub.wire import Proto

_PublishResponse = wire.raw("PublishResponse")
_ListTopicsResponse = wire.raw("ListTopicsResponse")
_ListTopicSubscriptionsResponse = wire.raw("ListTopicSubscriptionsResponse")
_ListTopicSnapshotsResponse = wire.raw("ListTopicSnapshotsResponse")
_DetachSubscriptionResponse = wire.raw("DetachSubscriptionResponse")


class PublisherService:
    """Topics and what is published to them."""

    def __init__(self, topics: Topics, subscriptions: Subscriptions, publishing: Publishing) -> None:
        self._topics = topics
        self._subscriptions = subscriptions
        self._publishing = publishing

    def handler(self) -> Service:
        """What a gRPC server is given."""
        methods = {
            "CreateTopic": unary(wire.Topic, self._create),
            "UpdateTopic": unary("UpdateTopicRequest", self._update),
            "Publish": unary("PublishRequest", self._publish),
            "GetTopic": unary("GetTopicRequest", self._get),
            "ListTopics": unary("ListTopicsRequest", self._list),
            "ListTopicSubscriptions": unary("ListTopicSubscriptionsRequest", self._list_subscriptions),
            "ListTopicSnapshots": unary("ListTopicSnapshotsRequest", self._list_snapshots),
            "DeleteTopic": unary("DeleteTopicRequest", self._delete),
            "DetachSubscription": unary("DetachSubscriptionRequest", self._detach),
        }
        return service("Publisher", methods)

    async def _publish(self, request: Proto, _context: Context) -> Proto:
        topic = self._topics.get(request.topic)
        return _PublishResponse(message_ids=await self._publishing.publish(topic, request.messages))

    async def _create(self, request: Proto, _context: Context) -> Proto:
        return (await self._topics.create(request)).proto

    async def _update(self, request: Proto, _context: Context) -> Proto:
        return (await self._topics.update(request.topic, request.update_mask.paths)).proto

    async def _get(self, request: Proto, _context: Context) -> Proto:
        return self._topics.get(request.topic).proto

    async def _list(self, request: Proto, _context: Context) -> Proto:
        page = self._topics.list(request.project, request.page_size, request.page_token)
        return _ListTopicsResponse(topics=[t.proto for t in page.items], next_page_token=page.next_token)

    async def _list_subscriptions(self, request: Proto, _context: Context) -> Proto:
        topic = self._topics.get(request.topic)
        page = page_of(topic.subscriptions.values(), request.page_size, request.page_token)
        names = [subscription.name for subscription in page.items]
        return _ListTopicSubscriptionsResponse(subscriptions=names, next_page_token=page.next_token)

    async def _list_snapshots(self, request: Proto, _context: Context) -> Proto:
        topic = self._topics.get(request.topic)
        page = page_of(topic.snapshots.values(), request.page_size, request.page_token)
        names = [snapshot.name for snapshot in page.items]
        return _ListTopicSnapshotsResponse(snapshots=names, next_page_token=page.next_token)

    async def _delete(self, request: Proto, _context: Context) -> Proto:
        await self._topics.delete(request.topic)
        return Empty()

    async def _detach(self, request: Proto, _context: Context) -> Proto:
        check_name(request.subscription, "subscriptions")
        await self._subscriptions.detach(request.subscription)
        return _DetachSubscriptionResponse()
