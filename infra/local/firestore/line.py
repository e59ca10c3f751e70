"""Work in line for something that one thread at a time may use, done in groups.

A thread that finds nobody at it does all that waits, others' work too, and hands on to the next in line. No thread of its own
does it: handing over to one and back costs more than a small commit, and whoever comes alone has nothing to hand over.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

W = TypeVar("W")


class Order(Generic[W]):
    """What one thread asks for: works to be done in order, in one group. Whoever does it puts their results in `outcomes`."""

    __slots__ = ("done", "outcomes", "turn", "works")

    def __init__(self, works: Sequence[W]) -> None:
        self.works = works
        self.outcomes: list[object] = []
        self.done = False
        self.turn = threading.Lock()
        """Held until the order is done, or is the next to be."""
        self.turn.acquire()


class Line(Generic[W]):
    """`carry_out` does a group of orders, `most` works or one order more; it must not raise."""

    def __init__(self, carry_out: Callable[[list[Order[W]]], None], most: int) -> None:
        self._carry_out = carry_out
        self._most = most
        self._guard = threading.Lock()
        self._waiting: deque[Order[W]] = deque()
        self._busy = False

    def __len__(self) -> int:
        """Orders that wait for their turn."""
        return len(self._waiting)

    def wait_for(self, works: Sequence[W]) -> list[object]:
        """Have `works` done, after all that was asked for before; returns their outcomes."""
        order = Order(works)
        with self._guard:
            self._waiting.append(order)
            first, self._busy = not self._busy, True
        if not first:
            order.turn.acquire()
        if not order.done:
            self._lead()
        return order.outcomes

    def _lead(self) -> None:
        """Do the group at the head of the line, which the order of this thread is in, then hand on."""
        group = self._next_group()
        try:
            self._carry_out(group)
        finally:
            with self._guard:
                following = self._waiting[0] if self._waiting else None
                self._busy = following is not None
            for order in group:
                order.done = True
                order.turn.release()
            if following is not None:
                following.turn.release()

    def _next_group(self) -> list[Order[W]]:
        group: list[Order[W]] = []
        works = 0
        with self._guard:
            while self._waiting and works < self._most:
                group.append(self._waiting.popleft())
                works += len(group[-1].works)
        return group
