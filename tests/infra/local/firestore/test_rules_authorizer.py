"""firestore.rules in front of the real server: official messages, users with tokens, batches, transforms, queries."""

import base64
import json
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.cloud import firestore
from google.cloud.firestore_v1 import types
from google.cloud.firestore_v1.base_query import FieldFilter, Or

from infra.local.firestore.rules_authorizer import RulesAuthorizer
from infra.local.rules.errors import InvalidRules
from tests.cloud import local_cloud
from tests.infra.local.rules.language import rules_with
from tests.rules.documents import CONTENT
from tests.rules.world import RULES

HOST = "FIRESTORE_EMULATOR_HOST"


class User:
    """An end user: the official client's messages, sent with an ID token."""

    def __init__(self, admin: firestore.Client, uid: str, **claims: Any) -> None:
        self._transport = admin._firestore_api.transport
        self._database = admin._database_string
        issued = {"iss": f"https://securetoken.google.com/{admin.project}", "aud": admin.project, "sub": uid}
        parts = ({"alg": "none"}, {**issued, "user_id": uid, **claims})
        encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
        self.metadata = [("authorization", f"Bearer {'.'.join(encoded)}.")]

    def get(self, path: str) -> types.Document:
        """Read a document."""
        request = types.GetDocumentRequest(name=f"{self._database}/documents/{path}")
        return self._transport.get_document(request, metadata=self.metadata)

    def commit(self, batch: firestore.WriteBatch) -> types.CommitResponse:
        """Send a batch."""
        request = types.CommitRequest(database=self._database, writes=batch._write_pbs)
        return self._transport.commit(request, metadata=self.metadata)

    def list(self, query: Any, parent: str = "") -> list[types.RunQueryResponse]:
        """Run a query."""
        where = f"{self._database}/documents/{parent}".rstrip("/")
        request = types.RunQueryRequest(parent=where, structured_query=query._to_protobuf())
        return list(self._transport.run_query(request, metadata=self.metadata))


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with local_cloud("firestore") as cloud:
        yield cloud.env[HOST]


@pytest.fixture
def admin(host: str, monkeypatch: pytest.MonkeyPatch) -> firestore.Client:
    """An administrator of a project of its own, in which firestore.rules are in force."""
    monkeypatch.setenv(HOST, host)
    client = firestore.Client(project=f"rules-{uuid4().hex[:8]}")
    put_rules(host, client.project, RULES.read_text())
    client.document("users/owner").set({"status": "active", "plan": "free"})
    return client


def put_rules(host: str, project: str, source: str) -> None:
    """Put rules in force."""
    body = json.dumps({"rules": {"files": [{"name": "firestore.rules", "content": source}]}}).encode()
    url = f"http://{host}/emulator/v1/projects/{project}:securityRules"
    with urllib.request.urlopen(urllib.request.Request(url, body, method="PUT")) as answer:
        assert answer.status == 200


def denied(call: Callable[[], Any]) -> str:
    """What a call is denied with."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
    return str(caught.value.details())


def saved(admin: firestore.Client, version: int, before: dict[str, Any] | None = None) -> firestore.WriteBatch:
    """The batch by which the web app saves a komposition."""
    times = {"created": firestore.SERVER_TIMESTAMP if before is None else before["metadata"]["created"]}
    metadata = {**times, "modified": firestore.SERVER_TIMESTAMP, "version": version, "platform": "webapp"}
    data = {
        "id": "k",
        "userId": "owner",
        "title": f"Take {version}",
        "description": "",
        "metadata": metadata,
        "komposition": CONTENT,
        "sharing": {"visibility": "private", "sharedWith": []} if before is None else before["sharing"],
    }
    reference, batch = admin.document("users/owner/kompositions/k"), admin.batch()
    batch.set(reference, data)
    batch.set(reference.collection("versions").document(str(version)), data)
    return batch


def test_a_user_saves_a_komposition_with_server_timestamps_and_nobody_else_sees_it(admin: firestore.Client) -> None:
    owner, stranger, path = User(admin, "owner"), User(admin, "stranger"), "users/owner/kompositions/k"
    owner.commit(saved(admin, 1))
    first = admin.document(path).get().to_dict()
    owner.commit(saved(admin, 2, first))
    assert owner.get(path).fields["title"].string_value == "Take 2"
    assert "false for 'get'" in denied(lambda: stranger.get(path))
    assert denied(lambda: owner.commit(saved(admin, 2, first)))
    assert denied(lambda: stranger.commit(saved(admin, 3, first)))


def test_a_version_that_is_there_is_never_written_again(admin: firestore.Client) -> None:
    owner = User(admin, "owner")
    owner.commit(saved(admin, 1))
    batch = admin.batch()
    batch.update(admin.document("users/owner/kompositions/k/versions/1"), {"title": "Forged"})
    assert "No allow statement is for update here" in denied(lambda: owner.commit(batch))


def test_sharing_opens_a_komposition_to_those_named_and_closing_it_shuts_them_out(admin: firestore.Client) -> None:
    owner, friend, stranger = (User(admin, uid) for uid in ("owner", "friend", "stranger"))
    path = "users/owner/kompositions/k"
    owner.commit(saved(admin, 1))
    for sharing, readers in (
        ({"visibility": "shared", "sharedWith": ["friend"]}, {friend}),
        ({"visibility": "public", "sharedWith": []}, {friend, stranger}),
        ({"visibility": "private", "sharedWith": ["friend"]}, set()),
    ):
        batch = admin.batch()
        batch.update(admin.document(path), {"sharing": sharing})
        owner.commit(batch)
        for user in (friend, stranger):
            if user in readers:
                assert user.get(path).fields["id"].string_value == "k"
            else:
                denied(lambda user=user: user.get(path))


def test_queries_are_allowed_if_their_filters_prove_the_rules(admin: firestore.Client) -> None:
    stranger, group = User(admin, "stranger"), admin.collection_group("kompositions")
    public = FieldFilter("sharing.visibility", "==", "public")
    to_me = FieldFilter("sharing.sharedWith", "array_contains", "stranger")
    shared = FieldFilter("sharing.visibility", "==", "shared")
    admin.document("users/owner/kompositions/p").set({"sharing": {"visibility": "public", "sharedWith": []}})
    found = stranger.list(group.where(filter=public).limit(100))
    assert [answer.document.name.rpartition("/")[2] for answer in found if answer.document.name] == ["p"]
    assert "not proven by the query's filters" in denied(lambda: stranger.list(group.limit(100)))
    assert denied(lambda: stranger.list(group.where(filter=public).limit(101)))
    assert denied(lambda: stranger.list(group.where(filter=Or([public, shared])).limit(10)))
    assert denied(lambda: stranger.list(group.where(filter=shared).limit(10)))
    in_one = admin.collection("users/owner/kompositions").where(filter=shared).where(filter=to_me).limit(10)
    assert [answer.document.name for answer in stranger.list(in_one, "users/owner") if answer.document.name] == []


def test_values_of_every_type_reach_the_rules(admin: firestore.Client, host: str) -> None:
    conditions = [
        "d.text is string && d.whole is int && d.part is float && d.yes is bool && d.none == null",
        "d.bytes == b'ab' && d.place.latitude() == 1.5 && d.at.year() == 2026",
        "d.ref == /databases/$(database)/documents/users/owner && get(d.ref).data.status == 'active'",
        "d.list.hasAll([1, 'two']) && 1.0 in d.list && d.list[2].deep == [true] && d.list.size() == 3",
        "d.map.a.b == 'c' && d.map.keys().hasOnly(['a']) && d.map == {'a': {'b': 'c'}}",
        "d.values().size() == 11 && d.diff({}).addedKeys().size() == 11",
    ]
    function = f"function every(d) {{ return {' && '.join(conditions)}; }}"
    rules = rules_with(function + "match /all/{id} { allow get: if every(resource.data); }")
    put_rules(host, admin.project, rules)
    admin.document("all/one").set(
        {
            "text": "x",
            "whole": 1,
            "part": 1.0,
            "yes": True,
            "none": None,
            "bytes": b"ab",
            "place": firestore.GeoPoint(1.5, 2),
            "at": datetime(2026, 1, 1, tzinfo=UTC),
            "ref": admin.document("users/owner"),
            "list": [1, "two", {"deep": [True]}],
            "map": {"a": {"b": "c"}},
        }
    )
    assert User(admin, "x").get("all/one").fields["whole"].integer_value == 1
    admin.document("all/one").update({"none": firestore.DELETE_FIELD})
    assert "false for 'get' @ L4" in denied(lambda: User(admin, "x").get("all/one"))


def test_over_the_limit_of_documents_a_batch_is_denied(admin: firestore.Client, host: str) -> None:
    looks = "!exists(/databases/$(database)/documents/seen/$(id))"
    put_rules(host, admin.project, rules_with(f"match /things/{{id}} {{ allow create: if {looks}; }}"))
    batches = {count: admin.batch() for count in (20, 21)}
    for count, batch in batches.items():
        for number in range(count):
            batch.create(admin.document(f"things/{count}-{number}"), {})
    User(admin, "x").commit(batches[20])
    assert "more than 20 documents" in denied(lambda: User(admin, "x").commit(batches[21]))


def test_a_batch_that_writes_nothing_is_allowed(admin: firestore.Client) -> None:
    assert not User(admin, "stranger").commit(admin.batch()).write_results


def test_only_administrators_list_collections(admin: firestore.Client) -> None:
    user = User(admin, "owner")
    request = types.ListCollectionIdsRequest(parent=f"{admin._database_string}/documents")
    transport = admin._firestore_api.transport
    assert "administrators" in denied(lambda: transport.list_collection_ids(request, metadata=user.metadata))


def test_rules_that_change_count_from_the_next_request_and_broken_ones_do_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "firestore.rules"
    file.write_text(rules_with("match /a/{b} { allow get: if true; }"))
    authorizer = RulesAuthorizer(file)
    first = authorizer.rules
    file.write_text(rules_with("match /a/{b} { allow get: if nosuch; }"))
    assert authorizer.rules is first
    assert "There is no variable nosuch here" in caplog.text
    file.write_text(rules_with("match /a/{b} { allow get: if false; }"))
    assert authorizer.rules is not first
    with pytest.raises(InvalidRules):
        broken = tmp_path / "broken.rules"
        broken.write_text("match")
        RulesAuthorizer(broken)
