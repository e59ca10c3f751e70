"""Advisory locks of transactions: who has read something goes first, so that contention makes a queue and not a race.

They are about progress only. What commits is checked against the versions that were read (`transactions`), so a lock may be
taken away, or not waited for, at any time. A wait ends without the lock when it would close a circle; a lock held longer than
HOLD seconds goes to whoever waits for it.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Hashable

HOLD = 2.0
"""Seconds after which a held lock can be taken over."""
WAIT = 15.0
"""Seconds that anyone waits for one lock."""


class Locks:
    """Exclusive locks on anything hashable. Owners are numbers; of those that wait, the smallest goes first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._owners: dict[Hashable, tuple[int, float]] = {}
        self._held: defaultdict[int, set[Hashable]] = defaultdict(set)
        self._waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
        self._wants: dict[int, Hashable] = {}

    def acquire(self, owner: int, key: Hashable) -> bool:
        """Wait for the lock on `key` and take it. False when it was better not to wait on."""
        with self._changed:
            if self._owner(key) == owner:
                return True
            if self._closes_circle(owner, key):
                return False
            self._waiting[key].append(owner)
            self._wants[owner] = key
            try:
                return self._wait(owner, key)
            finally:
                self._waiting[key].remove(owner)
                if not self._waiting[key]:
                    del self._waiting[key]
                self._wants.pop(owner, None)
                self._changed.notify_all()

    def release(self, owner: int) -> None:
        """Give back everything that `owner` holds."""
        with self._changed:
            for key in self._held.pop(owner, ()):
                if self._owner(key) == owner:
                    del self._owners[key]
            self._changed.notify_all()

    def _wait(self, owner: int, key: Hashable) -> bool:
        deadline = time.monotonic() + WAIT
        while True:
            now = time.monotonic()
            holder = self._owners.get(key)
            if min(self._waiting[key]) == owner and (holder is None or now - holder[1] >= HOLD):
                self._owners[key] = (owner, now)
                self._held[owner].add(key)
                return True
            if now >= deadline:
                return False
            self._changed.wait(min(deadline - now, HOLD / 4))

    def _owner(self, key: Hashable) -> int | None:
        holder = self._owners.get(key)
        return holder[0] if holder else None

    def _closes_circle(self, owner: int, key: Hashable) -> bool:
        holder = self._owner(key)
        while holder is not None and holder in self._wants:
            holder = self._owner(self._wants[holder])
            if holder == owner:
                return True
        return False
