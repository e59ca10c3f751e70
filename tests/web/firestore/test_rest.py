"""REST v1, as any program can call it."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.cloud import RunningCloud

OWNER = {"Authorization": "Bearer owner"}
Send = Callable[..., requests.Response]


@pytest.fixture
def base(cloud: RunningCloud) -> str:
    return f"http://{cloud.env['FIRESTORE_EMULATOR_HOST']}"


@pytest.fixture
def database(project: str) -> str:
    return f"projects/{project}/databases/(default)"


@pytest.fixture
def send(base: str, database: str) -> Send:
    """Sends a request about the documents of the test's database, as administrator unless other headers are given."""

    def send_one(method: str, path: str, headers: dict[str, str] = OWNER, **options: Any) -> requests.Response:
        return requests.request(method, f"{base}/v1/{database}/documents{path}", headers=headers, timeout=10, **options)

    return send_one


def fields(**numbers: int) -> dict[str, Any]:
    return {"fields": {name: {"integerValue": str(number)} for name, number in numbers.items()}}


def id_token(project: str, **claims: Any) -> str:
    everything = {
        "iss": f"https://securetoken.google.com/{project}",
        "aud": project,
        "sub": "u1",
        "exp": time.time() + 60,
        **claims,
    }
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in ({"alg": "none"}, everything))
    return f"{'.'.join(parts)}."


def test_a_document_is_created_read_patched_and_deleted(send: Send, database: str) -> None:
    created = send("POST", "/things", params={"documentId": "one"}, json=fields(n=1, m=1))
    assert created.status_code == 200
    assert created.json()["name"] == f"{database}/documents/things/one"
    assert send("POST", "/things", params={"documentId": "one"}, json=fields(n=1)).status_code == 409
    patched = send("PATCH", "/things/one", params={"updateMask.fieldPaths": ["n", "gone"]}, json=fields(n=2))
    assert patched.json()["fields"] == fields(n=2, m=1)["fields"]
    assert send("GET", "/things/one", params={"mask.fieldPaths": "m"}).json()["fields"] == fields(m=1)["fields"]
    assert send("DELETE", "/things/one").json() == {}
    assert send("GET", "/things/one").json()["error"]["status"] == "NOT_FOUND"


def test_a_made_up_id_is_returned(send: Send) -> None:
    name = send("POST", "/things/one/parts", json=fields(n=1)).json()["name"]
    assert send("GET", f"/things/one/parts/{name.rpartition('/')[2]}").status_code == 200


def test_preconditions_in_the_query_count(send: Send) -> None:
    assert send("PATCH", "/things/a", params={"currentDocument.exists": "true"}, json=fields(n=1)).status_code == 404
    written = send("PATCH", "/things/a", params={"currentDocument.exists": "false"}, json=fields(n=1)).json()
    assert send("DELETE", "/things/a", params={"currentDocument.updateTime": "2020-01-01T00:00:00Z"}).status_code == 400
    assert send("DELETE", "/things/a", params={"currentDocument.updateTime": written["updateTime"]}).status_code == 200


def test_a_collection_is_listed_in_pages(send: Send) -> None:
    for number in range(5):
        send("PATCH", f"/things/t{number}", json=fields(n=number))
    listed: list[str] = []
    token = ""
    while True:
        page = send("GET", "/things", params={"pageSize": 2, "pageToken": token, "orderBy": "n desc"}).json()
        listed += [document["name"].rpartition("/")[2] for document in page["documents"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert listed == ["t4", "t3", "t2", "t1", "t0"]
    assert send("POST", ":listCollectionIds", json={}).json()["collectionIds"] == ["things"]


def test_ids_with_signs_are_decoded_from_the_path(send: Send, database: str) -> None:
    name = send("PATCH", "/things/a%20b%3Ac%25%C3%A4", json=fields(n=1)).json()["name"]
    assert name == f"{database}/documents/things/a b:c%ä"
    assert send("GET", "/things/a%20b%3Ac%25%C3%A4").json()["name"] == name


def test_streaming_calls_answer_arrays(send: Send, database: str) -> None:
    send("PATCH", "/things/one", json=fields(n=1))
    names = [f"{database}/documents/things/{each}" for each in ("one", "two")]
    found, missing = send("POST", ":batchGet", json={"documents": names}).json()
    assert (found["found"]["name"], missing["missing"]) == tuple(names)
    query = {"from": [{"collectionId": "things"}]}
    (answer,) = send("POST", ":runQuery", json={"structuredQuery": query}).json()
    assert answer["document"]["fields"] == fields(n=1)["fields"]
    count = {"structuredAggregationQuery": {"structuredQuery": query, "aggregations": [{"alias": "c", "count": {}}]}}
    (answer,) = send("POST", ":runAggregationQuery", json=count).json()
    assert answer["result"]["aggregateFields"] == {"c": {"integerValue": "1"}}
    (answer,) = send("POST", ":runQuery", json={"structuredQuery": {"from": [{"collectionId": "a/b"}]}}).json()
    assert answer["error"]["status"] == "INVALID_ARGUMENT"


def test_transactions_and_batches(send: Send, database: str) -> None:
    name = f"{database}/documents/things/one"
    write = {"update": {"name": name, **fields(n=1)}}
    transaction = send("POST", ":beginTransaction", json={}).json()["transaction"]
    assert "missing" in send("POST", ":batchGet", json={"documents": [name], "transaction": transaction}).json()[0]
    send("PATCH", "/things/one", json=fields(n=7))
    lost = send("POST", ":commit", json={"writes": [write], "transaction": transaction})
    assert (lost.status_code, lost.json()["error"]["status"]) == (409, "ABORTED")
    other = send("POST", ":beginTransaction", json={"options": {"readOnly": {}}}).json()["transaction"]
    assert send("POST", ":rollback", json={"transaction": other}).json() == {}
    assert "commitTime" in send("POST", ":commit", json={"writes": [write]}).json()
    lost_one = {"delete": f"{name}-missing", "currentDocument": {"exists": True}}
    statuses = send("POST", ":batchWrite", json={"writes": [write, lost_one]}).json()["status"]
    assert [status.get("code", 0) for status in statuses] == [0, 5]


def test_the_body_may_be_sent_as_plain_text(send: Send) -> None:
    plain = OWNER | {"Content-Type": "text/plain"}
    assert send("PATCH", "/things/one", headers=plain, data=json.dumps(fields(n=1))).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", ":commit", b"{"),
        ("POST", ":commit", b"[]"),
        ("POST", ":commit", b'{"unknown": 1}'),
        ("POST", ":commit", b'{"writes": 5}'),
        ("POST", ":runQuery", b'{"structuredQuery": {"limit": "x"}}'),
        ("PATCH", "/things/one?updateMask.nothing=x", b"{}"),
        ("PATCH", "/things/one?updateMask=x", b"{}"),
        ("PATCH", "/things/one", b'{"fields": {"n": {"integerValue": "1.5"}}}'),
        ("PATCH", "/things/one", b'{"fields": {"t": {"timestampValue": "yesterday"}}}'),
        ("PATCH", "/things", b"{}"),
        ("GET", "/things?pageSize=many", b""),
        ("PATCH", "/things/one", b'{"fields":' * 20000),
    ],
)
def test_malformed_requests_are_invalid_arguments(send: Send, method: str, path: str, body: bytes) -> None:
    answer = send(method, path, data=body)
    error = answer.json()[0]["error"] if isinstance(answer.json(), list) else answer.json()["error"]
    assert (answer.status_code, error["status"], error["code"]) == (400, "INVALID_ARGUMENT", 400)


def test_an_unknown_method_is_not_found(send: Send) -> None:
    assert send("POST", "/things/one").status_code == 404
    assert send("PUT", "/things/one").status_code == 404


def test_without_a_token_and_with_a_users_the_rules_decide(send: Send, project: str) -> None:
    user = {"Authorization": f"Bearer {id_token(project)}"}
    for headers in ({}, user):
        assert send("PATCH", "/things/one", headers=headers, json=fields(n=1)).status_code == 403
        assert (
            send("POST", ":runQuery", headers=headers, json={"structuredQuery": {}}).json()[0]["error"]["code"] == 403
        )


def test_where_no_rules_were_given_those_of_the_suite_count(send: Send, project: str) -> None:
    send("PATCH", "/users/u1", json={"fields": {"status": {"stringValue": "active"}}})
    me, stranger = ({"Authorization": f"Bearer {id_token(project, sub=uid, user_id=uid)}"} for uid in ("u1", "u2"))
    assert [send("GET", "/users/u1", headers=headers).status_code for headers in (me, stranger, {})] == [200, 403, 403]


@pytest.mark.parametrize("claims", [{"exp": 1}, {"aud": "another"}, {"exp": None}])
def test_an_id_token_that_is_not_valid_here_is_refused(send: Send, project: str, claims: dict[str, Any]) -> None:
    answer = send("GET", "/things/one", headers={"Authorization": f"Bearer {id_token(project, **claims)}"})
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_pages_of_this_machine_may_call_with_credentials(send: Send) -> None:
    origin = {"Origin": "http://localhost:5173"}
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization,content-type"}
    preflight = send("OPTIONS", "/things/one", headers=origin | asked)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == origin["Origin"]
    assert preflight.headers["Access-Control-Allow-Credentials"] == "true"
    assert preflight.headers["Access-Control-Allow-Headers"] == asked["Access-Control-Request-Headers"]
    assert "PATCH" in preflight.headers["Access-Control-Allow-Methods"]
    refused = send("GET", "/things/one", headers=origin)
    assert refused.status_code == 403
    assert refused.headers["Access-Control-Allow-Origin"] == origin["Origin"]


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}])
def test_pages_from_elsewhere_may_not(send: Send, headers: dict[str, str]) -> None:
    for method in ("GET", "PATCH", "OPTIONS"):
        answer = send(method, "/things/one", headers=OWNER | headers, json=fields(n=1))
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_database_is_emptied_but_not_by_a_page(send: Send, base: str, database: str) -> None:
    for path in ("/things/one", "/things/one/parts/two", "/others/one"):
        send("PATCH", path, json=fields(n=1))
    url = f"{base}/emulator/v1/{database}/documents"
    assert requests.delete(url, headers={"Origin": "http://localhost"}, timeout=10).status_code == 403
    assert send("GET", "/things/one").status_code == 200
    assert requests.delete(url, timeout=10).json() == {}
    assert send("POST", ":listCollectionIds", json={}).json() == {}


def test_rules_that_do_not_hold_say_where(base: str, project: str) -> None:
    url = f"{base}/emulator/v1/projects/{project}:securityRules"
    source = "rules_version = '2';\nservice cloud.firestore {\n  match /x { allow frob; }\n}"
    for body in ({"rules": {"files": [{"content": source}]}}, {"rules": {}}, {}):
        answer = requests.put(url, json=body, timeout=10)
        assert answer.status_code == 400
    answer = requests.put(url, json={"rules": {"files": [{"content": source}]}}, timeout=10)
    assert "3:" in answer.json()["error"]["message"]


def test_rules_survive_a_restart(base: str, project: str, database: str, send: Send, cloud: RunningCloud) -> None:
    source = (
        "rules_version = '2'; service cloud.firestore { match /databases/{db}/documents {"
        " match /open/{id} { allow read, write: if true; } } }"
    )
    url = f"{base}/emulator/v1/projects/{project}:securityRules"
    assert requests.put(url, json={"rules": {"files": [{"content": source}]}}, timeout=10).status_code == 200
    assert send("PATCH", "/open/one", headers={}, json=fields(n=1)).status_code == 200
    cloud.kill("firestore")
    assert send("PATCH", "/open/one", headers={}, json=fields(n=2)).status_code == 200
    assert send("PATCH", "/closed/one", headers={}, json=fields(n=2)).status_code == 403
