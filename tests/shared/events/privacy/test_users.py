"""Users are known by keyed hashes, ids by their own if nobody can have written them."""

import os
import re
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from shared.core import salts
from shared.core.errors import Unavailable
from shared.core.ids import ID_PATTERN, new_id
from shared.core.salts import salt_at
from shared.events import publish_events
from shared.events.privacy import hash_user, hashes_of, user_key
from shared.events.privacy.identifiers import is_random, name_or_pseudonym, pseudonym
from tests.cloud import RunningCloud, local_cloud
from tests.shared.told import operation

NOW = datetime.now(UTC)


def test_a_user_is_a_keyed_hash(cloud: RunningCloud) -> None:
    assert hash_user("ann") == hash_user("ann") != hash_user("bob")
    assert hash_user("ann") == salt_at(NOW).digest("ann").hex()
    assert user_key("ann", NOW) == (hash_user("ann"), "1")
    assert hashes_of("ann") == {"1": hash_user("ann")}
    assert user_key(None, NOW) == (None, None)


@pytest.mark.parametrize(
    "identifier",
    [str(uuid4()), uuid4().hex, f"render-{new_id()}", f"trim-{uuid4()}-2"],
    ids=["uuid", "hex", "ours", "around"],
)
def test_ids_that_are_random_stay(identifier: str) -> None:
    assert is_random(identifier)


@pytest.mark.parametrize(
    "identifier",
    [
        "ann",
        "ann-smith-2",
        "s1",
        pytest.param(f"ann-{new_id()}", id="a name before"),
        "AKIA2ODE5ZZ2EXAMPLE7",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "4915123456789",
    ],
)
def test_ids_that_somebody_can_have_written_become_others(cloud: RunningCloud, identifier: str) -> None:
    kept = pseudonym(identifier, NOW)
    assert identifier.lower() not in kept.lower()
    assert kept == pseudonym(identifier, NOW - timedelta(days=200)) != pseudonym(f"{identifier}x", NOW)
    assert pseudonym(kept, NOW) == kept
    assert re.fullmatch(ID_PATTERN, kept)


def test_names_of_known_words_stay_and_others_can_only_be_counted(cloud: RunningCloud) -> None:
    for name in ("trim", "create_social_media_clip", "podcast_enhancement", "RenderFailed", "DISK_FULL", "to_mp3"):
        assert name_or_pseudonym(name, NOW) == name
    hidden = name_or_pseudonym("cut_for_smith", NOW)
    assert hidden == name_or_pseudonym("cut_for_smith", NOW) == name_or_pseudonym(hidden, NOW)
    assert hidden.startswith("other_")
    assert "smith" not in hidden


def test_without_secret_manager_events_are_refused_and_taken_when_they_are_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a process that starts while Secret Manager does not answer: it is stopped, and what connects to it waits."""
    monkeypatch.setattr(salts, "_TIMEOUT", 0.5)
    with local_cloud("firestore", "pubsub", "secrets", data=tmp_path) as own, own.applied():
        sent = [operation(datetime.now(UTC))]
        os.kill(own.server("secrets")["pid"], signal.SIGSTOP)
        with pytest.raises(Unavailable, match="Secret Manager does not answer"):
            publish_events("ann", sent)
        os.kill(own.server("secrets")["pid"], signal.SIGCONT)
        assert publish_events("ann", sent) is True
