"""A user has one hash for each salt; which one an event gets follows from when it occurred, in every process and for ever."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.core import salts as module
from shared.core.clients import secrets_client
from shared.core.errors import Unavailable
from shared.core.salts import ANNOUNCED, OVERLAP, PERIOD, Rotation, forget_salts, rotate, salt_at, salts
from tests.cloud import RunningCloud, local_cloud

NOW = datetime.now(UTC)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[RunningCloud]:
    """A Secret Manager of its own, with the first salt."""
    with local_cloud("secrets", data=tmp_path) as cloud, cloud.applied():
        yield cloud


def versions() -> list[str]:
    return [salt.version for salt in salts()]


def test_salts_follow_each_other_and_old_ones_are_destroyed(own: RunningCloud) -> None:
    assert rotate(NOW) == Rotation()
    assert rotate(NOW + PERIOD + timedelta(hours=1)) == Rotation(made=("2",))
    assert versions() == ["2", "1"]
    # The second one was made just now, by the clock of Secret Manager.
    assert rotate(NOW + ANNOUNCED + OVERLAP - timedelta(hours=1)) == Rotation()
    assert rotate(NOW + ANNOUNCED + OVERLAP + timedelta(hours=1)) == Rotation(destroyed=("1",))
    assert rotate(NOW + ANNOUNCED + OVERLAP + timedelta(hours=1)) == Rotation()
    assert versions() == ["2"]


def test_an_event_keeps_its_salt_when_it_is_sent_again_after_a_rotation(own: RunningCloud) -> None:
    occurred = [NOW - timedelta(days=400), NOW, NOW + timedelta(hours=23)]
    before = [salt_at(moment).digest("ann") for moment in occurred]
    rotate(NOW + PERIOD + timedelta(hours=1))
    assert [salt_at(moment).digest("ann") for moment in occurred] == before
    later = salt_at(NOW + ANNOUNCED + timedelta(hours=1))
    assert (later.version, later.digest("ann") == before[0]) == ("2", False)


def test_without_a_salt_the_first_one_is_made(own: RunningCloud) -> None:
    secrets_client().destroy_secret_version(name=f"projects/{own.project}/secrets/user-salt/versions/1")
    forget_salts()
    with pytest.raises(Unavailable, match="rotate-salt"):
        salts()
    assert rotate(NOW) == Rotation(made=("2",))
    assert salt_at(NOW - timedelta(days=400)).version == "2"


def test_a_salt_does_not_show_itself() -> None:
    assert "secret" not in repr(module.Salt("1", NOW, b"do not tell"))


def test_a_process_that_has_the_salts_goes_on_without_secret_manager_for_a_day(
    own: RunningCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = salts()
    client = secrets_client()
    monkeypatch.setattr(client, "list_secret_versions", _refuse)
    forget_salts()
    assert salts() is known
    forget_salts()
    monkeypatch.setattr(module, "_STALE", 0.0)
    with pytest.raises(Unavailable, match="Secret Manager does not answer"):
        salts()


def test_a_process_without_salts_says_that_secret_manager_does_not_answer(
    own: RunningCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets_client(), "list_secret_versions", _refuse)
    with pytest.raises(Unavailable, match="Secret Manager does not answer"):
        salts()


def test_a_hash_takes_a_few_microseconds(own: RunningCloud) -> None:
    salt_at(NOW)
    started = time.perf_counter()
    for number in range(3000):
        salt_at(NOW).digest(f"user{number}")
    assert time.perf_counter() - started < 0.3


def _refuse(**_: object) -> None:
    raise ConnectionRefusedError(111, "refused")
