"""Paper editing over HTTP: words are deleted, moved and restored, and the komposition follows."""

from pathlib import Path
from typing import Any

import pytest

from shared.assets import get_asset
from shared.paper_editing.store import keep_profile
from shared.transcripts import save_transcript
from tests.api import User, sign_up
from tests.cloud import RunningCloud
from tests.functions.test_shell import assert_problem
from tests.shared.paper_editing.conftest import TIMES
from tests.shared.paper_editing.talk import Talk, record


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """7.5 s, twelve words."""
    return record(tmp_path_factory.mktemp("talk"), TIMES, 7.5)


@pytest.fixture(scope="module")
def editor(suite: RunningCloud) -> User:
    """A user with a recording."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def recording(editor: User, talk: Talk) -> str:
    """The talk as an asset that was listened to."""
    uploaded = editor.upload(talk.media.path, "video/quicktime")
    assert uploaded["state"] == "ready", uploaded
    keep_profile(get_asset(editor.uid, uploaded["id"]), talk.media.path, talk.media.info)
    return str(uploaded["id"])


@pytest.fixture
def path(editor: User, recording: str, talk: Talk) -> str:
    """A new edit of the talk."""
    transcript = save_transcript(editor.uid, recording, talk.transcript, title="Talk")
    made = editor.post("/v1/paper-edits", {"transcriptId": transcript.id})
    assert made.status_code == 201, made.text
    return str(made.headers["Location"])


def done(user: User, path: str, *operations: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = user.post(f"{path}/operations", {"operations": list(operations)}, headers=headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_words_are_edited_and_every_cut_is_undone_on_its_own(editor: User, path: str) -> None:
    done(editor, path, {"kind": "delete", "first": 1, "reason": "A slip"}, {"kind": "delete", "first": 4, "last": 5})
    told = done(editor, path, {"kind": "move", "first": 8, "last": 9, "before": 0})
    assert [(run["first"], run["last"], run["cut"]) for run in told["paper"]] == [
        *((8, 9, None), (0, 0, None), (1, 1, 1), (2, 3, None), (4, 5, 2), (6, 7, None), (10, 11, None)),
    ]
    assert [(cut["text"], cut["reason"]["detail"], cut["operation"]) for cut in told["cuts"]] == [
        ("w1", "A slip", 1),
        ("w4 w5", "", 2),
    ]
    back = editor.put(f"{path}/operations/1", {"undone": True}).json()
    assert [cut["operation"] for cut in back["cuts"]] == [2]
    assert editor.post(f"{path}/undo").json()["paper"][0]["first"] == 0
    assert editor.post(f"{path}/redo").json()["paper"][0]["first"] == 8
    assert [each["version"] for each in editor.get(f"{path}/versions").json()["items"]] == [6, 5, 4, 3, 2, 1]
    assert editor.get(f"{path}/versions/1").json()["cuts"] == []


def test_a_lost_update_is_refused_and_a_wrong_step_pointed_at(editor: User, path: str) -> None:
    etag = editor.get(path).headers["ETag"]
    done(editor, path, {"kind": "delete", "first": 1}, **{"If-Match": etag})
    late = editor.post(f"{path}/undo", headers={"If-Match": etag})
    assert_problem(late, 412)
    steps = [{"kind": "delete", "first": 0}, {"kind": "move", "first": 2, "last": 4, "before": 3}]
    wrong = assert_problem(editor.post(f"{path}/operations", {"operations": steps}), 422)
    assert wrong["errors"][0]["pointer"] == "/operations/1/before"
    assert_problem(editor.put(f"{path}/operations/9", {"undone": True}), 409)


def test_a_clean_up_is_seen_before_it_is_done(editor: User, path: str) -> None:
    wanted = {"remove": ["silences"], "silences": {"margin": 0.1}}
    seen = editor.post(f"{path}/clean-up/preview", wanted).json()
    assert [round(cut["seconds"], 1) for cut in seen["cuts"]] == [0.4, 0.8, 1.0, 0.8]
    assert seen["saved"] == pytest.approx(3.0, abs=0.05)
    assert editor.get(path).json()["cuts"] == []
    cleaned = editor.post(f"{path}/clean-up", wanted).json()
    assert cleaned["after"] == pytest.approx(seen["after"])
    assert {cut["reason"]["kind"] for cut in cleaned["cuts"]} == {"silence"}


def test_fillers_are_found_by_the_words(editor: User, recording: str, talk: Talk) -> None:
    said = ("So,", "um,", "this", "is", "is", "uh", "the", "talk.", "Thank", "you", "very", "much.")
    segments = [
        segment.model_copy(
            update={
                "words": tuple(each.model_copy(update={"word": said[int(each.word[1:])]}) for each in segment.words)
            }
        )
        for segment in talk.transcript.segments
    ]
    transcript = talk.transcript.model_copy(update={"segments": tuple(segments)})
    saved = save_transcript(editor.uid, recording, transcript, title="Fillers")
    path = editor.post("/v1/paper-edits", {"transcriptId": saved.id}).headers["Location"]
    told = editor.post(f"{path}/clean-up", {"remove": ["fillers", "retakes"]}).json()
    assert [(cut["text"], cut["reason"]["kind"]) for cut in told["cuts"]] == [
        ("um,", "filler"),
        ("is", "retake"),
        ("uh", "filler"),
    ]


def test_the_komposition_follows_and_is_exported(editor: User, path: str) -> None:
    done(editor, path, {"kind": "delete", "first": 1}, {"kind": "delete", "first": 4, "keepTime": True})
    made = editor.post(f"{path}/komposition", {"captions": {"style": "karaoke"}})
    assert made.status_code == 201, made.text
    where = made.headers["Location"]
    tracks = made.json()["komposition"]["tracks"]
    assert [segment["id"] for segment in tracks["video"][0]["segments"]] == ["word-0", "word-2", "word-4", "word-5"]
    assert tracks["audio"][0]["id"] == "room-tone"
    done(editor, path, {"kind": "restore", "first": 1})
    again = editor.post(f"{path}/komposition", {})
    assert (again.status_code, again.headers["Location"]) == (200, where)
    assert editor.get(path).json()["kompositionVersion"] == 2
    for wanted in ("edl", "otio", "fcpxml"):
        assert editor.get(f"{where}/export?format={wanted}").status_code == 200


def test_others_paper_edits_are_not_found(path: str, stranger: User) -> None:
    assert_problem(stranger.get(path), 404)
    assert_problem(stranger.post(f"{path}/operations", {"operations": [{"kind": "delete", "first": 1}]}), 404)
    assert_problem(stranger.post(f"{path}/komposition", {}), 404)
    assert_problem(stranger.delete(path), 404)


def test_a_paper_edit_is_renamed_respaced_listed_and_deleted(editor: User, path: str, tmp_path: Path) -> None:
    changed = editor.call("PATCH", path, json={"title": "Monday", "spacing": {"margin": 0.3}}).json()
    assert (changed["title"], changed["spacing"]) == ("Monday", {"margin": 0.3, "pause": 0.06})
    listed = editor.get(f"/v1/paper-edits?transcriptId={changed['transcriptId']}").json()["items"]
    assert [(each["title"], each["version"]) for each in listed] == [("Monday", 2)]
    assert editor.delete(path).status_code == 204
    assert_problem(editor.get(path), 404)
