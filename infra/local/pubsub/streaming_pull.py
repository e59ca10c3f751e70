"""One streaming pull: messages out under flow control, acknowledgements and deadlines in."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final

from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.catalog import Subscription
from infra.local.pubsub.delivery import RESPONSE_BYTES, Deliveries, Receipt
from infra.local.pubsub.errors import InvalidArgumentError
from infra.local.pubsub.settings import check_ack_deadline
from infra.local.pubsub.wire import Proto

_StreamingPullResponse = wire.raw("StreamingPullResponse")

_RESPONSE_MESSAGES: Final = 500
_HEARTBEAT: Final = 30.0
"""Seconds without a message after which an empty response shows that the stream lives."""


class StreamingPull:
    """A stream on one subscription; it counts what it has out against its client's flow control."""

    def __init__(self, broker: Broker, deliveries: Deliveries, subscription: Subscription, first: Proto) -> None:
        """`first` is the request that opened the stream. Raises InvalidArgumentError."""
        check_ack_deadline(first.stream_ack_deadline_seconds)
        self._broker = broker
        self._deliveries = deliveries
        self._subscription = subscription
        self._deadline: int = first.stream_ack_deadline_seconds
        self._max_messages: int = first.max_outstanding_messages
        self._max_bytes: int = first.max_outstanding_bytes
        self._messages = 0
        self._bytes = 0
        self._answers: deque[Proto] = deque()
        self._changed = asyncio.Event()
        self._failure: Exception | None = None
        self._ended = False

    def released(self, size: int) -> None:
        """A message that was out on this stream is settled or failed (see Holder)."""
        self._messages -= 1
        self._bytes -= size
        self._changed.set()

    async def run(self, requests: AsyncIterator[Proto]) -> AsyncGenerator[Proto, None]:
        """Answer until the client ends the stream or the subscription goes away. Raises PubsubError."""
        backlog = self._subscription.backlog
        backlog.listeners.add(self._changed.set)
        reader = asyncio.create_task(self._read(requests))
        try:
            yield self._response()
            while not self._ended:
                self._changed.clear()
                response = self._next()
                if response is not None:
                    yield response
                    continue
                try:
                    async with asyncio.timeout(_HEARTBEAT):
                        await self._changed.wait()
                except TimeoutError:
                    yield self._response()
        finally:
            backlog.listeners.discard(self._changed.set)
            reader.cancel()
        while self._answers:
            yield self._answers.popleft()
        if self._failure is not None:
            raise self._failure

    def _next(self) -> Proto | None:
        self._broker.check_exists(self._subscription)
        self._subscription.check_pull()
        if self._answers:
            return self._answers.popleft()
        limit = _left(self._max_messages, self._messages, _RESPONSE_MESSAGES)
        room = _left(self._max_bytes, self._bytes, RESPONSE_BYTES)
        if limit <= 0 or room <= 0:
            return None
        taken = self._subscription.backlog.take(limit, room, self._deadline, self, oversize=not self._messages)
        if not taken:
            return None
        self._messages += len(taken)
        self._bytes += sum(delivery.message.size for delivery in taken)
        response = self._response()
        self._deliveries.fill(response.received_messages, self._subscription, taken)
        return response

    def _response(self) -> Proto:
        response = _StreamingPullResponse()
        settings = self._subscription.settings
        response.subscription_properties.exactly_once_delivery_enabled = settings.exactly_once
        response.subscription_properties.message_ordering_enabled = settings.ordered
        return response

    async def _read(self, requests: AsyncIterator[Proto]) -> None:
        try:
            async for request in requests:
                await self._take_in(request)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self._failure = error
        finally:
            self._ended = True
            self._changed.set()

    async def _take_in(self, request: Proto) -> None:
        if request.stream_ack_deadline_seconds:
            check_ack_deadline(request.stream_ack_deadline_seconds)
            self._deadline = request.stream_ack_deadline_seconds
        self._modify(request)
        if request.ack_ids:
            await self._acknowledge(request)

    async def _acknowledge(self, request: Proto) -> None:
        receipt = await self._deliveries.acknowledge(self._subscription, request.ack_ids)
        response = self._response()
        self._confirm(receipt, response, response.acknowledge_confirmation)

    def _modify(self, request: Proto) -> None:
        ack_ids, seconds = request.modify_deadline_ack_ids, request.modify_deadline_seconds
        if len(ack_ids) != len(seconds):
            raise InvalidArgumentError("There must be as many modify_deadline_seconds as modify_deadline_ack_ids.")
        if ack_ids:
            receipt = self._deliveries.modify(self._subscription, zip(ack_ids, seconds, strict=True))
            response = self._response()
            self._confirm(receipt, response, response.modify_ack_deadline_confirmation)

    def _confirm(self, receipt: Receipt, response: Proto, confirmation: Proto) -> None:
        """With exactly-once delivery, tell the client which of its ack ids were good; `confirmation` is in `response`."""
        if not self._subscription.settings.exactly_once:
            return
        confirmation.ack_ids.extend(receipt.valid)
        confirmation.invalid_ack_ids.extend(receipt.invalid)
        self._answers.append(response)
        self._changed.set()


def _left(allowed: int, out: int, most: int) -> int:
    """What may still go out, at most `most` at a time; nothing `allowed` by the client means no limit."""
    return min(allowed - out, most) if allowed > 0 else most
