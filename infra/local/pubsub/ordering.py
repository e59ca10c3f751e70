"""One delivery of a message to a subscription, and the line in which the deliveries of one ordering key stand.

The promise of a line: a message is out only after all before it with the same key have been acknowledged or went out in the
same batch; and when one fails, it and everything after it go out again in order, acknowledged or not.
"""

import enum
import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from infra.local.pubsub.messages import Message


class State(enum.Enum):
    """Where a delivery stands."""

    READY = enum.auto()
    LEASED = enum.auto()
    HELD = enum.auto()
    """Acknowledged, but a message before it in its line is not yet: may still have to go out again."""
    DELAYED = enum.auto()
    FORWARDING = enum.auto()
    """On its way to the dead-letter topic."""
    GONE = enum.auto()


class Holder(Protocol):
    """Whoever has been given messages and counts them against its flow control."""

    def released(self, size: int) -> None:
        """A message of `size` bytes is no longer outstanding with this holder."""


@dataclass(slots=True, eq=False)
class Delivery:
    """A message in the backlog of a subscription. `attempts` counts the deliveries that failed."""

    message: Message
    attempts: int = 0
    state: State = State.READY
    lease: int = 0
    holder: Holder | None = None
    slot: int | None = None
    line: "Line | None" = None


@dataclass(slots=True, eq=False)
class Line:
    """The deliveries of one ordering key: those out, oldest first, and those behind them."""

    key: str
    queued: deque[Delivery] = field(default_factory=deque)
    out: dict[int, Delivery] = field(default_factory=dict)
    not_before: float = 0.0
    offered: bool = False
    """In the queue of what is ready, or waiting for `not_before`."""

    @property
    def idle(self) -> bool:
        """Nothing is out or on offer."""
        return not self.out and not self.offered

    def head(self) -> Delivery | None:
        """The next delivery in the queue."""
        while self.queued and self.queued[0].state is State.GONE:
            self.queued.popleft()
        return self.queued[0] if self.queued else None

    def send(self) -> Delivery:
        """Take the head out of the queue and count it as out."""
        delivery = self.queued.popleft()
        self.out[delivery.message.id] = delivery
        return delivery

    def acknowledge(self, delivery: Delivery) -> list[Delivery]:
        """`delivery` has been acknowledged: give those that are settled by it, which may be none or many."""
        delivery.state = State.HELD
        settled = list(itertools.takewhile(lambda first: first.state is State.HELD, self.out.values()))
        for first in settled:
            del self.out[first.message.id]
        return settled

    def revoke(self, delivery: Delivery) -> list[Delivery]:
        """`delivery` has failed: put it and all that are out after it back in the queue, and give them in order."""
        revoked = [other for other in self.out.values() if other.message.id >= delivery.message.id]
        for other in revoked:
            del self.out[other.message.id]
        self.queued.extendleft(reversed(revoked))
        return revoked

    def leave(self, delivery: Delivery) -> None:
        """`delivery` no longer stands in line, whatever its place."""
        if self.out.pop(delivery.message.id, None) is None and self.queued and self.queued[0] is delivery:
            self.queued.popleft()
