"""Clips over HTTP: asked for, found, kept, exported, heard of, and learnt from."""

import subprocess
from datetime import timedelta
from typing import Any

import pytest

from functions.resources.clips import ClipWish
from shared.clips import learn_clips
from shared.core.clock import now
from shared.media import find_ffmpeg
from shared.transcripts import create_transcript
from tests.api import User, sign_up
from tests.cloud import RunningCloud
from tests.functions.test_shell import assert_problem
from tests.shared.clips.keeping import keep_clip, keep_recording, keep_transcript
from tests.shared.clips.talks import TALK, talk

SECONDS = 82


@pytest.fixture(scope="module")
def editor(suite: RunningCloud) -> User:
    """A user with a recording."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def made(editor: User, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The job that made clips of it, by its words."""
    path = tmp_path_factory.mktemp("talks") / "talk.mp4"
    graph = f"testsrc=size=160x90:rate=5:duration={SECONDS}[v];sine=frequency=300:duration={SECONDS}[a]"
    command = [str(find_ffmpeg().path), "-v", "error", "-filter_complex", graph, "-map", "[v]", "-map", "[a]"]
    subprocess.run([*command, "-preset", "ultrafast", "-ar", "16000", str(path)], check=True)
    asset = editor.upload(path, "video/mp4")
    assert asset["state"] == "ready", asset
    transcript = create_transcript(
        editor.uid, "words", asset["id"], talk(TALK[:3]).model_copy(update={"duration": SECONDS})
    )
    wanted = {
        "promptId": "funny",
        "variables": {"clip_count": 3, "duration": "15-20"},
        "transcriptId": transcript.id,
        "look": {"aspect": "16:9", "shortSide": 180, "captions": None},
        "variants": [15],
    }
    asked = editor.post(f"/v1/assets/{asset['id']}/clips", wanted)
    assert asked.status_code == 202, asked.text
    job = editor.settled(asked.headers["Location"], "state", {"succeeded", "failed"}, 120)
    assert job["state"] == "succeeded", job["error"]
    return job


def test_a_job_makes_clips_that_say_why_they_were_chosen(editor: User, made: dict[str, Any]) -> None:
    clips = editor.get("/v1/clips", params={"jobId": made["id"]}).json()["items"]
    assert {clip["id"] for clip in clips} == set(made["outputs"]["clipIds"])
    assert len(clips) == len(made["outputs"]["kompositionIds"]) == 3 + len(_variants(clips))
    best = next(clip for clip in clips if clip["place"] == 0)
    assert (best["promptId"], best["category"], best["state"]) == ("funny", "funny", "proposed")
    assert best["title"] and best["reason"] and best["transcript"]
    assert 0 <= best["predicted"] <= 1
    assert best["outcome"]["success"] is None
    komposition = editor.get(f"/v1/kompositions/{best['kompositionId']}").json()
    assert komposition["title"] == best["title"]


def test_a_job_makes_the_lengths_that_were_asked_for_as_clips_after_the_others(
    editor: User, made: dict[str, Any]
) -> None:
    clips = editor.get("/v1/clips", params={"jobId": made["id"]}).json()["items"]
    shorter = _variants(clips)
    told = [variant["segments"] for clip in clips for variant in clip["variants"] if variant["target"] == 15]
    assert shorter and all(clip["segments"] in told and clip["duration"] <= 15 for clip in shorter)
    assert min(clip["place"] for clip in shorter) == 3
    shown = editor.get(f"/v1/kompositions/{shorter[0]['kompositionId']}").json()["komposition"]["tracks"]["video"]
    assert len(shown[0]["segments"]) == len(shorter[0]["segments"])


def test_a_clip_is_made_in_other_lengths_once_whoever_asks_how_often(editor: User, made: dict[str, Any]) -> None:
    clips = editor.get("/v1/clips", params={"jobId": made["id"]}).json()["items"]
    there = next(clip for clip in clips if clip["variantOf"])
    path = f"/v1/clips/{there['variantOf']}/variants"
    first = _settled(editor, editor.post(path, {"lengths": [12, 30]}, headers={"Idempotency-Key": "lengths"}))
    assert first == _settled(editor, editor.post(path, {"lengths": [12, 30]}, headers={"Idempotency-Key": "lengths"}))
    ids = first["outputs"]["clipIds"]
    varied = [editor.get(f"/v1/clips/{each}").json() for each in ids]
    assert ids and all(each["variantOf"] == there["variantOf"] for each in varied)
    assert all(each["duration"] <= each["variantSeconds"] for each in varied)
    assert len(ids) + len(first["outputs"]["notes"]) == 2
    shown = editor.get(f"/v1/kompositions/{varied[0]['kompositionId']}").json()["komposition"]
    assert (shown["outputs"][0]["width"], shown["tracks"].get("caption", [])) == (320, []), "it looks as the clip does"
    editor.put(f"/v1/clips/{ids[0]}", {"state": "kept"})
    asked_of_a_variant = {"lengths": [12, 15, 30]}
    again = _settled(editor, editor.post(f"/v1/clips/{ids[0]}/variants", asked_of_a_variant))
    assert set(again["outputs"]["clipIds"]) == {*ids, there["id"]}, "what is there is not made again"
    assert editor.get(f"/v1/clips/{ids[0]}").json()["state"] == "kept"


def _settled(editor: User, asked: Any) -> dict[str, Any]:
    assert asked.status_code == 202, asked.text
    job = editor.settled(asked.headers["Location"], "state", {"succeeded", "failed"}, 120)
    assert job["state"] == "succeeded", job["error"]
    return job


def test_lengths_that_cannot_be_made_are_refused(user: User, stranger: User) -> None:
    keep_recording(user.uid)
    keep_transcript(user.uid)
    keep_clip(user.uid)
    path = "/v1/clips/job-1/variants"

    def refused(**wish: Any) -> set[str]:
        return {error["pointer"] for error in assert_problem(user.post(path, wish), 422)["errors"]}

    assert refused(lengths=[]) == {"/lengths"}
    assert refused(lengths=[15, 2]) == {"/lengths/1"}
    assert refused(lengths=[15.5]) == {"/lengths/0"}
    assert refused(lengths=[15], look={"aspect": "2:1"}) == {"/look/aspect"}
    assert_problem(stranger.post(path, {"lengths": [15]}), 404)
    keep_clip(user.uid, "lost", transcript_id="gone")
    assert "other lengths" in assert_problem(user.post("/v1/clips/lost/variants", {"lengths": [15]}), 409)["detail"]
    assert user.get("/v1/jobs").json()["items"] == []


def _variants(clips: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [clip for clip in clips if clip["title"].endswith(" (15 s)")]


def test_a_clip_is_kept_exported_and_heard_of(editor: User, made: dict[str, Any]) -> None:
    path = f"/v1/clips/{made['outputs']['clipIds'][0]}"
    etag = editor.get(path).headers["ETag"]
    kept = editor.put(path, {"state": "kept", "title": "A dog"}, headers={"If-Match": etag})
    assert (kept.status_code, kept.json()["state"], kept.json()["title"]) == (200, "kept", "A dog")
    assert_problem(editor.put(path, {"title": "Late"}, headers={"If-Match": etag}), 412)
    exported = editor.post(f"{path}/export", headers={"Idempotency-Key": "once"})
    assert (exported.status_code, exported.json()["kind"]) == (202, "render")
    assert editor.post(f"{path}/export", headers={"Idempotency-Key": "once"}).json() == exported.json()
    editor.post(f"/v1/jobs/{exported.json()['id']}/cancel")
    seen = {"kind": "view", "eventId": "day-1", "at": now().isoformat(), "views": 100, "watched": 0.75}
    heard = editor.post(f"{path}/feedback", {"events": [seen]})
    assert (heard.status_code, heard.json()["recorded"]) == (200, 1)
    assert editor.post(f"{path}/feedback", {"events": [seen]}).json()["recorded"] == 0
    outcome = editor.get(path).json()["outcome"]
    assert (outcome["views"], outcome["watched"], outcome["exports"]) == (100, 0.75, 1)
    assert outcome["success"] > 0.7


def test_what_is_wrong_with_a_wish_is_told_before_there_is_a_job(user: User) -> None:
    keep_recording(user.uid)

    def refused(status: int, **wish: Any) -> set[str]:
        problem = assert_problem(user.post("/v1/assets/talk/clips", wish), status)
        return {error["pointer"] for error in problem.get("errors", [])}

    assert refused(422, variables={"clip_count": 1}) == {"/variables/clip_count"}
    assert refused(422, transcriptId="nothing") == {"/transcriptId"}
    assert refused(422, look={"aspect": "2:1"}) == {"/look/aspect"}
    assert refused(422, variants=[45]) == {"/variants/0"}
    refused(422, prompt="be funny", promptId="funny")
    assert refused(422, ranker="oracle") == {"/ranker"}
    assert refused(422, engine="siri") == {"/engine"}
    assert refused(422, engine="pocketsphinx", language="fr") == {"/language"}
    refused(404, promptId="nothing")
    assert user.get("/v1/jobs").json()["items"] == []


def test_words_of_ones_own_say_how_many_and_how_long() -> None:
    request = ClipWish(prompt="two clips of 10 seconds on pricing").asked("ann")
    assert (request.clip_count, request.duration) == ((2, 2), (8, 12))


def test_what_cannot_have_happened_to_a_clip_is_refused(user: User) -> None:
    keep_clip(user.uid)

    def refused(**event: Any) -> None:
        sent = {"eventId": "e", "at": now().isoformat(), **event}
        assert_problem(user.post("/v1/clips/job-1/feedback", {"events": [sent]}), 422)

    refused(kind="view", views=0)
    refused(kind="view", watched=1.5)
    refused(kind="rate", stars=6)
    refused(kind="applaud")
    refused(kind="keep", at=(now() + timedelta(days=2)).isoformat())
    refused(kind="keep", at="2026-01-01T00:00:00")
    assert user.get("/v1/clips/job-1").json()["outcome"]["views"] == 0


def test_others_clips_are_not_found(user: User, stranger: User) -> None:
    keep_clip(user.uid)
    path = "/v1/clips/job-1"
    seen = {"events": [{"kind": "keep", "eventId": "e", "at": now().isoformat()}]}
    for answer in (
        stranger.get(path),
        stranger.put(path, {"state": "kept"}),
        stranger.delete(path),
        stranger.post(f"{path}/export"),
        stranger.post(f"{path}/feedback", seen),
        stranger.get(f"{path}/retention"),
    ):
        assert_problem(answer, 404)
    assert user.delete(path).status_code == 204
    assert_problem(user.get(path), 404)


def test_where_people_leave_a_clip_is_told_with_the_words(user: User) -> None:
    keep_transcript(user.uid)
    keep_clip(user.uid)
    assert_problem(user.get("/v1/clips/job-1/retention"), 409)
    seen = {"kind": "view", "eventId": "e", "at": now().isoformat(), "views": 9, "retention": [1, 0.9, 0.2]}
    user.post("/v1/clips/job-1/feedback", {"events": [seen]})
    told = user.get("/v1/clips/job-1/retention").json()
    assert (told["views"], len(told["steps"])) == (9, 20)
    assert " ".join(step["words"] for step in told["steps"] if step["words"]).startswith("we learnt one thing")


def test_what_was_predicted_is_shown_beside_what_came_of_it(user: User) -> None:
    before = user.get("/v1/clips/calibration").json()
    assert (before["yours"]["clips"], before["yours"]["report"]) == (0, None)
    for number in range(10):
        keep_clip(user.uid, f"c{number}", job_id=f"job-{number // 2}", predicted=0.9 - number / 20)
        seen = {"kind": "view", "eventId": "e", "at": now().isoformat(), "views": 50, "watched": 0.4 + number % 2 / 10}
        assert user.post(f"/v1/clips/c{number}/feedback", {"events": [seen]}).status_code == 200
    learn_clips(now())
    after = user.get("/v1/clips/calibration", params={"category": "viral"}).json()
    report = after["yours"]["report"]
    assert (after["yours"]["clips"], report["clips"]) == (10, 10)
    assert report["bias"] == pytest.approx(0.675 - 0.45, abs=0.02)
    assert sum(part["clips"] for part in report["told"]) == 10
    assert report["learntError"] < report["error"]
    assert after["weights"][0].keys() >= {"feature", "says", "usual"}
