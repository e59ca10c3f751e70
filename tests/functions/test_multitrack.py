"""Multi-track and looks of captions over HTTP: recordings are uploaded, and a komposition that shows who talks comes back."""

import numpy as np
import pytest

from shared.kompositions.model import CaptionTrack
from tests.api import User, sign_up
from tests.cloud import RunningCloud
from tests.functions.test_shell import assert_problem
from tests.shared.clips.multitrack.conversations import Recorder, film, said


@pytest.fixture(scope="module")
def host(suite: RunningCloud) -> User:
    """A user with recordings."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def recordings(host: User, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Ann talks, then Bob, in whose microphone she is heard too; Bob's recorder started a second later."""
    folder = tmp_path_factory.mktemp("recordings")
    ann, bob = said([(0.3, 6.5)], 1, 110, 14), said([(7, 13)], 2, 200, 14)
    sounds = {"ann": ann, "bob": (bob + np.float32(0.15) * ann).astype(np.float32)}
    recorders = {"ann": Recorder(0, 13), "bob": Recorder(1, 12)}
    paths = [film(folder / f"{name}.mp4", sounds[name], recorders[name], "red") for name in sounds]
    return [str(host.upload(path, "video/mp4")["id"]) for path in paths]


def test_recordings_become_a_komposition_that_shows_who_talks(host: User, recordings: list[str]) -> None:
    body = {
        "recordings": [{"assetId": recordings[0], "name": "Ann"}, {"assetId": recordings[1]}],
        "title": "A talk",
        "width": 160,
        "height": 90,
    }
    asked = host.post("/v1/kompositions:multitrack", body)
    assert asked.status_code == 202, asked.text
    job = host.settled(asked.headers["Location"], "state", {"succeeded", "failed"})
    assert job["state"] == "succeeded", job
    ann, bob = job["outputs"]["recordings"]
    assert ann["name"] == "Ann"
    assert bob["start"] == pytest.approx(1, abs=0.01)
    stored = host.get(f"/v1/kompositions/{job['outputs']['kompositionId']}").json()
    assert stored["title"] == "A talk"
    komposition = stored["komposition"]
    assert [source["assetId"] for source in komposition["sources"]] == recordings
    assert [layout["tracks"] for layout in komposition["layouts"]] == [["ann"], ["bob"]]
    assert komposition["layouts"][1]["start"]["frames"] == pytest.approx(69, abs=4)


def test_what_makes_no_film_is_refused_before_anything_is_done(host: User, recordings: list[str]) -> None:
    first, second = ({"assetId": asset_id} for asset_id in recordings)
    wrong = assert_problem(host.post("/v1/kompositions:multitrack", {"recordings": [first, {"assetId": "none"}]}), 422)
    assert wrong["errors"][0]["pointer"] == "/recordings/1"
    assert_problem(host.post("/v1/kompositions:multitrack", {"recordings": [first, first]}), 422)
    unsaid = {"recordings": [first, second | {"transcriptId": "none"}]}
    wrong = assert_problem(host.post("/v1/kompositions:multitrack", unsaid), 422)
    assert wrong["errors"][0]["pointer"] == "/recordings/1/transcriptId"
    screens = [first | {"role": "screen"}, second | {"role": "screen"}]
    assert "speaker" in assert_problem(host.post("/v1/kompositions:multitrack", {"recordings": screens}), 422)["detail"]


def test_looks_of_captions_are_listed_as_a_track_takes_them(host: User) -> None:
    items = host.get("/v1/caption-presets").json()["items"]
    assert {item["name"] for item in items} >= {"karaoke", "boxed", "subtitles"}
    for item in items:
        assert CaptionTrack.model_validate(item["look"]).style == item["look"]["style"]
