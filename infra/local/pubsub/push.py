"""Push: post messages to the endpoints of push subscriptions, as fast as each endpoint keeps up.

Every subscription has its own window of requests in flight. It starts small, grows by one with each success (so it doubles
in a round trip) and is halved by a failure. While an endpoint cannot be reached nothing is sent to it but one message after
each pause, and the pauses double.
"""

import asyncio
import importlib
import logging
from typing import TYPE_CHECKING, Final

from infra.local.pubsub.broker import Broker
from infra.local.pubsub.catalog import Subscription
from infra.local.pubsub.delivery import RESPONSE_BYTES, Deliveries
from infra.local.pubsub.ordering import Delivery
from infra.local.pubsub.push_request import push_request

if TYPE_CHECKING:
    from aiohttp import ClientSession

_ACCEPTED: Final = frozenset({102, 200, 201, 202, 204})
_UNAVAILABLE: Final = frozenset({429, 502, 503, 504})
_FIRST_WINDOW: Final = 4.0
_MAX_WINDOW: Final = 64.0
_FIRST_PAUSE: Final = 0.1
_MAX_PAUSE: Final = 5.0
"""Seconds. Far below the service's minute: asking a process on loopback costs little, and it is back within seconds."""
_GRACE: Final = 5.0
"""Seconds by which a lease outlasts the time-out of its request, so that the request decides."""
_KEEP_ALIVE: Final = 1.5
"""Seconds that an idle connection is kept: less than the 2 of gunicorn, which would close it under a request."""

_log = logging.getLogger(__name__)


class Endpoint:
    """How an endpoint is doing: how much may be in flight, and until when it is left alone."""

    def __init__(self) -> None:
        self.window = _FIRST_WINDOW
        self._pause = 0.0
        self._until = 0.0

    def succeeded(self) -> None:
        """A request was accepted."""
        self.window = min(self.window + 1, _MAX_WINDOW)
        self._pause = 0.0

    def failed(self) -> None:
        """A request was refused."""
        self.window = max(self.window / 2, 1.0)

    def unavailable(self, now: float) -> None:
        """The endpoint cannot be reached or is overloaded. Failures of requests sent before the pause do not add to it."""
        self.window = 1.0
        if now >= self._until:
            self._pause = min(max(self._pause * 2, _FIRST_PAUSE), _MAX_PAUSE)
            self._until = now + self._pause

    def pause(self, now: float) -> float:
        """Seconds to wait before the next request."""
        return max(0.0, self._until - now)


class Pusher:
    """The task that serves one push subscription."""

    def __init__(self, subscription: Subscription, deliveries: Deliveries, session: "ClientSession") -> None:
        self._subscription = subscription
        self._deliveries = deliveries
        self._session = session
        self._endpoint = Endpoint()
        self._changed = asyncio.Event()
        self._requests: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """Push for ever; ends by cancellation, which leaves requests in flight to finish."""
        backlog = self._subscription.backlog
        backlog.listeners.add(self._changed.set)
        try:
            while True:
                self._changed.clear()
                await asyncio.sleep(self._endpoint.pause(self._loop.time()))
                free = int(self._endpoint.window) - len(self._requests)
                lease = self._subscription.settings.ack_deadline + _GRACE
                taken = backlog.take(free, RESPONSE_BYTES, lease, one_per_key=True) if free > 0 else []
                for delivery in taken:
                    self._start(delivery)
                if not taken:
                    await self._changed.wait()
        finally:
            backlog.listeners.discard(self._changed.set)

    def _start(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._push(delivery))
        self._requests.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._requests.discard(task)
        self._changed.set()

    async def _push(self, delivery: Delivery) -> None:
        backlog = self._subscription.backlog
        body = self._deliveries.body(delivery)
        if body is None:
            backlog.drop(delivery)
            return
        lease = delivery.lease
        accepted = await self._post(body, delivery.attempts + 1)
        if backlog.leased(delivery.message.id, lease) is None:
            return
        if accepted:
            await self._deliveries.settle(self._subscription, backlog.acknowledge(delivery))
        else:
            backlog.fail(delivery)

    async def _post(self, body: bytes, attempt: int) -> bool:
        import aiohttp

        settings = self._subscription.settings
        request = push_request(self._subscription, body, attempt)
        timeout = aiohttp.ClientTimeout(total=settings.ack_deadline)
        try:
            async with self._session.post(
                settings.push_endpoint,
                data=request.body,
                headers=request.headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                await response.read()  # a connection is used again only if its answer has been read
                status = response.status
        except (aiohttp.ClientError, OSError, ValueError) as error:
            _log.info("%s: %s: %r", self._subscription.name, settings.push_endpoint, error)
            self._endpoint.unavailable(self._loop.time())
            return False
        if status in _ACCEPTED:
            self._endpoint.succeeded()
            return True
        _log.info("%s: %s answered %d", self._subscription.name, settings.push_endpoint, status)
        if status in _UNAVAILABLE:
            self._endpoint.unavailable(self._loop.time())
        else:
            self._endpoint.failed()
        return False


class Push:
    """All push subscriptions."""

    def __init__(self, broker: Broker, deliveries: Deliveries) -> None:
        self._broker = broker
        self._deliveries = deliveries
        self._pushers: dict[int, asyncio.Task[None]] = {}
        self._session: asyncio.Task[ClientSession] | None = None

    def watch(self, subscription: Subscription) -> None:
        """Start or stop pushing as the subscription's settings, or its end, demand."""
        wanted = (
            self._broker.exists(subscription)
            and bool(subscription.settings.push_endpoint)
            and not subscription.settings.detached
        )
        if wanted and subscription.id not in self._pushers:
            self._pushers[subscription.id] = asyncio.create_task(self._run(subscription))
        elif not wanted and (pusher := self._pushers.pop(subscription.id, None)):
            pusher.cancel()

    async def close(self) -> None:
        """Stop pushing. Messages in flight stay unacknowledged."""
        for pusher in self._pushers.values():
            pusher.cancel()
        if self._session is not None:
            await (await self._session).close()

    async def _run(self, subscription: Subscription) -> None:
        if self._session is None:
            self._session = asyncio.create_task(_open_session())
        await Pusher(subscription, self._deliveries, await asyncio.shield(self._session)).run()


async def _open_session() -> "ClientSession":
    """Loading the HTTP client takes longer than all else at the start, so it happens beside it."""
    aiohttp = await asyncio.to_thread(importlib.import_module, "aiohttp")
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEP_ALIVE)
    session: ClientSession = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
    return session
