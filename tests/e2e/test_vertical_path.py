"""The main job, from the first upload to the insight about it, through the public API alone."""

import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from demo.footage import Footage
from demo.komposition import demo_komposition
from shared.core.clients import bigquery_client
from shared.events import find_generation
from shared.media import MediaInfo, probe
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.workers import workers_of

FINAL = {"succeeded", "failed", "cancelled"}
TYPES = {".png": "image/png", ".wav": "audio/wav"}


@pytest.fixture(scope="module")
def creator(suite: RunningCloud) -> User:
    """A user with footage."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def assets(creator: User, footage: Footage) -> dict[str, dict[str, Any]]:
    """The demo's files, uploaded and probed."""
    files = footage.demo_files()
    return {name: creator.upload(path, TYPES.get(path.suffix, "video/mp4")) for name, path in files.items()}


def save(user: User, assets: dict[str, dict[str, Any]], **changes: Any) -> str:
    """Save the demo's komposition; its path."""
    body = demo_komposition({name: (asset["id"], asset["media"]) for name, asset in assets.items()})
    body["komposition"] |= changes
    answer = user.put("/v1/kompositions/film", body)
    assert answer.status_code in (200, 201), answer.text
    return "/v1/kompositions/film"


def fetch(user: User, job: dict[str, Any], folder: Path) -> MediaInfo:
    """The first result of a job, downloaded and probed."""
    asset = user.get(f"/v1/assets/{job['outputs']['assetId']}").json()
    path = folder / f"{job['id']}{Path(asset['filename']).suffix}"
    path.write_bytes(requests.get(asset["downloadUrl"], timeout=60).content)
    return probe(path)


def render(user: User, path: str) -> str:
    """Ask for a render; the path of its job."""
    answer = user.post(f"{path}/render")
    assert answer.status_code == 202, answer.text
    return f"/v1/jobs/{answer.json()['id']}"


def test_an_upload_is_probed(assets: dict[str, dict[str, Any]], footage: Footage) -> None:
    for name, path in footage.demo_files().items():
        asset = assets[name]
        assert asset["state"] == "ready", asset
        local = probe(path)
        assert asset["sha256"] == local.sha256
        assert asset["media"] == local.to_json()
        assert asset["size"] == path.stat().st_size


def test_a_komposition_renders_into_an_asset_and_counts_within_a_second(
    creator: User, assets: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    before = creator.get("/v1/insights/summary").json()["current"]["renders"]
    outputs = [{"width": 640, "height": 360, "fps": 30}]
    job_path = render(creator, save(creator, assets, outputs=outputs))
    seen: list[float] = []

    def ended() -> dict[str, Any] | None:
        job: dict[str, Any] = creator.get(job_path).json()
        seen.append(job["progress"])
        return job if job["state"] in FINAL else None

    job = wait_for(ended, "the render has ended", seconds=120, pause=0.05)
    assert job is not None
    assert job["state"] == "succeeded", job["error"]
    wait_for(
        lambda: creator.get("/v1/insights/summary").json()["current"]["renders"] > before,
        "the summary counts the render",
        seconds=1,
    )
    assert seen == sorted(seen), "progress never goes back"
    assert len(set(seen)) > 3, "progress is live"

    assert job["costUsd"] > 0
    assert told_of(job) == [(job["outputs"]["quality"][0]["score"], True)]
    generation = find_generation(f"render-{job['id']}")
    assert generation is not None
    assert (generation.state, generation.provider, generation.cost_usd) == (
        "succeeded",
        "ffmpeg",
        pytest.approx(job["costUsd"], rel=0.5),
    )
    asset = creator.get(f"/v1/assets/{job['outputs']['assetId']}").json()
    film = tmp_path / "film.mp4"
    film.write_bytes(requests.get(asset["downloadUrl"], timeout=60).content)
    info = probe(film)
    assert info.sha256 == asset["sha256"]
    assert info.video is not None
    assert info.audio is not None
    assert (info.video.width, info.video.height, info.video.average_frame_rate) == (640, 360, 30)
    [track] = creator.get("/v1/kompositions/film").json()["komposition"]["tracks"]["video"]
    assert info.video.frame_count == track["segments"][-1]["end"]["beats"] * 15


def told_of(job: dict[str, Any]) -> list[tuple[float, bool]]:
    """The quality of a render, and whether its cost is told, in the event about it."""
    sql = f"SELECT generation FROM `kompo.events` WHERE event_id = 'render-{job['id']}' AND occurred_at > '2020-01-01'"
    rows = wait_for(lambda: list(bigquery_client().query_and_wait(sql)), "the event is there", pause=0.5)
    return [(row["generation"]["quality_score"], row["generation"]["cost_usd"] > 0) for row in rows]


def test_a_render_after_an_edit_copies_what_is_as_before(
    creator: User, assets: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    small = {"outputs": [{"width": 320, "height": 180, "preset": "ultrafast"}]}
    first = creator.settled(render(creator, save(creator, assets, **small)), "state", FINAL, seconds=120)
    quieter = {**small, "mix": {"volume": 0.5}}
    again = creator.settled(render(creator, save(creator, assets, **quieter)), "state", FINAL, seconds=120)
    assert (first["state"], again["state"]) == ("succeeded", "succeeded"), (first["error"], again["error"])
    assert first["outputs"]["cachedFrames"] == 0
    assert (again["outputs"]["encodedFrames"], again["outputs"]["cachedFrames"]) == (
        0,
        first["outputs"]["encodedFrames"],
    )
    frames = [fetch(creator, job, tmp_path).video for job in (first, again)]
    assert frames[0] == frames[1]


@pytest.mark.parametrize(("mode", "size"), [("frame", (1280, 720)), ("sheet", None), ("proxy", (640, 360))])
def test_a_preview_is_an_asset_too(
    creator: User, assets: dict[str, dict[str, Any]], tmp_path: Path, mode: str, size: tuple[int, int] | None
) -> None:
    answer = creator.post(f"{save(creator, assets)}/preview", {"mode": mode, "at": 1.0})
    assert answer.status_code == 202, answer.text
    job = creator.settled(f"/v1/jobs/{answer.json()['id']}", "state", FINAL, seconds=120)
    assert job["state"] == "succeeded", job["error"]
    video = fetch(creator, job, tmp_path).video
    assert video is not None
    assert size is None or (video.width, video.height) == size


def test_a_cancelled_render_stops_within_two_seconds(creator: User, assets: dict[str, dict[str, Any]]) -> None:
    slow = {"outputs": [{"width": 1920, "height": 1080, "fps": 60, "preset": "veryslow", "crf": 10}]}
    job_path = render(creator, save(creator, assets, **slow))
    wait_for(lambda: creator.get(job_path).json()["stage"] == "rendering" and ffmpegs(), "FFmpeg works", seconds=60)
    cancelled_at = time.monotonic()
    assert creator.post(f"{job_path}/cancel").json()["state"] == "cancelled"
    wait_for(lambda: not ffmpegs(), "FFmpeg is gone", seconds=2)
    assert time.monotonic() - cancelled_at < 2
    assert creator.post(f"{job_path}/cancel").status_code == 200
    assert creator.get(job_path).json()["state"] == "cancelled"


def test_a_worker_that_is_killed_is_followed_by_another(creator: User, assets: dict[str, dict[str, Any]]) -> None:
    small = {"outputs": [{"width": 640, "height": 360, "preset": "ultrafast"}]}
    job_path = render(creator, save(creator, assets, bpm=111, **small))
    wait_for(lambda: creator.get(job_path).json()["stage"] == "rendering", "the worker works", seconds=60)
    job_id = job_path.rpartition("/")[2]
    [worker] = workers_of(job_id)
    worker.send_signal(signal.SIGKILL)
    job = creator.settled(job_path, "state", FINAL, seconds=120)
    assert (job["state"], job["attempts"]) == ("succeeded", 2)


def test_the_same_render_asked_for_twice_with_one_key_is_one_job(
    creator: User, assets: dict[str, dict[str, Any]]
) -> None:
    path = save(creator, assets)
    headers = {"Idempotency-Key": "render-once"}
    ids = {creator.post(f"{path}/render", headers=headers).json()["id"] for _ in range(3)}
    assert len(ids) == 1
    job_path = f"/v1/jobs/{ids.pop()}"
    creator.post(f"{job_path}/cancel")
    assert creator.settled(job_path, "state", FINAL)["state"] in ("cancelled", "succeeded")


def ffmpegs() -> list[psutil.Process]:
    """The FFmpeg processes that render: the film at once, or a window of it."""
    ours = (".partial/render.mp4", ".partial/window-")
    commands = [(process, process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
    return [process for process, command in commands if any(part in word for word in command for part in ours)]
