"""When jobs fire, and how long retries wait."""

from datetime import datetime
from itertools import pairwise

import pytest
from pydantic import ValidationError

from infra.local.scheduler.jobs import Job, RetryConfig, retry_pause

TARGET = {"httpTarget": {"uri": "http://localhost/f"}}


def _fires(cron: str, zone: str, after: str, times: int) -> list[str]:
    job = Job.model_validate(TARGET | {"schedule": cron, "timeZone": zone})
    moment, fired = datetime.fromisoformat(after), []
    for _ in range(times):
        moment = datetime.fromtimestamp(job.next_time(moment.timestamp()), moment.tzinfo)
        fired.append(moment.isoformat(timespec="minutes"))
    return fired


def test_a_job_fires_by_the_clock_of_its_time_zone() -> None:
    assert _fires("15 3 * * *", "America/New_York", "2026-07-01T00:00+00:00", 2) == [
        "2026-07-01T07:15+00:00",
        "2026-07-02T07:15+00:00",
    ]


def test_summer_time_moves_a_daily_job_with_the_clock() -> None:
    assert _fires("0 12 * * *", "Europe/Oslo", "2026-03-28T00:00+00:00", 2) == [
        "2026-03-28T11:00+00:00",
        "2026-03-29T10:00+00:00",
    ]


def test_an_hourly_job_keeps_its_pace_when_the_clocks_change() -> None:
    for day in ("2026-03-28T22:00+00:00", "2026-10-24T22:00+00:00"):
        fired = [datetime.fromisoformat(text).timestamp() for text in _fires("0 * * * *", "Europe/Oslo", day, 6)]
        assert {later - earlier for earlier, later in pairwise(fired)} == {3600}


def test_a_minutely_job_fires_at_the_next_full_minute() -> None:
    assert _fires("* * * * *", "Etc/UTC", "2026-01-01T00:00:59+00:00", 1) == ["2026-01-01T00:01+00:00"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"schedule": "* * * *"},
        {"schedule": "61 * * * *"},
        {"schedule": "* * * * * *"},
        {"schedule": ""},
        {"schedule": "* * * * *", "timeZone": "Mars/Olympus"},
        {"schedule": "* * * * *", "httpTarget": {"uri": "ftp://localhost"}},
        {"schedule": "* * * * *", "httpTarget": {"uri": "http://localhost", "httpMethod": "FETCH"}},
        {"schedule": "* * * * *", "pubsubTarget": {"topicName": "projects/p/topics/t", "data": ""}},
        {"schedule": "* * * * *", "retryConfig": {"retryCount": 6}},
        {"schedule": "* * * * *", "attemptDeadline": "soon"},
        {"schedule": "* * * * *", "attemptDeadline": "1s"},
        {"schedule": "* * * * *", "httpTarget": {"uri": "http://localhost", "body": "not base64!"}},
        {"schedule": 7},
    ],
)
def test_a_job_that_could_not_fire_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Job.model_validate(TARGET | wrong)


def test_retries_double_then_grow_evenly_then_stay_at_the_longest_pause() -> None:
    config = RetryConfig(
        retryCount=5, maxRetryDuration="0s", minBackoffDuration="10s", maxBackoffDuration="300s", maxDoublings=3
    )
    endless = config.model_copy(update={"retry_count": 0, "max_retry_duration": "100000s"})
    assert [retry_pause(endless, failures, 0, 0) for failures in range(1, 9)] == [10, 20, 40, 80, 160, 240, 300, 300]
    assert retry_pause(config, 6, 0, 0) is None
    assert retry_pause(endless, 1, 0, 100_000) is None
    assert retry_pause(config.model_copy(update={"retry_count": 0}), 1, 0, 0) is None
