"""Delivers what is due: a courier for each function, several deliveries at a time, over kept-alive connections."""

import asyncio
import contextlib
import logging
import sqlite3
import time

import aiohttp

from infra.local.eventarc.store import Delivery, Store, Verdict
from infra.manifest import Function

log = logging.getLogger(__name__)

MAX_BACKOFF = 600.0
"""Seconds: the longest pause between two attempts, as Google documents it. The shortest is a setting."""
LIFETIME = 86_400.0
"""Seconds after which an event that no attempt has delivered is dropped."""
_RECORD_AGAIN = 2.0


class Courier:
    """Delivers events to one function at `url`, as many at a time as its `concurrency`."""

    def __init__(
        self, store: Store, session: aiohttp.ClientSession, function: Function, url: str, backoff: float
    ) -> None:
        self._store = store
        self._session = session
        self._function = function
        self._url = url
        self._backoff = backoff
        self._timeout = aiohttp.ClientTimeout(total=function.timeout)
        self._wake = asyncio.Event()
        self._attempts: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Look for deliveries that are due."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then stays pending."""
        try:
            while True:
                self._wake.clear()
                pause = self._start_due()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._wake.wait()
        finally:
            for attempt in self._attempts.values():
                attempt.cancel()

    def _start_due(self) -> float | None:
        """Start attempts for what is due; seconds until more is due (None: until woken)."""
        now = time.time()
        free = self._function.concurrency - len(self._attempts)
        if free <= 0:
            return None
        # Deliveries under way are still pending on record: ask for so many more.
        due = self._store.due(self._function.name, now, free + len(self._attempts))
        for delivery in [delivery for delivery in due if delivery.id not in self._attempts][:free]:
            attempt = asyncio.create_task(self._attempt(delivery))
            self._attempts[delivery.id] = attempt
        following = self._store.next_due(self._function.name, now)
        return None if following is None else max(0.0, following - time.time())

    async def _attempt(self, delivery: Delivery) -> None:
        try:
            status, error = await self._send(delivery)
            verdict = self._verdict(delivery, status, error)
            if verdict.state == "dropped":
                log.error("%s: event %s dropped: %s", self._function.name, delivery.event.attributes["id"], error)
            await self._settle(delivery, verdict)
        finally:
            del self._attempts[delivery.id]
            self._wake.set()

    async def _settle(self, delivery: Delivery, verdict: Verdict) -> None:
        """Record the verdict; a full disk must not make the function be called again and again."""
        while True:
            try:
                return self._store.settle(delivery.id, verdict)
            except sqlite3.Error:
                log.exception("%s: delivery %d cannot be recorded", self._function.name, delivery.id)
                await asyncio.sleep(_RECORD_AGAIN)

    async def _send(self, delivery: Delivery) -> tuple[int | None, str]:
        """The function's status and "" or what was wrong; no status if the function did not answer."""
        try:
            async with self._session.post(
                self._url, data=delivery.event.data, headers=delivery.event.headers, timeout=self._timeout
            ) as response:
                text = await response.text(errors="replace")
                return response.status, "" if response.ok else f"{response.status} {response.reason}: {text[:500]}"
        except TimeoutError:
            return 504, f"no answer within {self._function.timeout} s"
        except aiohttp.ClientConnectorError as error:
            return None, f"the function is not being served: {error}"
        except (aiohttp.ClientError, OSError) as error:
            return 502, f"the connection was lost: {error!r}"

    def _verdict(self, delivery: Delivery, status: int | None, error: str) -> Verdict:
        if not error:
            return Verdict("delivered", status)
        # An attempt that has not reached the function is the platform's failure, not one of the function.
        again = self._function.retry or status is None
        now = time.time()
        if not again or now - delivery.since > LIFETIME:
            return Verdict("dropped", status, error)
        pause = min(MAX_BACKOFF, self._backoff * 2.0 ** min(delivery.attempts, 30))
        return Verdict("pending", status, error, now + pause)
