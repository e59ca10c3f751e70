"""Transcripts over HTTP: brought in from any format, edited, found in, undone, and handed out as files."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.transcripts import read_transcript
from tests.api import User
from tests.functions.test_shell import assert_problem
from tests.shared.transcripts.texts import long_transcript

TALK = "/v1/transcripts/talk"
ZOOM = (
    "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\nAda: We met in new york.\n\n"
    "2\n00:00:03.000 --> 00:00:05.000\nGrace: In New York?\n"
)


@pytest.fixture
def etag(user: User) -> str:
    """Of the talk's first version."""
    answer = user.put(TALK, {"text": ZOOM, "title": "Talk"})
    assert answer.status_code == 201, answer.text
    return answer.headers["ETag"]


def text(user: User, path: str = TALK) -> str:
    answer = user.get(path, params={"format": "txt"})
    assert answer.status_code == 200, answer.text
    return answer.text


def edit(user: User, *edits: dict[str, Any], **headers: str) -> Any:
    return user.post(f"{TALK}/edits", {"edits": list(edits)}, headers=headers)


NEW_YORK = {"op": "replace", "find": "new york", "replacement": "Boston"}


class TestBringingIn:
    def test_a_file_becomes_words_with_times_and_speakers(self, user: User) -> None:
        sent = {"text": ZOOM, "filename": "meeting.vtt"}
        created = user.post("/v1/transcripts", sent, headers={"Idempotency-Key": "once"})
        assert created.status_code == 201, created.text
        assert user.post("/v1/transcripts", sent, headers={"Idempotency-Key": "once"}).json() == created.json()
        read = user.get(created.headers["Location"]).json()
        assert (read["title"], read["words"], read["speakers"]) == ("meeting.vtt", 8, ["Ada", "Grace"])
        assert read["origin"] == {"kind": "import", "name": "zoom_vtt", "model": None, "device": None, "draft": False}
        assert read["transcript"]["segments"][1]["words"][0]["word"] == "In"
        [listed] = user.get("/v1/transcripts").json()["items"]
        assert listed["id"] == read["id"]
        assert "transcript" not in listed

    def test_what_is_wrong_with_a_file_is_told_with_its_line(self, user: User) -> None:
        broken = {"text": "1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n00:00:03 -> 00:00:04\nBye", "format": "srt"}
        refused = assert_problem(user.post("/v1/transcripts", broken), 422, "invalid-input")
        assert refused["detail"].startswith("Line 6: ")
        assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [("/text", "malformed-srt")]

    def test_what_is_wrong_with_json_is_pointed_at(self, user: User) -> None:
        broken = {"transcript": {"segments": [{"start": 2, "end": 1, "text": "Hi"}]}}
        refused = assert_problem(user.post("/v1/transcripts", broken), 422)
        assert [error["pointer"] for error in refused["errors"]] == ["/transcript/segments/0"]

    def test_a_recording_that_is_not_there_is_pointed_at(self, user: User) -> None:
        refused = assert_problem(user.post("/v1/transcripts", {"text": "Hi", "assetId": "nowhere"}), 422)
        assert [error["pointer"] for error in refused["errors"]] == ["/assetId"]

    def test_hours_of_speech_come_in_and_go_out(self, user: User) -> None:
        told = long_transcript(15_000)
        sent = {"transcript": told.model_dump(mode="json", by_alias=True, exclude_none=True)}
        created = user.post("/v1/transcripts", sent)
        assert created.status_code == 201, created.text[:500]
        words = read_transcript(user.get(created.headers["Location"], params={"format": "word_vtt"}).text).words
        assert [word.word for word in words] == [word.word for word in told.words]


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "media_type", "begins"),
        [
            ("srt", "application/x-subrip", "1\n00:00:01,000 --> 00:00:03,000\nWe met"),
            ("word_vtt", "text/vtt", "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Ada>We <00:00:01."),
            ("txt", "text/plain", "Ada: We met in new york.\n"),
            ("json", "application/json", '{"language":null'),
        ],
    )
    def test_each_format_is_a_file(self, user: User, etag: str, name: str, media_type: str, begins: str) -> None:
        answer = user.get(TALK, params={"format": name})
        assert answer.text.startswith(begins)
        assert answer.headers["Content-Type"].partition(";")[0] == media_type
        assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''Talk.{name.rpartition('_')[2]}"
        assert answer.headers["ETag"] == etag
        assert user.get(TALK, params={"format": name}, headers={"If-None-Match": etag}).status_code == 304


class TestEditing:
    def test_found_replaced_undone_and_done_again(self, user: User, etag: str) -> None:
        found = user.post(f"{TALK}/find", {"find": "new york"}).json()
        assert (found["total"], [each["text"] for each in found["items"]]) == (2, ["new york", "New York"])
        changed = edit(user, NEW_YORK, {"op": "renameSpeaker", "speaker": "Grace", "to": "Linus"})
        assert (changed.json()["changes"], changed.json()["version"]) == ([2, 1], 2)
        assert text(user) == "Ada: We met in Boston.\n\nLinus: In Boston?\n"
        undone = user.post(f"{TALK}/undo").json()
        assert (undone["version"], undone["undo"], undone["redo"]) == (3, None, 2)
        assert text(user) == "Ada: We met in new york.\n\nGrace: In New York?\n"
        assert_problem(user.post(f"{TALK}/undo"), 409)
        assert user.post(f"{TALK}/redo").json()["version"] == 4
        assert "Boston" in text(user)
        versions = user.get(f"{TALK}/versions").json()["items"]
        assert [(each["version"], each["message"]) for each in versions] == [
            (4, "Redone: version 2"),
            (3, "Undone: version 1"),
            (2, "2 edits"),
            (1, ""),
        ]
        assert "new york" in text(user, f"{TALK}/versions/1")
        assert user.post(f"{TALK}/versions/1/restore").json()["version"] == 5

    def test_an_edit_that_does_not_fit_is_pointed_at_and_none_is_made(self, user: User, etag: str) -> None:
        refused = assert_problem(edit(user, NEW_YORK, {"op": "deleteWords", "first": 3, "last": 99}), 422)
        assert [error["pointer"] for error in refused["errors"]] == ["/edits/1/last"]
        assert user.get(TALK).headers["ETag"] == etag
        refused = assert_problem(edit(user, {"op": "deleteWords", "first": 3}), 422)
        assert refused["errors"][0]["pointer"].startswith("/edits/0")

    def test_sent_twice_with_one_key_an_edit_is_made_once(self, user: User, etag: str) -> None:
        again = {"op": "insertWords", "before": 0, "text": "So"}
        answers = [edit(user, again, **{"Idempotency-Key": "so"}).json()["version"] for _ in range(2)]
        assert answers == [2, 2]
        assert text(user).startswith("Ada: So We met")


class TestTooLate:
    def test_edits_that_come_too_late_are_kept_in_the_version_that_they_were_made_in(
        self, user: User, etag: str
    ) -> None:
        edit(user, {"op": "insertWords", "before": 0, "text": "Hello there"})
        late = edit(user, {"op": "setWords", "first": 2, "last": 2, "text": "at"}, **{"If-Match": etag})
        conflict = assert_problem(late, 412, "precondition-failed")["conflict"]
        assert text(user, conflict["url"]).startswith("Ada: We met at new york.")
        [listed] = user.get(f"{TALK}/conflicts").json()["items"]
        assert listed["conflictId"] == conflict["id"]
        assert user.post(f"{conflict['url']}/restore").json()["version"] == 3
        assert text(user).startswith("Ada: We met at new york.")
        assert user.get(f"{TALK}/conflicts").json()["items"] == []

    def test_a_save_that_comes_too_late_is_kept(self, user: User, etag: str) -> None:
        edit(user, NEW_YORK)
        late = user.put(TALK, {"text": "Mine"}, headers={"If-Match": etag})
        conflict = assert_problem(late, 412)["conflict"]
        assert text(user, conflict["url"]) == "Mine\n"
        assert user.delete(conflict["url"]).status_code == 204
        assert_problem(user.get(conflict["url"]), 404)

    def test_undo_minds_the_etag_and_keeps_nothing(self, user: User, etag: str) -> None:
        edit(user, NEW_YORK)
        assert_problem(user.post(f"{TALK}/undo", headers={"If-Match": etag}), 412)
        assert user.get(f"{TALK}/conflicts").json()["items"] == []


class TestAtOnce:
    def test_of_edits_of_the_same_version_one_is_made_and_none_is_lost(self, user: User, etag: str) -> None:
        edits = [{"op": "replace", "find": "new york", "replacement": f"Place {number}"} for number in range(4)]
        with ThreadPoolExecutor(len(edits)) as threads:
            answers = list(threads.map(lambda each: edit(user, each, **{"If-Match": etag}), edits))
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
        refused = [assert_problem(answer, 412)["conflict"]["url"] for answer in answers if answer.status_code == 412]
        said = [text(user), *(text(user, url) for url in refused)]
        assert sorted(said) == [f"Ada: We met in Place {n}.\n\nGrace: In Place {n}?\n" for n in range(4)]

    def test_edits_sent_again_until_they_are_made_are_all_made_once_and_listed_page_by_page(
        self, user: User, etag: str
    ) -> None:
        def insert(number: int) -> None:
            while (answer := edit(user, {"op": "insertWords", "before": 0, "text": f"w{number}"})).status_code != 200:
                assert answer.status_code == 409, answer.text

        with ThreadPoolExecutor(3) as threads:
            list(threads.map(insert, range(6)))
        said = text(user)
        assert [said.count(f"w{number} ") for number in range(6)] == [1] * 6
        versions: list[int] = []
        token = None
        while token is not None or not versions:
            page = user.get(f"{TALK}/versions", params={"limit": 3, **({"pageToken": token} if token else {})}).json()
            versions += [each["version"] for each in page["items"]]
            token = page["nextPageToken"]
        assert versions == [7, 6, 5, 4, 3, 2, 1]


def test_others_transcripts_are_not_found(user: User, stranger: User, etag: str) -> None:
    for path in (TALK, f"{TALK}/versions", f"{TALK}/versions/1", f"{TALK}/conflicts"):
        assert_problem(stranger.get(path), 404)
    for path, body in (
        (f"{TALK}/edits", {"edits": [NEW_YORK]}),
        (f"{TALK}/undo", None),
        (f"{TALK}/find", {"find": "a"}),
    ):
        assert_problem(stranger.post(path, body), 404)
    assert_problem(stranger.delete(TALK), 404)


def test_deleted_it_is_gone_with_its_versions(user: User, etag: str) -> None:
    edit(user, NEW_YORK)
    assert_problem(user.delete(TALK, headers={"If-Match": etag}), 412)
    assert user.delete(TALK).status_code == 204
    assert_problem(user.get(TALK), 404)
    assert_problem(user.get(f"{TALK}/versions/1"), 404)
