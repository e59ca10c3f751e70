"""An analysis through the API: asked for, carried out by the job, read, told as an event."""

from pathlib import Path

import numpy as np
import pytest

from shared.analysis import MediaAnalysis
from shared.assets import get_asset
from shared.paper_editing.store import load_profile
from tests.api import User, sign_up
from tests.cloud import RunningCloud
from tests.functions.test_shell import assert_problem
from tests.shared.analysis.films import wav
from tests.shared.analysis.sounds import applause, quiet, speech
from tests.shared.media.clips import make

FINAL = {"succeeded", "failed", "cancelled"}


@pytest.fixture(scope="module")
def editor(suite: RunningCloud) -> User:
    """A user with a recording."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def film(editor: User, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two shots; somebody speaks, people clap. Uploaded."""
    folder = tmp_path_factory.mktemp("films")
    sound = wav(folder / "sound.wav", np.concatenate([speech(3), quiet(0.6), applause(2.4)]))
    pictures = ("testsrc2=s=320x180:r=25:d=3", "mandelbrot=s=320x180:r=25")
    path = make(
        folder / "talk.mp4",
        *(part for picture in pictures for part in ("-f", "lavfi", "-t", "3", "-i", picture)),
        *("-i", str(sound), "-filter_complex", "[0:v][1:v]concat,format=yuv420p[v]", "-map", "[v]", "-map", "2:a"),
        *("-preset", "ultrafast"),
    )
    return str(editor.upload(path, "video/mp4")["id"])


def test_what_is_seen_and_heard_in_an_asset_is_found_out_and_read(editor: User, stranger: User, film: str) -> None:
    assert_problem(editor.get(f"/v1/assets/{film}/analysis"), 404)
    answer = editor.post(f"/v1/assets/{film}/analyze", {"faces": False})
    assert answer.status_code == 202, answer.text
    job = editor.settled(answer.headers["Location"], "state", FINAL)
    assert job["state"] == "succeeded", job["error"]
    assert (job["kind"], job["outputs"]["scenes"], job["outputs"]["reactions"]) == ("analyze", 2, 1)
    found = MediaAnalysis.model_validate(editor.get(f"/v1/assets/{film}/analysis").json())
    assert found.scenes[1].start == pytest.approx(3, abs=0.01)
    assert [reaction.kind for reaction in found.reactions] == ["applause"]
    assert load_profile(get_asset(editor.uid, film)) is not None, "the recording is ready to be cut by its words"
    assert_problem(stranger.get(f"/v1/assets/{film}/analysis"), 404)
    assert_problem(stranger.post(f"/v1/assets/{film}/analyze", {}), 404)


def test_what_cannot_be_analysed_is_refused(editor: User, film: str, tmp_path: Path) -> None:
    still = make(tmp_path / "still.png", "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1")
    asset = editor.upload(still, "image/png")
    assert (
        "neither moves nor sounds"
        in assert_problem(editor.post(f"/v1/assets/{asset['id']}/analyze", {}), 422)["detail"]
    )
    assert_problem(editor.post("/v1/assets/nothing/analyze", {}), 404)
    assert_problem(editor.post(f"/v1/assets/{film}/analyze", {"face": True}), 422)
