"""Who is let in: administrators, and end users only where firestore.rules say so."""

import base64
import json
from typing import Any

import grpc
import pytest
from google.cloud import firestore
from google.cloud.firestore_v1 import types


def token(**claims: Any) -> str:
    """A JWT as the Auth emulator makes them, unsigned."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({"alg": "none"}, claims)
    ]
    return f"Bearer {'.'.join(parts)}."


def firebase_token(project: str) -> str:
    return token(iss=f"https://securetoken.google.com/{project}", aud=project, sub="u1")


@pytest.fixture
def document(client: firestore.Client) -> types.Document:
    client.document("things/one").set({"n": 1})
    return types.Document(name=f"{client._database_string}/documents/things/one")


def get(client: firestore.Client, name: str, authorization: str | None) -> types.Document:
    metadata = [each for each in client._rpc_metadata if each[0] != "authorization"]
    if authorization is not None:
        metadata.append(("authorization", authorization))
    # Straight through the stub: the client's channel adds `Bearer owner` by itself.
    return client._firestore_api.transport.get_document(types.GetDocumentRequest(name=name), metadata=metadata)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Bearer owner",
        "Bearer ya29.access-token",
        token(iss="https://accounts.google.com", aud="x"),
        "Basic x",
        "Bearer a.b.c",
    ],
)
def test_administrators_and_strangers_without_an_id_token_pass(
    client: firestore.Client, document: types.Document, authorization: str | None
) -> None:
    assert get(client, document.name, authorization).fields["n"].integer_value == 1


def test_an_end_user_is_denied_everything_that_no_rule_allows(
    client: firestore.Client, document: types.Document
) -> None:
    user = [("authorization", firebase_token(client.project))]
    transport, database = client._firestore_api.transport, client._database_string
    query = {"from_": [{"collection_id": "things"}]}
    calls = [
        lambda: transport.get_document(types.GetDocumentRequest(name=document.name), metadata=user),
        lambda: list(
            transport.batch_get_documents(
                types.BatchGetDocumentsRequest(database=database, documents=[document.name]), metadata=user
            )
        ),
        lambda: list(
            transport.run_query(
                types.RunQueryRequest(parent=f"{database}/documents", structured_query=query), metadata=user
            )
        ),
        lambda: transport.commit(
            types.CommitRequest(database=database, writes=[{"delete": document.name}]), metadata=user
        ),
        lambda: transport.list_collection_ids(
            types.ListCollectionIdsRequest(parent=f"{database}/documents"), metadata=user
        ),
    ]
    for call in calls:
        with pytest.raises(grpc.RpcError, match="PERMISSION_DENIED"):
            call()
    assert client.document("things/one").get().exists


@pytest.mark.parametrize("claims", [{"aud": "another"}, {"exp": 1}, {"exp": None}])
def test_an_id_token_of_another_project_or_time_is_refused(
    client: firestore.Client, document: types.Document, claims: dict[str, Any]
) -> None:
    issuer = f"https://securetoken.google.com/{client.project}"
    with pytest.raises(grpc.RpcError, match="UNAUTHENTICATED"):
        get(client, document.name, token(**{"iss": issuer, "aud": client.project, "sub": "u1"} | claims))


@pytest.mark.parametrize(
    "claims",
    [
        {
            "iss": "firebase-adminsdk@demo.iam.gserviceaccount.com",
            "aud": "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit",
            "uid": "u1",
        },
        {"iss": "https://session.firebase.google.com/demo", "aud": "demo", "sub": "u1"},
    ],
    ids=["custom token", "session cookie"],
)
def test_what_users_sign_in_with_makes_nobody_an_administrator(
    client: firestore.Client, document: types.Document, claims: dict[str, Any]
) -> None:
    with pytest.raises(grpc.RpcError, match="sign in with it") as caught:
        get(client, document.name, token(**claims))
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_a_listener_of_an_end_user_is_refused_its_target(client: firestore.Client, document: types.Document) -> None:
    request = types.ListenRequest(
        database=client._database_string, add_target={"target_id": 1, "documents": {"documents": [document.name]}}
    )
    user = [("authorization", firebase_token(client.project))]
    call = client._firestore_api.transport.listen(iter([request]), metadata=user)
    change = next(iter(call)).target_change
    assert (change.target_change_type.name, change.cause.code) == ("REMOVE", 7)
