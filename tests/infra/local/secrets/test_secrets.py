"""Secret Manager, by its official client: versions are read, switched off, and destroyed so that no byte of them is left."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.api_core.exceptions import BadRequest, Conflict, NotFound

from infra.manifest import load_suite
from shared.core.clients import secrets_client
from tests.cloud import RunningCloud, local_cloud

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def secret(cloud: RunningCloud) -> Iterator[str]:
    """The full name of a new secret, without versions."""
    parent, secret_id = f"projects/{cloud.project}", f"s-{uuid.uuid4().hex}"
    made = secrets_client().create_secret(
        parent=parent, secret_id=secret_id, secret={"replication": {"automatic": {}}, "labels": {"a": "b"}}
    )
    yield made.name
    secrets_client().delete_secret(name=made.name)


def add(secret: str, data: bytes) -> str:
    return secrets_client().add_secret_version(parent=secret, payload={"data": data}).name


def access(name: str) -> bytes:
    return secrets_client().access_secret_version(name=name).payload.data


def states(secret: str, wanted: str = "") -> list[tuple[str, str]]:
    listed = secrets_client().list_secret_versions(request={"parent": secret, "filter": wanted})
    return [(version.name.rpartition("/")[2], version.state.name) for version in listed]


def test_versions_are_numbered_and_the_latest_is_the_newest(secret: str) -> None:
    assert add(secret, b"one") == f"{secret}/versions/1"
    add(secret, b"two")
    assert (access(f"{secret}/versions/1"), access(f"{secret}/versions/latest")) == (b"one", b"two")
    assert states(secret) == [("2", "ENABLED"), ("1", "ENABLED")]


def test_a_version_that_is_switched_off_can_be_read_again_later(secret: str) -> None:
    name = add(secret, b"one")
    secrets_client().disable_secret_version(name=name)
    with pytest.raises(BadRequest, match="DISABLED"):
        access(name)
    assert states(secret, "state:ENABLED") == []
    secrets_client().enable_secret_version(name=name)
    assert access(name) == b"one"


def test_a_destroyed_version_cannot_be_brought_back(secret: str) -> None:
    name = add(secret, b"one")
    destroyed = secrets_client().destroy_secret_version(name=name)
    assert destroyed.state.name == "DESTROYED"
    assert destroyed.destroy_time
    for call in (secrets_client().enable_secret_version, secrets_client().access_secret_version):
        with pytest.raises(BadRequest, match="DESTROYED"):
            call(name=name)


def test_a_number_is_never_given_twice(secret: str) -> None:
    secrets_client().destroy_secret_version(name=add(secret, b"one"))
    assert add(secret, b"two").endswith("/2")


def test_aliases_name_versions(secret: str) -> None:
    add(secret, b"one")
    add(secret, b"two")
    changed = {"name": secret, "version_aliases": {"good": 1}}
    updated = secrets_client().update_secret(secret=changed, update_mask={"paths": ["version_aliases"]})
    assert (dict(updated.version_aliases), dict(updated.labels)) == ({"good": 1}, {"a": "b"})
    assert access(f"{secret}/versions/good") == b"one"


def test_what_is_wrong_is_refused_as_google_refuses_it(secret: str) -> None:
    client = secrets_client()
    parent, _, secret_id = secret.rpartition("/secrets/")
    with pytest.raises(Conflict):
        client.create_secret(parent=parent, secret_id=secret_id, secret={"replication": {"automatic": {}}})
    with pytest.raises(BadRequest):
        client.create_secret(parent=parent, secret_id="no/such", secret={"replication": {"automatic": {}}})
    for payload in ({"data": b""}, {"data": b"x" * 65_537}, {"data": b"one", "data_crc32c": 1}):
        with pytest.raises(BadRequest):
            client.add_secret_version(parent=secret, payload=payload)
    with pytest.raises(NotFound):
        access(f"{secret}/versions/9")
    with pytest.raises(NotFound):
        client.get_secret(name=f"{parent}/secrets/none")
    with pytest.raises(BadRequest):
        client.destroy_secret_version(request={"name": add(secret, b"one"), "etag": '"another"'})


def test_the_secrets_of_the_manifest_are_there_with_a_first_version(cloud: RunningCloud) -> None:
    for declared in load_suite().secrets:
        first = access(f"projects/{cloud.project}/secrets/{declared.name}/versions/1")
        assert len(bytes.fromhex(first.decode())) == declared.random_bytes


def test_secrets_survive_a_kill_and_what_is_destroyed_is_in_no_file(tmp_path: Path) -> None:
    with local_cloud("secrets", data=tmp_path) as cloud, cloud.applied():
        name = f"projects/{cloud.project}/secrets/user-salt"
        first, gone = access(f"{name}/versions/1"), uuid.uuid4().hex.encode() * 200
        added = add(name, gone)
        cloud.kill("secrets")
        assert (access(f"{name}/versions/1"), access(added)) == (first, gone)
        secrets_client().destroy_secret_version(name=added)
        held = [path for path in tmp_path.rglob("*") if path.is_file() and gone[:32] in path.read_bytes()]
    assert held == []
