"""Kompositions over HTTP: saved in any format, versioned, shared, forked, labelled, thrown away and taken back."""

import json
from datetime import timedelta
from typing import Any

import pytest
import requests

from tests.api import User
from tests.cloud import RunningCloud
from tests.functions.kompositions import body, of_earlier
from tests.functions.test_shell import assert_problem
from tests.shared.kompositions.store.contents import content

SONG = "/v1/kompositions/song"


def put(user: User, *args: Any, **more: Any) -> dict[str, Any]:
    """Save /song; the answer."""
    answer = user.put(SONG, body(*args, **more))
    assert answer.status_code in (200, 201), answer.text
    saved: dict[str, Any] = answer.json()
    return saved


def segments_of(document: dict[str, Any]) -> int:
    return len(document["komposition"]["tracks"]["video"][0]["segments"])


class TestSaving:
    def test_an_earlier_format_is_understood_and_what_was_sent_is_kept(self, user: User) -> None:
        sent = of_earlier()
        saved = user.put(SONG, {"komposition": sent}).json()
        assert saved["variant"] == "kompo-1"
        assert saved["komposition"]["schemaVersion"] == "2.0"
        assert saved["komposition"]["bpm"] == 100
        assert user.get(f"{SONG}/versions/1/original").json() == {"variant": "kompo-1", "document": sent}

    def test_half_a_character_breaks_nothing_and_is_in_the_original(self, user: User) -> None:
        sent = of_earlier(note="\ud800")
        assert user.put(SONG, {"komposition": sent}).status_code == 201
        assert user.get(SONG).status_code == 200
        assert user.get(f"{SONG}/versions/1/original").json()["document"] == sent

    def test_a_canonical_one_is_its_own_original(self, user: User) -> None:
        put(user)
        original = user.get(f"{SONG}/versions/1/original").json()
        assert original == {"variant": "canonical", "document": content()}

    def test_who_saved_what_and_why_is_in_the_list_of_versions(self, user: User) -> None:
        put(user, message="First cut", platform="mcp")
        put(user, segments=2, message="Longer")
        versions = user.get(f"{SONG}/versions").json()["items"]
        told = [(v["metadata"]["version"], v["metadata"]["message"], v["metadata"]["author"]) for v in versions]
        assert told == [(2, "Longer", user.uid), (1, "First cut", user.uid)]
        assert "komposition" not in versions[0]
        assert segments_of(user.get(f"{SONG}/versions/1").json()) == 1

    def test_a_body_of_7_megabytes_is_saved_and_one_over_the_limit_refused(self, user: User, stranger: User) -> None:
        large = content(500, extra={"note": "x" * 6_500_000})
        answer = user.post("/v1/kompositions", {"komposition": large}, headers={"Idempotency-Key": "large"})
        assert answer.status_code == 201, answer.text[:500]
        again = user.post("/v1/kompositions", {"komposition": large}, headers={"Idempotency-Key": "large"})
        assert again.json() == answer.json(), "the same key gives the same answer, however large"
        path = answer.headers["Location"]
        read = user.get(path).json()
        assert (segments_of(read), read["metadata"]["version"]) == (500, 1)
        assert_problem(user.put(SONG, {"komposition": {"extra": "x" * 8_500_000}}), 413, "too-large")
        assert_problem(stranger.post("/v1/projects", {"name": "x" * 3_000_000}), 413, "too-large")

    def test_a_project_that_is_not_there_is_pointed_at(self, user: User) -> None:
        refused = assert_problem(user.put(SONG, body(projectId="nowhere")), 422)
        assert [error["pointer"] for error in refused["errors"]] == ["/projectId"]


class TestConflicts:
    def test_a_save_that_comes_too_late_is_kept_and_can_be_read_restored_or_let_go(self, user: User) -> None:
        etag = user.put(SONG, body("First")).headers["ETag"]
        put(user, "Second", segments=2)
        late = user.put(SONG, body("Late", segments=3), headers={"If-Match": etag})
        problem = assert_problem(late, 412, "precondition-failed")
        conflict = problem["conflict"]
        assert conflict["id"] in problem["detail"]
        kept = user.get(conflict["url"]).json()
        assert (kept["title"], segments_of(kept), kept["metadata"]["version"]) == ("Late", 3, 2)
        [listed] = user.get(f"{SONG}/conflicts").json()["items"]
        assert listed["conflictId"] == conflict["id"]
        restored = user.post(f"{conflict['url']}/restore", {"message": "Both"}).json()
        assert (restored["metadata"]["version"], restored["metadata"]["message"]) == (3, "Both")
        assert segments_of(user.get(SONG).json()) == 3
        assert user.get(f"{SONG}/conflicts").json()["items"] == []
        assert user.delete(conflict["url"]).status_code == 204

    def test_restoring_an_old_version_minds_the_etag_too(self, user: User) -> None:
        etag = user.put(SONG, body("First")).headers["ETag"]
        put(user, "Second", segments=2)
        refused = user.post(f"{SONG}/versions/1/restore", {}, headers={"If-Match": etag})
        assert assert_problem(refused, 412)["conflict"]["url"].startswith(f"{SONG}/conflicts/")
        restored = user.post(f"{SONG}/versions/1/restore", {}).json()
        assert (restored["title"], restored["metadata"]["version"]) == ("First", 3)

    def test_others_conflicts_are_not_found(self, user: User, stranger: User) -> None:
        etag = user.put(SONG, body()).headers["ETag"]
        put(user, segments=2)
        conflict = user.put(SONG, body(segments=3), headers={"If-Match": etag}).json()["conflict"]
        assert_problem(stranger.get(conflict["url"]), 404)
        assert_problem(stranger.get(f"{SONG}/conflicts"), 404)
        assert_problem(stranger.post(f"{conflict['url']}/restore", {}), 404)


class TestSharing:
    def test_whom_it_is_shared_with_reads_and_forks_it_and_nobody_else(self, user: User, stranger: User) -> None:
        put(user, "Song")
        shared = user.post(f"{SONG}/share", {"visibility": "shared", "sharedWith": [stranger.uid]})
        assert shared.json()["sharing"] == {"visibility": "shared", "sharedWith": [stranger.uid]}
        assert shared.headers["ETag"] == user.get(SONG).headers["ETag"]
        theirs = f"{SONG}?owner={user.uid}"
        assert stranger.get(theirs).json()["title"] == "Song"
        [listed] = stranger.get("/v1/kompositions?scope=shared").json()["items"]
        assert (listed["userId"], listed["id"]) == (user.uid, "song")
        fork = stranger.post(f"{SONG}/fork", {"owner": user.uid}).json()
        assert fork["forkedFrom"] == {"userId": user.uid, "kompositionId": "song", "version": 1}
        assert stranger.get(f"/v1/kompositions/{fork['id']}").json()["userId"] == stranger.uid
        user.post(f"{SONG}/share", {"visibility": "private"})
        hidden = assert_problem(stranger.get(theirs), 404)
        unknown = assert_problem(stranger.get(f"/v1/kompositions/gnos?owner={user.uid}"), 404)
        assert hidden["detail"].replace("song", "gnos") == unknown["detail"]
        assert_problem(stranger.post(f"{SONG}/fork", {"owner": user.uid}), 404)

    def test_readers_only_read(self, user: User, stranger: User) -> None:
        put(user, "Song")
        user.post(f"{SONG}/share", {"visibility": "public"})
        for path in (f"{SONG}/versions/1", f"{SONG}/versions", f"{SONG}/conflicts", f"{SONG}/versions/1/original"):
            assert_problem(stranger.get(path), 404)
        assert_problem(stranger.post(f"{SONG}/share", {"visibility": "private"}), 404)
        assert_problem(stranger.call("PATCH", SONG, json={"tags": ["mine"]}), 404)
        assert user.get(SONG).json()["sharing"]["visibility"] == "public"

    def test_public_ones_are_listed_for_everybody(self, user: User, stranger: User) -> None:
        put(user, f"Of {user.uid}")
        user.post(f"{SONG}/share", {"visibility": "public"})
        found = stranger.get(f"/v1/kompositions?scope=public&text={user.uid}").json()["items"]
        assert [(each["userId"], each["id"]) for each in found] == [(user.uid, "song")]


class TestLabels:
    def test_tags_and_project_change_without_a_version(self, user: User) -> None:
        user.put("/v1/projects/film", {"name": "Film"})
        put(user)
        labelled = user.call("PATCH", SONG, json={"tags": ["sea", "summer"], "projectId": "film"}).json()
        assert (labelled["tags"], labelled["projectId"], labelled["metadata"]["version"]) == (
            ["sea", "summer"],
            "film",
            1,
        )
        found = user.get("/v1/kompositions?projectId=film&tag=sea").json()["items"]
        assert [each["id"] for each in found] == ["song"]
        assert user.call("PATCH", SONG, json={"projectId": None}).json()["projectId"] is None
        assert user.get("/v1/kompositions?projectId=film").json()["items"] == []
        assert user.get("/v1/kompositions?text=SUMMER").json()["items"][0]["tags"] == ["sea", "summer"]

    def test_a_stale_etag_is_refused(self, user: User) -> None:
        etag = user.put(SONG, body()).headers["ETag"]
        user.call("PATCH", SONG, json={"tags": ["a"]})
        assert_problem(user.call("PATCH", SONG, json={"tags": ["b"]}, headers={"If-Match": etag}), 412)
        assert_problem(user.post(f"{SONG}/share", {"visibility": "public"}, headers={"If-Match": etag}), 412)

    @pytest.mark.parametrize("tags", [["x" * 51], [""], ["a,b"], ["x"] * 51, "x", None])
    def test_bad_tags_are_refused(self, user: User, tags: Any) -> None:
        put(user)
        assert_problem(user.call("PATCH", SONG, json={"tags": tags}), 422)


class TestTrash:
    def test_what_is_deleted_is_in_the_trash_and_can_be_taken_back(self, user: User) -> None:
        put(user, "Song")
        assert user.delete(SONG).status_code == 204
        assert_problem(user.get(SONG), 404)
        assert_problem(user.get(f"{SONG}/versions/1"), 404)
        [trashed] = user.get("/v1/kompositions?scope=trash").json()["items"]
        assert (trashed["id"], trashed["deletedAt"] is not None) == ("song", True)
        assert_problem(user.put(SONG, body()), 409, "conflict")
        assert user.post(f"{SONG}/restore").json()["title"] == "Song"
        assert put(user)["metadata"]["version"] == 2

    def test_it_can_be_deleted_for_good(self, user: User) -> None:
        put(user)
        assert_problem(user.delete(f"{SONG}?permanently=true"), 404)
        user.delete(SONG)
        assert user.delete(f"{SONG}?permanently=true").status_code == 204
        assert_problem(user.post(f"{SONG}/restore"), 404)
        assert put(user)["metadata"]["version"] == 1

    def test_every_hour_what_has_been_there_for_30_days_is_deleted_for_good(
        self, user: User, suite: RunningCloud
    ) -> None:
        from shared.core.clock import now
        from shared.kompositions.store.document import trash_reference

        put(user)
        user.delete(SONG)
        trash_reference(user.uid, "song").update({"deletedAt": now() - timedelta(days=31)})
        requests.post(f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/empty_trash", timeout=60).raise_for_status()
        assert user.get("/v1/kompositions?scope=trash").json()["items"] == []
        assert_problem(user.post(f"{SONG}/restore"), 404)


class TestValidating:
    def test_each_document_of_a_batch_has_its_own_verdict(self, user: User) -> None:
        broken = of_earlier(segments=[{"id": "one", "sourceId": "b", "startBeat": 0, "endBeat": 4}])
        documents = [content(), broken, of_earlier(), 7, None, "text", []]
        results = user.post("/v1/kompositions/validate", {"documents": documents}).json()["results"]
        assert [result["valid"] for result in results] == [True, False, True, False, False, False, False]
        assert [result["variant"] for result in results[:3]] == ["canonical", "kompo-1", "kompo-1"]
        assert "/segments/0/sourceId" in [finding["pointer"] for finding in results[1]["findings"]]
        assert all(result["findings"] for result in results if not result["valid"])

    def test_the_canonical_form_comes_along_when_asked_for(self, user: User) -> None:
        asked = {"documents": [of_earlier()], "converted": True}
        [result] = user.post("/v1/kompositions/validate", asked).json()["results"]
        assert result["komposition"]["schemaVersion"] == "2.0"

    def test_more_than_a_hundred_are_refused(self, user: User) -> None:
        assert_problem(user.post("/v1/kompositions/validate", {"documents": [{}] * 101}), 422)


class TestStoredByEarlierReleases:
    def test_what_an_earlier_release_has_stored_is_read_saved_and_restored(self, user: User) -> None:
        from shared.core.clock import now
        from shared.kompositions.store.document import komposition_reference, version_reference

        old = {
            "id": "song",
            "userId": user.uid,
            "title": "Old",
            "description": "",
            "metadata": {"created": now(), "modified": now(), "version": 1, "platform": "webapp"},
            "komposition": of_earlier(),
            "sharing": {"visibility": "private", "sharedWith": []},
        }
        komposition_reference(user.uid, "song").set(old)
        version_reference(user.uid, "song", 1).set(old)
        read = user.get(SONG).json()
        assert (read["komposition"]["schemaVersion"], read["komposition"]["bpm"]) == ("2.0", 100)
        assert [each["id"] for each in user.get("/v1/kompositions").json()["items"]] == ["song"]
        put(user, segments=2)
        assert user.post(f"{SONG}/versions/1/restore", {}).json()["metadata"]["version"] == 3
        assert user.get(SONG).json()["komposition"] == read["komposition"]

    def test_what_a_browser_has_written_past_the_api_breaks_nothing(self, user: User) -> None:
        from google.cloud.firestore import GeoPoint

        from shared.core.clock import now
        from shared.kompositions.store.document import komposition_reference

        put(user)
        extra = {"time": now(), "place": GeoPoint(1, 2), "bytes": b"\xff", "number": float("nan")}
        komposition_reference(user.uid, "song").update({"komposition.extra": extra, "komposition.bpm": 1})
        assert user.get(SONG).status_code == 200
        assert_problem(user.post(f"{SONG}/render"), 422)
        assert_problem(user.post(f"{SONG}/fork", {}), 422)


class TestRendering:
    @pytest.mark.parametrize("mode", ["proxy", "frame", "sheet", "final"])
    def test_a_preview_of_a_missing_asset_is_pointed_at(self, user: User, mode: str) -> None:
        put(user)
        refused = assert_problem(user.post(f"{SONG}/preview", {"mode": mode, "at": 1.5}), 422)
        assert [error["code"] for error in refused["errors"]] == ["source-missing"]


class TestInterchange:
    def test_what_goes_out_as_otio_comes_back(self, user: User) -> None:
        put(user, "Song", segments=3)
        exported = user.get(f"{SONG}/export?format=otio").json()
        assert exported["filename"] == "Song.otio"
        back = user.post("/v1/kompositions/import", {"text": exported["text"]}, headers={"Idempotency-Key": "back"})
        assert back.status_code == 201, back.text
        [result] = back.json()["results"]
        assert result["variant"] == "otio"
        read = user.get(f"/v1/kompositions/{result['saved']['id']}").json()
        assert segments_of(read) == 3

    @pytest.mark.parametrize("format_", ["otio", "fcpxml", "fcp7", "edl"])
    def test_every_export_can_be_downloaded_and_says_what_it_cannot_carry(self, user: User, format_: str) -> None:
        put(user, "Söng: 1")
        told = user.get(f"{SONG}/export?format={format_}").json()
        assert isinstance(told["losses"], list)
        file = user.get(f"{SONG}/export?format={format_}&download=true")
        assert file.text == told["text"]
        assert file.headers["Content-Type"].startswith(told["mediaType"])
        assert file.headers["Content-Disposition"].startswith("attachment")

    def test_readers_export_too(self, user: User, stranger: User) -> None:
        put(user)
        path = f"{SONG}/export?format=edl&owner={user.uid}"
        assert_problem(stranger.get(path), 404)
        user.post(f"{SONG}/share", {"visibility": "public"})
        assert stranger.get(path).status_code == 200

    def test_a_file_of_more_documents_than_are_taken_is_refused_whole(self, user: User) -> None:
        answer = user.post("/v1/kompositions/import", {"text": json.dumps([of_earlier()] * 101)})
        assert [error["pointer"] for error in assert_problem(answer, 422)["errors"]] == ["/text"]
        assert user.get("/v1/kompositions").json()["items"] == []

    def test_a_file_of_several_documents_gives_one_result_each(self, user: User) -> None:
        text = "\n".join(json.dumps(each) for each in (of_earlier(), {"segments": 5}, content(2, title="Two")))
        results = user.post("/v1/kompositions/import", {"text": text}).json()["results"]
        assert [result["saved"] is not None for result in results] == [True, False, True]
        assert results[1]["findings"]
        assert results[2]["saved"]["title"] == "Two"

    @pytest.mark.parametrize("text", ["nonsense", "[", "{}", "TITLE: nothing\n", '{"OTIO_SCHEMA": "Nothing.1"}'])
    def test_a_file_of_which_nothing_can_be_saved_is_refused(self, user: User, text: str) -> None:
        assert_problem(user.post("/v1/kompositions/import", {"text": text}), 422)
        assert user.get("/v1/kompositions").json()["items"] == []


class TestDiff:
    def test_versions_and_conflicts_are_compared_as_a_person_would_say_it(self, user: User) -> None:
        etag = user.put(SONG, body()).headers["ETag"]
        put(user, segments=2)
        late = user.put(SONG, body(segments=3), headers={"If-Match": etag}).json()["conflict"]["id"]
        [change] = user.get(f"{SONG}/diff?from=1&to=2").json()["changes"]
        assert (change["kind"], change["pointer"]) == ("added", "/tracks/video/0/segments/1")
        assert change["text"]
        assert user.get(f"{SONG}/diff?from=2&to={late}").json()["changes"]
        assert user.get(f"{SONG}/diff?from=2&to=2").json()["changes"] == []

    @pytest.mark.parametrize("sides", ["from=1&to=9", "from=9&to=1", "from=1&to=conflict-00000000000000000000"])
    def test_a_side_that_is_not_there_is_not_found(self, user: User, sides: str) -> None:
        put(user)
        assert_problem(user.get(f"{SONG}/diff?{sides}"), 404)

    @pytest.mark.parametrize("sides", ["", "from=1", "from=0&to=1", "from=x&to=1"])
    def test_a_side_that_cannot_be_is_refused(self, user: User, sides: str) -> None:
        put(user)
        assert_problem(user.get(f"{SONG}/diff?{sides}"), 422)
