"""Clips of many recordings by one prompt, each transcribed first, and one report on all of them."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from demo.footage.talk import SOUND
from shared.media import find_ffmpeg
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.functions.test_shell import assert_problem

SECONDS = 34
"""Of the talk: a question and two answers."""
SMALL = {"aspect": "16:9", "shortSide": 144, "captions": None}


@pytest.fixture(scope="module")
def editor(suite: RunningCloud) -> User:
    return sign_up(suite)


def record(editor: User, path: Path, seconds: int, *sound: str) -> str:
    """A small film with this sound; the id of its asset."""
    picture = ("-f", "lavfi", "-i", f"testsrc=size=160x90:rate=5:duration={seconds}")
    command = [find_ffmpeg().path, "-v", "error", *picture, *sound, "-t", str(seconds), "-preset", "ultrafast", path]
    subprocess.run(command, check=True)
    asset = editor.upload(path, "video/mp4")
    assert asset["state"] == "ready", asset
    return str(asset["id"])


@pytest.fixture(scope="module")
def recordings(editor: User, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Somebody who speaks, and a tone."""
    folder = tmp_path_factory.mktemp("recordings")
    spoken = record(editor, folder / "talk.mp4", SECONDS, "-i", str(SOUND))
    tone = record(editor, folder / "tone.mp4", 4, "-f", "lavfi", "-i", "sine=frequency=440:duration=4")
    return [spoken, tone]


@pytest.fixture(scope="module")
def batch(editor: User, recordings: list[str]) -> dict[str, Any]:
    """The batch of both, ended."""
    wish = {"assetIds": [*recordings, recordings[0]], "promptId": "storytelling", "look": SMALL}
    key = {"Idempotency-Key": "one"}
    asked = editor.post("/v1/clip-batches", wish, headers=key)
    assert asked.status_code == 202, asked.text
    assert editor.post("/v1/clip-batches", wish, headers=key).json() == asked.json()
    path = asked.headers["Location"]

    def report() -> dict[str, Any] | None:
        found: dict[str, Any] = editor.get(path).json()
        return found if found["ended"] == len(found["recordings"]) else None

    ended = wait_for(report, "every recording is done", seconds=150, pause=0.3)
    assert ended is not None
    return ended


def test_every_recording_is_done_once_and_one_report_tells_of_all(
    editor: User, recordings: list[str], batch: dict[str, Any]
) -> None:
    assert batch["assetIds"] == recordings
    assert (batch["failed"], batch["promptName"]) == (0, "storytelling")
    spoken, tone = batch["recordings"]
    assert (spoken["state"], tone["state"]) == ("succeeded", "succeeded"), batch
    assert len(spoken["clips"]) == batch["clips"] >= 1
    assert [clip["place"] for clip in spoken["clips"]] == list(range(len(spoken["clips"])))
    assert (tone["clips"], tone["notes"]) == ([], ["Nothing is said in this recording."])
    listed = editor.get("/v1/clip-batches").json()["items"]
    assert [each["id"] for each in listed] == [batch["id"]]


def test_what_was_heard_of_a_recording_is_a_transcript_of_it(editor: User, batch: dict[str, Any]) -> None:
    spoken = batch["recordings"][0]
    transcript = editor.get(f"/v1/transcripts/{spoken['clips'][0]['transcriptId']}").json()
    assert transcript["assetId"] == spoken["assetId"]
    assert transcript["transcript"]["origin"]["kind"] == "engine"


def test_a_batch_waits_behind_what_is_asked_for_one_at_a_time(editor: User, batch: dict[str, Any]) -> None:
    jobs = [editor.get(f"/v1/jobs/{job_id}").json() for job_id in batch["jobIds"]]
    assert {job["priority"] for job in jobs} == {"low"}


def test_a_recording_that_cannot_be_used_is_named_before_any_job_is_started(
    editor: User, recordings: list[str], suite: RunningCloud
) -> None:
    problem = assert_problem(editor.post("/v1/clip-batches", {"assetIds": [recordings[0], "nobodys"]}), 422)
    assert [error["pointer"] for error in problem["errors"]] == ["/assetIds/1"]
    assert editor.get("/v1/clip-batches/nothing").status_code == 404
    assert sign_up(suite).get("/v1/clip-batches").json()["items"] == []
