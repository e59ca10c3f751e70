"""The service google.pubsub.v1.Subscriber."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Final

from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.delivery import Deliveries, require_valid
from infra.local.pubsub.errors import InvalidArgumentError, invalid
from infra.local.pubsub.handlers import Context, Empty, Service, service, stream, unary
from infra.local.pubsub.seeking import Seeking
from infra.local.pubsub.snapshots import Snapshots
from infra.local.pubsub.streaming_pull import StreamingPull
from infra.local.pubsub.subscriptions import Subscriptions
from infra.local.pubsub.wire import Proto

_PullResponse = wire.raw("PullResponse")
_SeekResponse = wire.raw("SeekResponse")
_ListSnapshotsResponse = wire.raw("ListSnapshotsResponse")
_ListSubscriptionsResponse = wire.raw("ListSubscriptionsResponse")

_PULL_WAIT: Final = 90.0
"""The most seconds that a pull waits for a message."""
_PULL_MARGIN: Final = 1.0
"""Seconds before the caller's deadline at which a pull without messages is answered, so that it is no error."""
_MAX_PULL: Final = 1000


class SubscriberService:
    """Subscriptions and what comes out of them."""

    def __init__(
        self, broker: Broker, subscriptions: Subscriptions, snapshots: Snapshots, deliveries: Deliveries
    ) -> None:
        self._broker = broker
        self._subscriptions = subscriptions
        self._snapshots = snapshots
        self._seeking = Seeking(broker)
        self._deliveries = deliveries

    def handler(self) -> Service:
        """What a gRPC server is given."""
        methods = {
            "CreateSubscription": unary(wire.Subscription, self._create),
            "GetSubscription": unary("GetSubscriptionRequest", self._get),
            "UpdateSubscription": unary("UpdateSubscriptionRequest", self._update),
            "ListSubscriptions": unary("ListSubscriptionsRequest", self._list),
            "DeleteSubscription": unary("DeleteSubscriptionRequest", self._delete),
            "ModifyPushConfig": unary("ModifyPushConfigRequest", self._modify_push_config),
            "Pull": unary("PullRequest", self._pull),
            "StreamingPull": stream("StreamingPullRequest", self._streaming_pull),
            "Acknowledge": unary("AcknowledgeRequest", self._acknowledge),
            "ModifyAckDeadline": unary("ModifyAckDeadlineRequest", self._modify_ack_deadline),
            "CreateSnapshot": unary("CreateSnapshotRequest", self._create_snapshot),
            "GetSnapshot": unary("GetSnapshotRequest", self._get_snapshot),
            "ListSnapshots": unary("ListSnapshotsRequest", self._list_snapshots),
            "UpdateSnapshot": unary("UpdateSnapshotRequest", self._update_snapshot),
            "DeleteSnapshot": unary("DeleteSnapshotRequest", self._delete_snapshot),
            "Seek": unary("SeekRequest", self._seek),
        }
        return service("Subscriber", methods)

    async def _create(self, request: Proto, _context: Context) -> Proto:
        return (await self._subscriptions.create(request)).proto

    async def _get(self, request: Proto, _context: Context) -> Proto:
        return self._subscriptions.get(request.subscription).proto

    async def _update(self, request: Proto, _context: Context) -> Proto:
        return (await self._subscriptions.update(request.subscription, request.update_mask.paths)).proto

    async def _list(self, request: Proto, _context: Context) -> Proto:
        page = self._subscriptions.list(request.project, request.page_size, request.page_token)
        return _ListSubscriptionsResponse(subscriptions=[s.proto for s in page.items], next_page_token=page.next_token)

    async def _delete(self, request: Proto, _context: Context) -> Proto:
        await self._subscriptions.delete(request.subscription)
        return Empty()

    async def _modify_push_config(self, request: Proto, _context: Context) -> Proto:
        update = wire.Subscription(name=request.subscription, push_config=request.push_config)
        await self._subscriptions.update(update, ["push_config"])
        return Empty()

    async def _pull(self, request: Proto, context: Context) -> Proto:
        if request.max_messages <= 0:
            raise invalid("max_messages", "It must be positive.")
        subscription = self._subscriptions.get(request.subscription)
        wait = 0.0 if request.return_immediately else _patience(context.time_remaining())
        taken = await self._deliveries.pull(subscription, min(request.max_messages, _MAX_PULL), wait)
        response = _PullResponse()
        self._deliveries.fill(response.received_messages, subscription, taken)
        return response

    async def _streaming_pull(self, requests: AsyncIterator[Proto], _context: Context) -> AsyncGenerator[Proto, None]:
        first = await anext(requests, None)
        if first is None:
            return
        subscription = self._subscriptions.get(first.subscription)
        pull = StreamingPull(self._broker, self._deliveries, subscription, first)
        async with aclosing(pull.run(requests)) as responses:
            async for response in responses:
                yield response

    async def _acknowledge(self, request: Proto, _context: Context) -> Proto:
        if not request.ack_ids:
            raise InvalidArgumentError("No ack ids specified.")
        subscription = self._subscriptions.get(request.subscription)
        require_valid(subscription, await self._deliveries.acknowledge(subscription, request.ack_ids))
        return Empty()

    async def _modify_ack_deadline(self, request: Proto, _context: Context) -> Proto:
        if not request.ack_ids:
            raise InvalidArgumentError("No ack ids specified.")
        subscription = self._subscriptions.get(request.subscription)
        pairs = [(ack_id, request.ack_deadline_seconds) for ack_id in request.ack_ids]
        require_valid(subscription, self._deliveries.modify(subscription, pairs))
        return Empty()

    async def _create_snapshot(self, request: Proto, _context: Context) -> Proto:
        subscription = self._subscriptions.get(request.subscription)
        return (await self._snapshots.create(request.name, subscription, request.labels)).proto

    async def _get_snapshot(self, request: Proto, _context: Context) -> Proto:
        return self._snapshots.get(request.snapshot).proto

    async def _list_snapshots(self, request: Proto, _context: Context) -> Proto:
        page = self._snapshots.list(request.project, request.page_size, request.page_token)
        return _ListSnapshotsResponse(snapshots=[s.proto for s in page.items], next_page_token=page.next_token)

    async def _update_snapshot(self, request: Proto, _context: Context) -> Proto:
        return (await self._snapshots.update(request.snapshot, request.update_mask.paths)).proto

    async def _delete_snapshot(self, request: Proto, _context: Context) -> Proto:
        await self._snapshots.delete(request.snapshot)
        return Empty()

    async def _seek(self, request: Proto, _context: Context) -> Proto:
        subscription = self._subscriptions.get(request.subscription)
        subscription.check_attached()
        match request.WhichOneof("target"):
            case "time":
                await self._seeking.to_time(subscription, wire.microseconds(request.time))
            case "snapshot":
                await self._seeking.to_snapshot(subscription, self._snapshots.get(request.snapshot))
            case _:
                raise InvalidArgumentError("A seek needs a time or a snapshot.")
        return _SeekResponse()


def _patience(remaining: float | None) -> float:
    """Seconds to wait for a caller with `remaining` seconds left; one with hardly any runs into its deadline."""
    if remaining is None or remaining < 2 * _PULL_MARGIN:
        return _PULL_WAIT
    return min(_PULL_WAIT, remaining - _PULL_MARGIN)
