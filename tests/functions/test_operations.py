"""An operation on assets through the API: refused with reasons, run as a job once, its result an asset, told as an event."""

from pathlib import Path
from typing import Any

import pytest
import requests

from shared.media import probe
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.functions.test_shell import assert_problem
from tests.shared.media.clips import numbered, plain, read_numbers
from tests.workers import ffmpegs_of

FINAL = {"succeeded", "failed", "cancelled"}


@pytest.fixture(scope="module")
def editor(suite: RunningCloud) -> User:
    """A user with a clip."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def clip(editor: User, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two seconds of numbered frames without sound, uploaded."""
    path = numbered(tmp_path_factory.mktemp("clips") / "it's 100%d: a clip.mp4", 2)
    asset = editor.upload(path, "video/mp4")
    assert asset["state"] == "ready", asset
    return str(asset["id"])


def run(user: User, name: str, *inputs: str, **params: Any) -> requests.Response:
    return user.post(f"/v1/operations/{name}", {"inputs": list(inputs), "params": params})


def pointers(answer: requests.Response) -> set[str]:
    return {error["pointer"] for error in assert_problem(answer, 422)["errors"]}


def test_a_trim_becomes_an_asset_exact_to_the_frame(editor: User, clip: str, tmp_path: Path) -> None:
    answer = run(editor, "trim", clip, start=0.5, duration=1.0)
    assert answer.status_code == 202, answer.text
    job = editor.settled(answer.headers["Location"], "state", FINAL)
    assert job["state"] == "succeeded", job["error"]
    assert (job["kind"], job["progress"], job["outputs"]["duration"]) == ("operation", 1.0, 1.0)
    asset = editor.get(f"/v1/assets/{job['outputs']['assetId']}").json()
    assert asset["media"]["duration"] == 1.0
    path = tmp_path / "result.mp4"
    path.write_bytes(requests.get(asset["downloadUrl"], timeout=10).content)
    assert read_numbers(path) == list(range(15, 45))
    assert probe(path).sha256 == asset["sha256"]


def test_what_is_wrong_is_said_before_a_job_is_made(editor: User, stranger: User, clip: str) -> None:
    assert pointers(run(editor, "trim", clip, start=-1, lenght=2)) == {"/params/start", "/params/lenght"}
    assert pointers(run(editor, "trim", clip, start=3)) == {"/params/start"}
    assert pointers(run(editor, "trim", "nothing")) == {"/inputs/0"}
    assert pointers(run(editor, "trim", clip, clip)) == {"/inputs"}
    assert pointers(run(editor, "to_mp3", clip)) == {"/inputs/0"}
    assert pointers(run(editor, "convert", clip, format="webm", videoCodec="h264")) == {"/params/videoCodec"}
    assert pointers(run(stranger, "trim", clip)) == {"/inputs/0"}
    assert "trim" in assert_problem(run(editor, "trimm", clip), 404)["detail"]
    assert_problem(editor.post("/v1/operations/trim", {}), 422)


def test_an_operation_asked_for_twice_with_one_key_is_one_job(editor: User, clip: str) -> None:
    body = {"inputs": [clip], "params": {"duration": 0.2}}
    headers = {"Idempotency-Key": "trim-once"}
    jobs = [editor.post("/v1/operations/trim", body, headers=headers).json()["id"] for _ in range(2)]
    assert len(set(jobs)) == 1
    assert editor.settled(f"/v1/jobs/{jobs[0]}", "state", FINAL)["state"] == "succeeded"


def test_an_operation_that_is_cancelled_stops_within_two_seconds(editor: User, tmp_path: Path) -> None:
    asset = editor.upload(plain(tmp_path / "long.mp4", "red", 20), "video/mp4")
    path = run(editor, "resize", asset["id"], width=3840, height=2160, preset="veryslow").headers["Location"]
    job_id = path.rpartition("/")[2]
    wait_for(lambda: ffmpegs_of(job_id), "FFmpeg works", seconds=60)
    assert editor.post(f"{path}/cancel").json()["state"] == "cancelled"
    wait_for(lambda: not ffmpegs_of(job_id), "FFmpeg is gone", seconds=2)
    assert editor.get(path).json()["state"] == "cancelled"


def test_every_operation_is_listed_with_the_schema_of_its_parameters(editor: User) -> None:
    listed = {each["name"]: each for each in editor.get("/v1/operations").json()["items"]}
    start = listed["trim"]["params"]["properties"]["start"]
    assert (start["unit"], start["minimum"], start["default"]) == ("seconds", 0, 0.0)
    assert listed["leica_look"]["media"] == ["picture"]
    assert set(listed["leica_look"]["effectParams"]["properties"]) == {"intensity"}
    assert listed["trim"]["effectParams"] is None
