"""A transcode through the API: foreseen, refused with reasons, made by one task or several, told as an event."""

from pathlib import Path
from typing import Any

import pytest
import requests

from shared.events import find_generation
from shared.media import probe
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.functions.test_shell import assert_problem
from tests.functions.transcodes import (
    chunks_of,
    decoded,
    ended,
    expect_slowness,
    fetched,
    film_with_sound,
    transcode,
)
from tests.shared.media.clips import read_numbers
from tests.workers import ffmpegs_of, workers_of

SECONDS = 12


@pytest.fixture(scope="module")
def editor(suite: RunningCloud) -> User:
    """A user with a film."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of numbered frames with a tone."""
    return film_with_sound(tmp_path_factory.mktemp("films") / "a film.mp4", SECONDS)


@pytest.fixture(scope="module")
def film(editor: User, source: Path) -> str:
    """The film as an asset."""
    asset = editor.upload(source, "video/mp4")
    assert asset["state"] == "ready", asset
    return str(asset["id"])


def pointers(answer: requests.Response) -> set[str]:
    return {error["pointer"] for error in assert_problem(answer, 422)["errors"]}


def test_a_small_film_is_made_whole_by_one_task(editor: User, film: str, source: Path, tmp_path: Path) -> None:
    job = ended(editor, transcode(editor, film, preset="ultrafast", width=320, height=180))
    assert job["state"] == "succeeded", job["error"]
    assert (job["kind"], job["tasks"], job["outputs"]["chunks"]) == ("transcode", 1, 1)
    assert (job["outputs"]["decoders"], job["outputs"]["fellBack"]) == (["cpu"], None)
    assert chunks_of(editor, job["id"]) == []
    told = find_generation(f"transcode-{job['id']}")
    assert told is not None
    assert (told.state, told.quality_score) == ("succeeded", job["outputs"]["quality"][0]["score"])
    assert told.started is not None
    path = fetched(editor, job, tmp_path)
    info = probe(path)
    assert info.video is not None
    assert (info.video.width, info.video.height, info.duration) == (320, 180, SECONDS)
    assert read_numbers(path) == list(range(25 * SECONDS))


def test_several_tasks_make_chunks_and_one_joins_them_to_the_film_of_one(
    editor: User, film: str, tmp_path: Path
) -> None:
    expect_slowness(editor)
    job = ended(editor, transcode(editor, film, preset="ultrafast", crf=0))
    assert job["state"] == "succeeded", job["error"]
    assert job["tasks"] == 4
    assert job["outputs"]["chunks"] > 4
    assert job["outputs"]["decoders"] == ["cpu"]
    chunks = chunks_of(editor, job["id"])
    assert {chunk.attempts for chunk in chunks} == {1}
    assert len({chunk.claimant for chunk in chunks}) > 1, "more than one task took part"
    path = fetched(editor, job, tmp_path)
    assert read_numbers(path) == list(range(25 * SECONDS))
    single = tmp_path / "single.mp4"
    single.write_bytes(_in_one_run(editor, film, crf=0))
    assert decoded(path) == decoded(single)


def _in_one_run(editor: User, film: str, **params: Any) -> bytes:
    """The same film by one task."""
    from shared.core.clients import firestore_client

    firestore_client().collection("users", editor.uid, "speeds").document("transcode").delete()
    job = ended(editor, transcode(editor, film, preset="ultrafast", **params))
    assert job["outputs"]["chunks"] == 1
    asset = editor.get(f"/v1/assets/{job['outputs']['assetId']}").json()
    return requests.get(asset["downloadUrl"], timeout=60).content


def test_what_was_foreseen_is_compared_with_what_it_took(editor: User, film: str) -> None:
    plan = editor.post("/v1/jobs/plan", {"kind": "transcode", "inputs": {"assetId": film, "params": {"width": 64}}})
    assert plan.status_code == 200, plan.text
    foreseen = plan.json()
    assert foreseen["seconds"] == pytest.approx(sum(foreseen["stages"].values()), abs=0.5)
    assert (foreseen["frames"], foreseen["renditions"][0]["width"]) == (25 * SECONDS, 64)
    assert foreseen["costUsd"] > 0
    job = ended(editor, transcode(editor, film, width=64))
    compared = job["outputs"]["prediction"]
    assert compared["predictedSeconds"] == job["inputs"]["prediction"]["seconds"]
    assert compared["ratio"] == pytest.approx(compared["actualSeconds"] / compared["predictedSeconds"], rel=0.05)


def test_what_is_learnt_makes_the_next_prediction_better(editor: User, film: str) -> None:
    body = {"kind": "transcode", "inputs": {"assetId": film, "params": {"preset": "ultrafast"}}}
    expect_slowness(editor)
    before = editor.post("/v1/jobs/plan", body).json()["seconds"]
    job = ended(editor, transcode(editor, film, preset="ultrafast"))
    took = job["outputs"]["prediction"]["actualSeconds"]

    def learnt() -> bool:
        after = editor.post("/v1/jobs/plan", body).json()["seconds"]
        return bool(abs(after - took) < abs(before - took))

    wait_for(learnt, "the next prediction is nearer", seconds=5)


def test_what_is_wrong_is_said_before_a_job_is_made(editor: User, stranger: User, film: str) -> None:
    assert pointers(transcode(editor, film, width=3, crf=99)) == {"/width", "/crf"}
    assert pointers(transcode(editor, film, container="webm", codec="h264")) == {"/codec"}
    assert pointers(transcode(editor, film, profile="ladder", width=320)) == {"/width"}
    inputs = {"assetId": film, "params": {"profile": "ladder", "width": 320}}
    assert pointers(editor.post("/v1/jobs/plan", {"kind": "transcode", "inputs": inputs})) == {"/inputs/params/width"}
    assert pointers(editor.post("/v1/jobs/plan", {"kind": "knitting", "inputs": inputs})) == {"/kind"}
    assert_problem(transcode(editor, "nothing"), 404)
    assert_problem(transcode(stranger, film), 404)


def test_a_transcode_asked_for_twice_with_one_key_is_one_job(editor: User, film: str) -> None:
    headers = {"Idempotency-Key": "transcode-once"}
    jobs = [
        editor.post(f"/v1/assets/{film}/transcode", {"preset": "ultrafast"}, headers=headers).json()["id"]
        for _ in range(2)
    ]
    assert len(set(jobs)) == 1
    assert editor.settled(f"/v1/jobs/{jobs[0]}", "state", {"succeeded"})


def test_a_chunk_that_nobody_can_make_ends_the_job_with_a_reason_and_all_tasks_stop(editor: User, film: str) -> None:
    expect_slowness(editor)
    job = ended(editor, transcode(editor, film, preset="ultrafast", encoder="gpu"))
    assert job["state"] == "failed"
    assert "GPU" in job["error"]["detail"]
    wait_for(lambda: not workers_of(job["id"]), "all tasks have ended", seconds=10)


def test_a_cancel_stops_every_task_within_two_seconds(editor: User, film: str) -> None:
    expect_slowness(editor)
    answer = transcode(editor, film, preset="slower", width=1920, height=1080)
    job_id = answer.json()["id"]
    wait_for(lambda: len(ffmpegs_of(job_id)) > 1, "two tasks encode", seconds=60)
    assert editor.post(f"/v1/jobs/{job_id}/cancel").json()["state"] == "cancelled"
    wait_for(lambda: not ffmpegs_of(job_id), "FFmpeg is gone", seconds=2)
    assert editor.get(f"/v1/jobs/{job_id}").json()["state"] == "cancelled"
