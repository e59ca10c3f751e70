"""Rate limits: exactly as many requests as were promised, however many threads and instances ask."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.accounts import rate_limits, spend
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
