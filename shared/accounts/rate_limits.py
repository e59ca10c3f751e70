"""Rate limits: requests a minute, counted for a caller across all instances.

Each instance takes a block of the budget from Firestore with one atomic increment and spends it from memory, so that the
limit holds for all instances together at a fraction of a write for each request.
"""

import hashlib
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.core.clients import firestore_client
from shared.core.errors import RateLimited
from shared.core.settings import settings

WINDOW = 60
BLOCKS = 20
"""The budget of a window is taken in this many blocks."""
MAX_CALLERS = 10_000


@dataclass
class Budget:
    """What a caller has left in this window. `reset` is in seconds from now."""

    limit: int
    remaining: int
    reset: int


@dataclass
class _Lease:
    window: int
    left: int
    taken_by_all: int


_leases: dict[str, _Lease] = {}
_lock = threading.Lock()


def spend(caller: str) -> Budget:
    """Take one request from the budget of `caller` (a user id or an address). Raises RateLimited when it is used up."""
    limit = settings().requests_per_minute
    moment = time.time()
    window = int(moment // WINDOW)
    reset = WINDOW - int(moment % WINDOW)
    with _lock:
        lease = _leases.get(caller)
        if lease is None or lease.window != window:
            lease = _leases[caller] = _Lease(window, 0, 0)
            _forget_old(window)
        if lease.left > 0:
            lease.left -= 1
            return Budget(limit, max(0, limit - lease.taken_by_all) + lease.left, reset)
        exhausted = lease.taken_by_all >= limit
    if exhausted:
        raise RateLimited(f"More than {limit} requests in a minute. Wait {reset} s.", retry_after=reset)
    block = max(1, limit // BLOCKS)
    taken = _take(caller, window, block)
    granted = min(block, limit - (taken - block))
    with _lock:
        lease.taken_by_all = max(lease.taken_by_all, taken)
        if granted > 0:
            lease.left += granted - 1
            return Budget(limit, max(0, limit - taken) + lease.left, reset)
    raise RateLimited(f"More than {limit} requests in a minute. Wait {reset} s.", retry_after=reset)


def _take(caller: str, window: int, block: int) -> int:
    """Add `block` to the window's count in Firestore; the new count."""
    from google.cloud.firestore import Increment

    name = f"{hashlib.sha256(caller.encode()).hexdigest()[:32]}_{window}"
    reference = firestore_client().collection("rate_limits").document(name)
    expires = datetime.fromtimestamp((window + 2) * WINDOW, UTC) + timedelta(minutes=5)
    result = reference.set({"taken": Increment(block), "expireAt": expires}, merge=True)
    return int(result.transform_results[0].integer_value)


def _forget_old(window: int) -> None:
    if len(_leases) > MAX_CALLERS:
        for caller in [caller for caller, lease in _leases.items() if lease.window != window]:
            del _leases[caller]
