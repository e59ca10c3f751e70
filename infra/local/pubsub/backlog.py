"""The backlog of one subscription in memory: what is ready, what is leased until when, what waits for its back-off.

It knows nothing of gRPC, HTTP or SQLite. All methods belong to one asyncio loop; no cost grows with the backlog's length.
"""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from infra.local.pubsub.deadlines import GRAIN, Wheel
from infra.local.pubsub.messages import Message
from infra.local.pubsub.ordering import Delivery, Holder, Line, State

_leases = itertools.count(time.time_ns())
"""Numbers of leases; starting at the time keeps those of an earlier process from being taken for valid ones."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long a message that failed waits, in seconds: doubling from `minimum` to `maximum`."""

    minimum: float = 0.0
    maximum: float = 0.0

    def delay(self, attempts: int) -> float:
        """The wait after the `attempts`-th failure, counted from 1."""
        return min(self.maximum, self.minimum * 2.0 ** min(attempts - 1, 32))


class Backlog:
    """Unacknowledged messages of a subscription.

    `on_failure` hears of every delivery that failed, after its count of attempts has grown; answering True takes the message
    over (its state is FORWARDING until it is acknowledged or given back through `requeue`). `listeners` are called whenever
    something becomes ready, and at the end."""

    def __init__(self, backoff: Backoff, ordered: bool) -> None:
        self.backoff = backoff
        self.ordered = ordered
        self.on_failure: Callable[[Delivery], bool] = lambda _delivery: False
        self.listeners: set[Callable[[], None]] = set()
        self.pending: dict[int, Delivery] = {}
        self._ready: deque[Delivery | Line] = deque()
        self._lines: dict[str, Line] = {}
        self._wheel = Wheel()
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, messages: Iterable[Message]) -> None:
        """Make new messages available."""
        self.load((message, 0) for message in messages)

    def load(self, messages: Iterable[tuple[Message, int]]) -> None:
        """Make messages available, each with its count of failed deliveries. One that is in already is left alone."""
        for message, attempts in messages:
            if message.id in self.pending:
                continue
            delivery = Delivery(message, attempts)
            message.waiting += 1
            self.pending[message.id] = delivery
            if self.ordered and message.key:
                self._stand_in_line(delivery)
            else:
                self._ready.append(delivery)
        self._announce()

    def take(
        self,
        limit: int,
        room: int,
        seconds: float,
        holder: Holder | None = None,
        one_per_key: bool = False,
        oversize: bool = True,
    ) -> list[Delivery]:
        """Lease up to `limit` messages of together at most `room` bytes for `seconds`.

        A single one that is larger is given out alone, if `oversize` lets it."""
        taken: list[Delivery] = []
        until = self._loop.time() + seconds
        while self._ready and len(taken) < limit and room > 0:
            strict = bool(taken) or not oversize
            entry = self._ready.popleft()
            if isinstance(entry, Line):
                batch = self._advance(entry, 1 if one_per_key else limit - len(taken), room, strict)
            elif entry.state is not State.READY:
                continue
            else:
                batch = [] if strict and entry.message.size > room else [entry]
            if not batch and (not isinstance(entry, Line) or entry.offered):
                self._ready.appendleft(entry)
                break
            for delivery in batch:
                delivery.state = State.LEASED
                delivery.lease = next(_leases)
                delivery.holder = holder
                self._wheel.put(delivery, until)
                room -= delivery.message.size
            taken.extend(batch)
        self._arm()
        return taken

    def leased(self, message_id: int, lease: int) -> Delivery | None:
        """The delivery with that lease, if the lease is still good."""
        delivery = self.pending.get(message_id)
        return delivery if delivery and delivery.lease == lease and delivery.state is State.LEASED else None

    def acknowledge(self, delivery: Delivery) -> list[Delivery]:
        """Take out a delivery; gives those that are settled for good by it (with ordering keys none or several)."""
        if delivery.line is not None and delivery.state is State.LEASED:
            self._release(delivery)
            settled = delivery.line.acknowledge(delivery)
        else:
            settled = [delivery]
        for done in settled:
            self.drop(done)
        return settled

    def extend(self, delivery: Delivery, seconds: float) -> None:
        """Let a good lease end `seconds` from now."""
        self._wheel.put(delivery, self._loop.time() + seconds)
        self._arm()

    def fail(self, delivery: Delivery) -> None:
        """End a lease without success: the message goes out again after its back-off."""
        delivery.attempts += 1
        line = delivery.line
        revoked = line.revoke(delivery) if line else [delivery]
        for other in revoked:
            self._release(other)
            other.state = State.READY
        if self.on_failure(delivery):
            delivery.state = State.FORWARDING
            if line:
                line.leave(delivery)
                self._offer(line)
        else:
            self._delay(delivery, front=False)

    def requeue(self, delivery: Delivery) -> None:
        """Take back a delivery that `on_failure` had taken over."""
        if delivery.state is State.FORWARDING:
            self._delay(delivery, front=True)

    def drop(self, delivery: Delivery) -> None:
        """Remove a delivery for good, whatever its state."""
        if self.pending.pop(delivery.message.id, None) is None:
            return
        self._release(delivery)
        delivery.message.waiting -= 1
        line = delivery.line
        if line is not None:
            line.offered = line.offered and delivery.state is not State.DELAYED
            line.leave(delivery)
        delivery.state = State.GONE
        if line is not None:
            self._offer(line)

    def expired(self, before: int) -> list[Delivery]:
        """The deliveries of messages with an id below `before`. Costs only what it finds."""
        return list(itertools.takewhile(lambda d: d.message.id < before, self.pending.values()))

    def clear(self) -> None:
        """Forget everything, leases included."""
        for delivery in self.pending.values():
            self._release(delivery)
            delivery.state = State.GONE
            delivery.message.waiting -= 1
        self.pending.clear()
        self._ready.clear()
        self._lines.clear()

    def close(self) -> None:
        """Forget everything and tell whoever listens, so that it sees that the subscription has ended."""
        self.clear()
        if self._timer is not None:
            self._timer.cancel()
        for listener in tuple(self.listeners):
            listener()

    def _stand_in_line(self, delivery: Delivery) -> None:
        key = delivery.message.key
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = Line(key)
        delivery.line = line
        line.queued.append(delivery)
        self._offer(line)

    def _advance(self, line: Line, limit: int, room: int, strict: bool) -> list[Delivery]:
        """Send out the head of a line: up to `limit` messages of `room` bytes, the first even if larger unless `strict`."""
        batch: list[Delivery] = []
        while len(batch) < limit and (head := line.head()) is not None:
            if head.message.size > room and (batch or strict):
                break
            batch.append(line.send())
            room -= head.message.size
        line.offered = not batch and bool(line.queued)
        if not line.offered:
            self._offer(line)
        return batch

    def _offer(self, line: Line) -> None:
        """Make a line available if nothing of it is out, at the time its back-off ends; forget it when it is empty."""
        if not line.idle:
            return
        head = line.head()
        if head is None:
            self._lines.pop(line.key, None)
            return
        line.offered = True
        if line.not_before > self._loop.time():
            head.state = State.DELAYED
            self._wheel.put(head, line.not_before)
            self._arm()
        else:
            self._ready.append(line)
            self._announce()

    def _delay(self, delivery: Delivery, front: bool) -> None:
        delay = self.backoff.delay(delivery.attempts)
        line = delivery.line
        delivery.state = State.READY
        if line is not None:
            if front:
                line = delivery.line = self._lines.setdefault(line.key, line)
                line.queued.appendleft(delivery)
            line.not_before = self._loop.time() + delay
            self._offer(line)
        elif delay > 0:
            delivery.state = State.DELAYED
            self._wheel.put(delivery, self._loop.time() + delay)
            self._arm()
        else:
            self._ready.append(delivery)
            self._announce()

    def _release(self, delivery: Delivery) -> None:
        self._wheel.remove(delivery)
        if delivery.holder is not None:
            delivery.holder.released(delivery.message.size)
            delivery.holder = None

    def _arm(self) -> None:
        if self._timer is None and self._wheel:
            self._timer = self._loop.call_later(GRAIN, self._tick)

    def _tick(self) -> None:
        self._timer = None
        for delivery in self._wheel.due(self._loop.time()):
            if delivery.state is State.LEASED:
                self.fail(delivery)
            elif delivery.state is State.DELAYED:
                self._end_delay(delivery)
        self._arm()

    def _end_delay(self, delivery: Delivery) -> None:
        delivery.state = State.READY
        self._ready.append(delivery.line or delivery)
        self._announce()

    def _announce(self) -> None:
        if self._ready:
            for listener in tuple(self.listeners):
                listener()
