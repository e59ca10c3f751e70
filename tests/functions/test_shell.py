"""What every resource of the API promises: who may call, how errors look, and that nothing is lost by calling twice."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.api import User, sign_up
from tests.cloud import RunningCloud, local_cloud

MINIMAL = {
    "bpm": 120,
    "sources": [{"id": "a", "assetId": "missing", "kind": "video"}],
    "segments": [{"id": "one", "sourceId": "a", "startBeat": 0, "endBeat": 4}],
}


def komposition(title: str = "Mine", **changes: Any) -> dict[str, Any]:
    return {"title": title, "komposition": {**MINIMAL, **changes}}


def assert_problem(answer: requests.Response, status: int, slug: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["detail"]
    assert body["title"]
    assert body["instance"] == f"urn:request:{answer.headers['X-Request-Id']}"
    if slug:
        assert body["type"].endswith(f"/{slug}")
    return body


def forged(token: str, **claims: Any) -> str:
    header, payload, _ = token.split(".")
    body = json.loads(base64.urlsafe_b64decode(payload + "=="))
    changed = base64.urlsafe_b64encode(json.dumps({**body, **claims}).encode()).decode().rstrip("=")
    return f"{header}.{changed}."


class TestAuthentication:
    def test_without_a_token_the_answer_is_401_and_says_how_to_sign_in(self, suite: RunningCloud) -> None:
        answer = requests.get(f"{suite.url}/v1/me", timeout=10)
        assert_problem(answer, 401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")

    @pytest.mark.parametrize("token", ["nonsense", "a.b.c", "x" * 8_000, "eyJhbGciOiJub25lIn0.e30."])
    def test_a_token_that_is_none_is_refused(self, user: User, token: str) -> None:
        user.token = token
        assert_problem(user.get("/v1/me"), 401)

    def test_an_expired_token_is_refused(self, user: User) -> None:
        user.token = forged(user.token, exp=int(time.time()) - 1)
        assert_problem(user.get("/v1/me"), 401)

    @pytest.mark.parametrize("claims", [{"aud": "other-project"}, {"iss": "https://evil"}, {"sub": "nobody-here"}])
    def test_a_forged_token_is_refused(self, user: User, claims: dict[str, str]) -> None:
        user.token = forged(user.token, **claims)
        assert_problem(user.get("/v1/me"), 401)

    def test_roles_written_into_a_token_by_its_bearer_count_for_nothing(self, user: User) -> None:
        user.token = forged(user.token, role="admin")
        assert user.get("/v1/me").json()["roles"] == []

    def test_roles_given_by_custom_claims_count(self, suite: RunningCloud, user: User) -> None:
        from firebase_admin import auth

        from shared.core.clients import firebase_app

        auth.set_custom_user_claims(user.uid, {"role": "analyst", "plan": "premium"}, app=firebase_app())
        me = user.get("/v1/me").json()
        assert (me["roles"], me["plan"]) == (["analyst"], "premium")

    def test_revoked_sessions_end(self, suite: RunningCloud, user: User) -> None:
        from firebase_admin import auth

        from shared.core.clients import firebase_app

        auth.update_user(user.uid, disabled=True, app=firebase_app())
        assert_problem(user.get("/v1/me"), 401)

    def test_a_suspended_user_reads_and_writes_nothing(self, suite: RunningCloud, user: User) -> None:
        from shared.core.clients import firestore_client

        firestore_client().collection("users").document(user.uid).set({"status": "suspended"}, merge=True)
        assert user.get("/v1/kompositions").status_code == 200
        assert_problem(user.put("/v1/kompositions/x", komposition()), 403, "forbidden")


class TestProblems:
    def test_unknown_paths_and_methods_are_problems_too(self, user: User) -> None:
        assert_problem(user.get("/v1/nothing-here"), 404)
        assert_problem(user.call("DELETE", "/v1/me"), 405)

    def test_an_unknown_field_is_pointed_at(self, user: User) -> None:
        body = assert_problem(user.put("/v1/kompositions/x", {**komposition(), "colour": "red"}), 422, "invalid-input")
        assert [error["pointer"] for error in body["errors"]] == ["/colour"]

    def test_a_wrong_type_deep_inside_is_pointed_at(self, user: User) -> None:
        segments = [{**MINIMAL["segments"][0], "startBeat": "zero"}]  # type: ignore[dict-item,index]
        body = assert_problem(user.put("/v1/kompositions/x", komposition(segments=segments)), 422)
        assert "/komposition/segments/0/startBeat" in [error["pointer"] for error in body["errors"]]

    def test_what_is_wrong_in_one_of_several_forms_is_pointed_at_without_the_name_of_the_form(self, user: User) -> None:
        edits = {"edits": [{"op": "replace", "find": "", "colour": "red"}]}
        body = assert_problem(user.post("/v1/transcripts/x/edits", edits), 422)
        assert {error["pointer"] for error in body["errors"]} == {
            *("/edits/0/find", "/edits/0/replacement", "/edits/0/colour"),
        }
        body = assert_problem(user.post("/v1/clips/x/feedback", {"events": [{"kind": "view", "at": 5}]}), 422)
        assert "/events/0/eventId" in [error["pointer"] for error in body["errors"]]

    def test_a_bad_query_parameter_is_named(self, user: User) -> None:
        body = assert_problem(user.get("/v1/assets?limit=zero"), 422)
        assert [error["parameter"] for error in body["errors"]] == ["limit"]

    def test_a_page_token_of_another_making_is_refused(self, user: User) -> None:
        for token in ("nonsense", "W10", base64.urlsafe_b64encode(b'["x",2]').decode()):
            assert_problem(user.get(f"/v1/assets?pageToken={token}"), 422)

    @pytest.mark.parametrize(
        "body", ["{", "nul", "[" * 100_000, b"\xff\xfe", '{"filename": "a.mp4", "filename": "b.mp4"}']
    )
    def test_what_is_not_json_is_refused(self, user: User, body: str | bytes) -> None:
        answer = user.call("POST", "/v1/assets", data=body, headers={"Content-Type": "application/json"})
        assert_problem(answer, 400, "malformed-json")

    @pytest.mark.parametrize("body", ["[]", '"text"', "null", "7", '{"filename": NaN}'])
    def test_what_is_no_json_object_of_the_right_shape_is_refused(self, user: User, body: str) -> None:
        answer = user.call("POST", "/v1/assets", data=body, headers={"Content-Type": "application/json"})
        assert_problem(answer, 422)

    def test_another_content_type_is_refused(self, user: User) -> None:
        answer = user.call("POST", "/v1/assets", data="a=b", headers={"Content-Type": "text/plain"})
        assert_problem(answer, 415)

    def test_a_body_of_100_megabytes_is_refused(self, user: User) -> None:
        def body() -> Any:
            yield b'{"title": "'
            for _ in range(100):
                yield b"x" * 1_000_000
            yield b'"}'

        sized = user.call("POST", "/v1/assets", data=b"x" * 100_000_000, headers={"Content-Type": "application/json"})
        assert_problem(sized, 413, "too-large")
        endless = user.call("POST", "/v1/assets", data=body(), headers={"Content-Type": "application/json"})
        assert_problem(endless, 413, "too-large")
        assert user.get("/v1/me").status_code == 200


class TestOwnership:
    def test_unknown_ids_and_other_peoples_ids_answer_alike(self, user: User, stranger: User) -> None:
        assert user.put("/v1/kompositions/secret", komposition()).status_code == 201
        foreign = assert_problem(stranger.get("/v1/kompositions/secret"), 404, "not-found")
        unknown = assert_problem(stranger.get("/v1/kompositions/nowhere"), 404, "not-found")
        assert foreign["detail"].replace("secret", "nowhere") == unknown["detail"]
        assert_problem(stranger.post("/v1/kompositions/secret/render"), 404)
        assert_problem(stranger.delete("/v1/kompositions/secret"), 404)
        assert user.get("/v1/kompositions/secret").status_code == 200


class TestLostUpdates:
    def test_a_save_with_an_old_etag_is_refused_and_both_versions_are_kept(self, user: User) -> None:
        first = user.put("/v1/kompositions/song", komposition("First"))
        second = user.put("/v1/kompositions/song", komposition("Second"), headers={"If-Match": first.headers["ETag"]})
        assert second.status_code == 200
        late = user.put("/v1/kompositions/song", komposition("Late"), headers={"If-Match": first.headers["ETag"]})
        assert_problem(late, 412, "precondition-failed")
        titles = [user.get(f"/v1/kompositions/song/versions/{n}").json()["title"] for n in (1, 2)]
        assert titles == ["First", "Second"]

    @pytest.mark.parametrize("header", [{"If-Match": "garbage"}, {"If-Match": '"v7"'}, {"If-None-Match": "*"}])
    def test_a_precondition_that_does_not_hold_is_refused(self, user: User, header: dict[str, str]) -> None:
        user.put("/v1/kompositions/song", komposition())
        assert_problem(user.put("/v1/kompositions/song", komposition(), headers=header), 412)

    def test_an_unchanged_document_is_not_sent_again(self, user: User) -> None:
        etag = user.put("/v1/kompositions/song", komposition()).headers["ETag"]
        answer = user.get("/v1/kompositions/song", headers={"If-None-Match": etag})
        assert (answer.status_code, answer.content) == (304, b"")

    def test_of_eight_writers_with_one_etag_one_wins(self, user: User) -> None:
        etag = user.put("/v1/kompositions/song", komposition("Start")).headers["ETag"]

        def save(number: int) -> int:
            return requests.put(
                f"{user.origin}/v1/kompositions/song",
                json=komposition(f"Writer {number}"),
                headers={"Authorization": f"Bearer {user.token}", "If-Match": etag},
                timeout=60,
            ).status_code

        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(save, range(8)))
        assert sorted(statuses) == [200] + [412] * 7
        assert user.get("/v1/kompositions/song").json()["metadata"]["version"] == 2


class TestIdempotency:
    def test_the_same_key_gives_the_same_answer_once(self, user: User) -> None:
        headers = {"Idempotency-Key": "key-1"}
        first = user.post("/v1/assets", {"filename": "a.mp4"}, headers=headers)
        again = user.post("/v1/assets", {"filename": "a.mp4"}, headers=headers)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()
        assert again.headers["Idempotency-Replayed"] == "true"
        assert len(user.get("/v1/assets").json()["items"]) == 1

    def test_the_same_key_with_another_body_is_refused(self, user: User) -> None:
        headers = {"Idempotency-Key": "key-1"}
        user.post("/v1/assets", {"filename": "a.mp4"}, headers=headers)
        assert_problem(user.post("/v1/assets", {"filename": "b.mp4"}, headers=headers), 422)

    def test_keys_of_two_users_do_not_meet(self, user: User, stranger: User) -> None:
        headers = {"Idempotency-Key": "key-1"}
        ids = {
            u.post("/v1/assets", {"filename": "a.mp4"}, headers=headers).json()["asset"]["id"] for u in (user, stranger)
        }
        assert len(ids) == 2

    def test_a_refused_request_can_be_corrected_under_its_key(self, user: User) -> None:
        headers = {"Idempotency-Key": "key-1"}
        assert_problem(user.post("/v1/assets", {"filename": "a.mp4", "size": 0}, headers=headers), 422)
        assert user.post("/v1/assets", {"filename": "a.mp4", "size": 9}, headers=headers).status_code == 201

    def test_eight_at_once_make_one(self, user: User) -> None:
        def create(_: int) -> int:
            return requests.post(
                f"{user.origin}/v1/assets",
                json={"filename": "a.mp4"},
                headers={"Authorization": f"Bearer {user.token}", "Idempotency-Key": "key-1"},
                timeout=60,
            ).status_code

        with ThreadPoolExecutor(8) as pool:
            statuses = set(pool.map(create, range(8)))
        assert statuses <= {201, 409}
        assert len(user.get("/v1/assets").json()["items"]) == 1


class TestPaging:
    def test_pages_hold_everything_once_in_order(self, user: User) -> None:
        for number in range(7):
            user.put(f"/v1/kompositions/k{number}", komposition(f"Number {number}"))
        seen, token = [], ""
        while True:
            page = user.get(f"/v1/kompositions?limit=3{token}").json()
            assert len(page["items"]) <= 3
            seen += [item["id"] for item in page["items"]]
            if page["nextPageToken"] is None:
                break
            token = f"&pageToken={page['nextPageToken']}"
        assert seen == [f"k{number}" for number in reversed(range(7))]


class TestLimits:
    def test_a_caller_over_the_limit_is_told_when_to_come_back(self) -> None:
        with local_cloud("firestore", "auth", "secrets", "functions", KOMPO_REQUESTS_PER_MINUTE="30") as small:
            user = sign_up(small)
            answers = [user.get("/v1/me") for _ in range(75)]
            refused = [answer for answer in answers if answer.status_code == 429]
            assert refused, "75 requests are over 30 a minute even when a minute ends between them"
            assert_problem(refused[0], 429, "rate-limited")
            assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
            first = answers[0].headers
            assert first["RateLimit-Limit"] == "30"
            assert int(first["RateLimit-Remaining"]) < 30

    def test_every_answer_has_a_request_id_and_a_given_one_is_kept(self, user: User) -> None:
        assert user.get("/v1/me").headers["X-Request-Id"]
        assert user.get("/v1/me", headers={"X-Request-Id": "trace-me-123"}).headers["X-Request-Id"] == "trace-me-123"
        assert user.get("/v1/me", headers={"X-Request-Id": "bad id\t"}).headers["X-Request-Id"] != "bad id\t"
