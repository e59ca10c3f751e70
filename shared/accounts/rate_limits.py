"""Rate limits: requests a minute, counted for a caller across all instances.

Each instance takes a block of the budget from Firestore with one atomic increment and spends it from memory, so that the
limit holds for all instances together at a fraction of a write for each request.
"""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import RateLimited
from shared.core.salts import salt_at
from shared.core.settings import settings

WINDOW = 60
"""Seconds."""
MAX_BLOCK = 25
"""Requests in a block; less when little is left, so that a caller served by many instances is not refused early."""
MAX_CALLERS = 10_000


@dataclass(frozen=True)
class Budget:
    """What a caller has left in this window. `reset` is in seconds from now."""

    limit: int
    remaining: int
    reset: int


@dataclass
class _Lease:
    """What this instance has taken of a caller's budget in a window and not yet spent."""

    window: int
    left: int = 0
    taken_by_all: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_leases: dict[str, _Lease] = {}
_lock = threading.Lock()


def spend(caller: str) -> Budget:
    """Take one request from the budget of `caller`. Raises RateLimited when it is used up."""
    limit = settings().requests_per_minute
    moment = time.time()
    reset = WINDOW - int(moment % WINDOW)
    lease = _lease(caller, int(moment // WINDOW))
    with lease.lock:
        if lease.left == 0 and lease.taken_by_all < limit:
            _refill(caller, lease, limit)
        if lease.left == 0:
            raise RateLimited(f"More than {limit} requests in a minute. Wait {reset} s.", retry_after=reset)
        lease.left -= 1
        return Budget(limit, max(0, limit - lease.taken_by_all) + lease.left, reset)


def spend_for_address(purpose: str, address: str | None) -> Budget:
    """The same for one who has not said who they are. Addresses are not kept: their keyed hash is, for some minutes.

    Raises Unavailable if it cannot be made."""
    return spend(f"{purpose}:{salt_at(now()).digest(f'{chr(0)}address{chr(0)}{address}').hex()}")


def grant(caller: str, amount: int, limit: int) -> Budget:
    """Take `amount` from a budget of `limit` a minute, or what is left of it if that is less.

    `remaining` is how much of the `amount` was granted. Counted like requests, across all instances."""
    moment = time.time()
    lease = _lease(caller, int(moment // WINDOW))
    with lease.lock:
        if lease.left < amount and lease.taken_by_all < limit:
            _refill(caller, lease, limit, at_least=amount - lease.left)
        granted = min(amount, lease.left)
        lease.left -= granted
        return Budget(limit, granted, WINDOW - int(moment % WINDOW))


def _lease(caller: str, window: int) -> _Lease:
    with _lock:
        lease = _leases.get(caller)
        if lease is None or lease.window != window:
            if len(_leases) >= MAX_CALLERS:
                for old in [name for name, lease in _leases.items() if lease.window != window]:
                    del _leases[old]
            lease = _leases[caller] = _Lease(window)
        return lease


def _refill(caller: str, lease: _Lease, limit: int, at_least: int = 1) -> None:
    block = max(at_least, min(MAX_BLOCK, (limit - lease.taken_by_all) // 10))
    lease.taken_by_all = _take(caller, lease.window, block)
    lease.left += max(0, min(block, limit - (lease.taken_by_all - block)))


def _take(caller: str, window: int, block: int) -> int:
    """Add `block` to the window's count in Firestore; the new count."""
    from google.cloud.firestore import Increment

    name = f"{hashlib.sha256(caller.encode()).hexdigest()[:32]}_{window}"
    reference = firestore_client().collection("rate_limits").document(name)
    expires = datetime.fromtimestamp((window + 2) * WINDOW, UTC) + timedelta(minutes=5)
    result = reference.set({"taken": Increment(block), "expireAt": expires}, merge=True)
    return int(result.transform_results[0].integer_value)
