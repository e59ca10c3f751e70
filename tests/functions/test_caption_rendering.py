"""A film's captions follow the transcript that they name: as it was when the render was asked for."""

from pathlib import Path

import pytest
import requests

from shared.transcripts import read_transcript
from tests.api import User
from tests.functions.test_shell import assert_problem
from tests.functions.transcodes import ended
from tests.shared.media.clips import numbered

FILM = "/v1/kompositions/film"
SAID = "1\n00:00:00,200 --> 00:00:00,800\nHelo world\n"


def komposition(asset_id: str) -> dict[str, object]:
    """A second of film, with what is said in it beside it."""
    return {
        "schemaVersion": "2.0",
        "sources": [{"id": "a", "kind": "video", "assetId": asset_id}],
        "tracks": {
            "video": [{"segments": [{"id": "s", "sourceId": "a", "start": {"seconds": 0}, "end": {"seconds": 1}}]}],
            "caption": [{"transcriptId": "said", "sourceId": "a", "mode": "sidecar"}],
        },
        "outputs": [{"width": 160, "height": 90, "preset": "ultrafast"}],
    }


def test_a_film_has_the_captions_that_its_transcript_had_when_it_was_asked_for(user: User, tmp_path: Path) -> None:
    asset = user.upload(numbered(tmp_path / "clip.mp4", 1, size="160x90"), "video/mp4")
    assert user.put(FILM, {"komposition": komposition(asset["id"])}).status_code == 201
    refused = assert_problem(user.post(f"{FILM}/render"), 422)
    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [
        ("/komposition/tracks/caption/0/transcriptId", "missing_transcript")
    ]
    user.put("/v1/transcripts/said", {"text": SAID, "assetId": asset["id"]})
    corrected = {"edits": [{"op": "setWords", "first": 0, "last": 0, "text": "Hello"}]}
    user.post("/v1/transcripts/said/edits", corrected)
    asked = user.post(f"{FILM}/render")
    user.post("/v1/transcripts/said/undo")
    job = ended(user, asked)
    assert job["state"] == "succeeded", job["error"]
    files = [user.get(f"/v1/assets/{each}").json() for each in job["outputs"]["assetIds"]]
    [sidecar] = [each for each in files if each["filename"].endswith(".vtt")]
    told = read_transcript(requests.get(sidecar["downloadUrl"], timeout=10).text)
    assert told.text == "Hello world"
    assert (told.segments[0].start, told.segments[0].end) == (
        pytest.approx(0.2, abs=0.02),
        pytest.approx(0.8, abs=0.02),
    )
