"""The life of a job through the API: its stages, its cost, the quality of what it made; killed, queued behind others, tried
again, struck off the list."""

import signal
from pathlib import Path
from typing import Any

import psutil
import pytest

from shared.events import find_generation
from shared.media.machines import machine_of
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.functions.test_shell import assert_problem
from tests.shared.media.clips import plain
from tests.workers import workers_of

FINAL = {"succeeded", "failed", "cancelled"}
SLOW = {"width": 3840, "height": 2160, "preset": "veryslow"}


@pytest.fixture
def editor(suite: RunningCloud) -> User:
    """A new user."""
    return sign_up(suite)


def upload(user: User, folder: Path, seconds: float = 2) -> str:
    """An asset that shows one colour and sounds."""
    asset = user.upload(plain(folder / f"{seconds}.mp4", "red", seconds, tone=440), "video/mp4")
    assert asset["state"] == "ready", asset
    return str(asset["id"])


def run(user: User, name: str, asset: str, **params: Any) -> str:
    """Ask for an operation; the path of its job."""
    answer = user.post(f"/v1/operations/{name}", {"inputs": [asset], "params": params})
    assert answer.status_code == 202, answer.text
    return answer.headers["Location"]


def worker_of(path: str) -> psutil.Process | None:
    """The process that works on a job."""
    job_id = path.rpartition("/")[2]
    return next(iter(workers_of(job_id)), None)


def works(path: str) -> bool:
    """Whether FFmpeg runs for a job."""
    worker = worker_of(path)
    return worker is not None and any("ffmpeg" in child.name() for child in worker.children(recursive=True))


def kill(path: str) -> None:
    """Kill the process that works on a job."""
    worker = worker_of(path)
    assert worker is not None
    worker.send_signal(signal.SIGKILL)


def test_a_job_shows_its_stages_what_it_cost_and_how_good_its_result_is(editor: User, tmp_path: Path) -> None:
    job = editor.settled(run(editor, "convert", upload(editor, tmp_path), format="mkv"), "state", FINAL)
    assert job["state"] == "succeeded", job["error"]
    assert {stage["name"]: stage["progress"] for stage in job["stages"]} == {
        "downloading": 1,
        "running": 1,
        "measuring": 1,
        "uploading": 1,
    }
    assert (job["progress"], job["attempts"], job["failures"], job["remainingSeconds"]) == (1, 1, [], None)
    assert 0 < job["costUsd"] < machine_of("operation").cost(60)
    assert job["outputs"]["notes"] == []
    [report] = job["outputs"]["quality"]
    assert report["assetId"] == job["outputs"]["assetId"]
    assert report["fidelity"]["vmaf"] > 90
    assert report["frozen"]["seconds"] == pytest.approx(2, abs=0.2)
    assert report["sound"]["integrated"] == pytest.approx(-21.8, abs=1)
    assert report["score"] == pytest.approx(8.5, abs=0.3), "a picture that stands still costs 1.5"
    told = find_generation(f"operation-{job['id']}")
    assert told is not None
    assert (told.operation, told.state, told.quality_score) == ("convert", "succeeded", report["score"])
    assert told.cost_usd == pytest.approx(job["costUsd"], rel=0.5), "but for writing the end"
    lists = {query: editor.get(f"/v1/jobs?{query}") for query in ("state=succeeded&kind=operation", "kind=render")}
    assert [[each["id"] for each in listed.json()["items"]] for listed in lists.values()] == [[job["id"]], []]
    assert_problem(editor.get("/v1/jobs?kind=dance"), 422)


def test_a_worker_that_is_killed_is_followed_by_another(editor: User, tmp_path: Path) -> None:
    path = run(editor, "resize", upload(editor, tmp_path, 4), width=1280, height=720, preset="slow")
    wait_for(lambda: works(path), "FFmpeg works", seconds=60)
    kill(path)
    job = editor.settled(path, "state", FINAL, seconds=120)
    assert (job["state"], job["attempts"], job["maxAttempts"]) == ("succeeded", 2, 3)
    [failure] = job["failures"]
    assert (failure["attempt"], failure["error"]["type"], failure["transient"]) == (1, "worker-lost", True)


def test_a_job_above_the_limit_waits_and_holds_up_nobody_else(editor: User, stranger: User, tmp_path: Path) -> None:
    asset, deleted = upload(editor, tmp_path, 20), upload(editor, tmp_path)
    busy = [run(editor, "resize", asset, **SLOW) for _ in range(2)]
    late = run(editor, "trim", deleted, duration=0.5)
    editor.settled(late, "stage", {"waiting-for-slot"})
    other = run(stranger, "trim", upload(stranger, tmp_path), duration=0.5)
    editor.post(f"{busy[0]}/cancel")
    assert stranger.settled(other, "state", FINAL)["state"] == "succeeded"

    assert_problem(editor.delete(late), 409)
    assert_problem(editor.post(f"{late}/retry"), 409)
    assert editor.settled(late, "state", FINAL)["state"] == "succeeded"
    editor.post(f"{busy[1]}/cancel")
    jobs = [editor.get(path).json() for path in busy]
    assert [(job["state"], job["costUsd"] is None) for job in jobs] == [("cancelled", False)] * 2


def test_a_job_that_has_failed_for_good_gets_new_attempts_only_when_its_owner_wants(
    editor: User, stranger: User, tmp_path: Path
) -> None:
    asset = upload(editor, tmp_path, 4)
    path = run(editor, "resize", asset, **SLOW)
    wait_for(lambda: works(path), "FFmpeg works", seconds=60)
    editor.delete(f"/v1/assets/{asset}")
    kill(path)
    job = editor.settled(path, "state", FINAL)
    assert (job["state"], job["attempts"], job["nextAttempt"]) == ("failed", 2, None)
    assert [failure["transient"] for failure in job["failures"]] == [True, False], "killed, then without its source"
    assert job["costUsd"] > 0
    for call in (stranger.get(path), stranger.delete(path), stranger.post(f"{path}/retry")):
        assert_problem(call, 404)
    assert editor.post(f"{path}/retry").json()["state"] == "queued"
    again = editor.settled(path, "state", FINAL)
    assert (len(again["failures"]), again["attempts"]) == (3, 1)
    assert again["costUsd"] > job["costUsd"]
    assert editor.delete(path).status_code == 204
    assert_problem(editor.get(path), 404)
