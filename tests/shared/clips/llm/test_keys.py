"""Keys of language models."""

import pytest

from shared.clips.llm.keys import kept_key
from shared.clips.ranking import RankerUnavailable
from shared.core.clients import secrets_client
from tests.cloud import RunningCloud


def test_a_key_is_read_from_secret_manager_once_it_is_needed(cloud: RunningCloud) -> None:
    from google.cloud.secretmanager_v1.types import Replication, Secret, SecretPayload

    key, parent = kept_key("model-key-test"), f"projects/{cloud.project}"
    secret = Secret(replication=Replication(automatic=Replication.Automatic()))
    secrets_client().create_secret(parent=parent, secret_id="model-key-test", secret=secret)
    payload = SecretPayload(data=b"sk-1\n")
    secrets_client().add_secret_version(parent=f"{parent}/secrets/model-key-test", payload=payload)
    assert key() == "sk-1"


def test_without_the_secret_the_ranker_is_not_available_and_says_which_is_missing(cloud: RunningCloud) -> None:
    with pytest.raises(RankerUnavailable, match="no secret model-key-missing in Secret Manager"):
        kept_key("model-key-missing")()
