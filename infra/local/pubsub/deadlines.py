"""Deadlines of leases and back-offs: a timer wheel.

Ending a lease early, which is what nearly every lease does, frees its entry at once. A heap would keep it until the
deadline, at full rate millions of them.
"""

from infra.local.pubsub.ordering import Delivery

GRAIN = 0.05
"""Seconds between ticks: a deadline is noticed at most that much late, never early."""


class Wheel:
    """Deliveries by the tick at which their deadline has passed. Each is in the wheel at most once."""

    def __init__(self) -> None:
        self._slots: dict[int, dict[int, Delivery]] = {}

    def __bool__(self) -> bool:
        return bool(self._slots)

    def put(self, delivery: Delivery, when: float) -> None:
        """Set or move the deadline of `delivery` to `when` (monotonic seconds)."""
        self.remove(delivery)
        slot = int(when / GRAIN) + 1
        self._slots.setdefault(slot, {})[delivery.message.id] = delivery
        delivery.slot = slot

    def remove(self, delivery: Delivery) -> None:
        """Take `delivery` out, if it is in."""
        if delivery.slot is None:
            return
        slot = self._slots[delivery.slot]
        del slot[delivery.message.id]
        if not slot:
            del self._slots[delivery.slot]
        delivery.slot = None

    def due(self, now: float) -> list[Delivery]:
        """Take out all deliveries whose deadline has passed, in order of deadline."""
        current = int(now / GRAIN)
        taken: list[Delivery] = []
        for number in sorted(slot for slot in self._slots if slot <= current):
            taken.extend(self._slots.pop(number).values())
        for delivery in taken:
            delivery.slot = None
        return taken
