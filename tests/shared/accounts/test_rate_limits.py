"""Rate limits: exactly as many requests as were promised, however many threads and instances ask."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.accounts import grant, rate_limits, spend
from shared.core.errors import RateLimited
from shared.core.ids import new_id
from shared.core.settings import settings
from tests.cloud import RunningCloud


@pytest.fixture
def moment(cloud: RunningCloud, monkeypatch: pytest.MonkeyPatch) -> float:
    """A clock that stands in the middle of a minute."""
    moment = 1_800_000_030.0
    monkeypatch.setattr(rate_limits.time, "time", lambda: moment)
    return moment


def allowed(caller: str, tries: int) -> int:
    """How many of `tries` requests at once are allowed."""

    def one(_: int) -> bool:
        try:
            spend(caller)
        except RateLimited as error:
            assert 0 < error.retry_after <= 60
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        return sum(pool.map(one, range(tries)))


def test_the_limit_is_exact_among_threads(moment: float) -> None:
    limit = settings().requests_per_minute
    assert allowed(new_id(), limit + 100) == limit


def test_the_limit_is_exact_among_instances(moment: float, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = settings().requests_per_minute
    caller = new_id()
    first = allowed(caller, limit // 2)
    monkeypatch.setattr(rate_limits, "_leases", {})  # Another instance knows nothing of what this one has taken.
    second = allowed(caller, limit)
    assert first == limit // 2
    assert limit - rate_limits.MAX_BLOCK <= first + second <= limit


def test_callers_do_not_share_and_the_next_minute_is_fresh(moment: float, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = settings().requests_per_minute
    caller = new_id()
    assert allowed(caller, limit + 1) == limit
    assert allowed(new_id(), 1) == 1
    monkeypatch.setattr(rate_limits.time, "time", lambda: moment + 60)
    assert spend(caller).remaining == limit - 1


def test_grants_add_up_to_the_limit_among_threads_and_instances(moment: float) -> None:
    caller, asked = new_id(), [7, 1, 400, 33] * 10

    def instance() -> int:
        rate_limits._leases.pop(caller, None)
        with ThreadPoolExecutor(8) as pool:
            return sum(budget.remaining for budget in pool.map(lambda amount: grant(caller, amount, 1000), asked[:5]))

    # Together the instances ask for more than there is; what one of them holds and does not need is lost to the others.
    granted = sum(instance() for _ in range(4))
    assert 1000 - 4 * rate_limits.MAX_BLOCK <= granted <= 1000
    assert grant(caller, 5, 1000).remaining <= rate_limits.MAX_BLOCK


def test_of_a_large_amount_as_much_is_granted_as_is_left(moment: float) -> None:
    caller = new_id()
    assert grant(caller, 600, 1000).remaining == 600
    assert grant(caller, 600, 1000).remaining == 400
    assert grant(caller, 600, 1000).remaining == 0
    assert 0 < grant(caller, 1, 1000).reset <= 60
