"""A transcription through the API: refused with reasons, heard by a job, kept as a transcript, told as an event."""

import json
import signal
import wave
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from demo.footage.soundtrack import write_speech
from shared.assets import get_asset
from shared.core.clients import storage_client
from shared.core.settings import engine_settings, settings
from shared.paper_editing.store import load_profile
from shared.transcripts import get_transcript
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.functions.test_shell import assert_problem
from tests.functions.transcodes import ended
from tests.shared.media.clips import numbered
from tests.shared.transcripts.tiny_whisper import make_tiny_whisper
from tests.workers import scratch_of, workers_of


@pytest.fixture(scope="module")
def speaker(suite: RunningCloud) -> User:
    """A user who has recorded something."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def recording(speaker: User, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three seconds of babble as an asset."""
    path = tmp_path_factory.mktemp("recordings") / "my talk.wav"
    write_speech(path, 3)
    asset = speaker.upload(path, "audio/wav")
    assert asset["state"] == "ready", asset
    return str(asset["id"])


def test_a_recording_is_transcribed_with_a_model_of_the_bucket(
    speaker: User, recording: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_into_bucket("ours", tmp_path, monkeypatch)
    answer = speaker.post(f"/v1/assets/{recording}/transcribe", {"model": "ours", "speakers": 1})
    job = ended(speaker, answer)
    assert job["state"] == "succeeded", job["error"]
    assert (job["kind"], job["progress"], job["stage"]) == ("transcribe", 1.0, "done")
    outputs = job["outputs"]
    assert outputs["engine"] == {"name": "faster-whisper", "model": "ours", "device": "cpu", "draft": False}
    stored = get_transcript(speaker.uid, outputs["transcriptId"])
    assert (stored.title, stored.asset_id, stored.version) == ("my talk", recording, 1)
    words = list(stored.transcript.words)
    assert len(words) == outputs["words"] > 0
    assert all(word.start < word.end <= 3 for word in words)
    assert stored.transcript.removed_by_vad == outputs["removedByVad"]
    profile = load_profile(get_asset(speaker.uid, recording))
    assert profile is not None, "the recording is ready to be cut by its words"
    assert profile.duration == pytest.approx(3, abs=0.05)
    prefix = f"tmp/users/{speaker.uid}/jobs/{job['id']}/"
    wait_for(
        lambda: not list(storage_client().list_blobs(settings().bucket("renders"), prefix=prefix)),
        "what was kept for a second attempt is gone",
    )


def test_a_job_that_is_killed_goes_on_with_what_it_has_heard(
    speaker: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over four minutes, which Whisper hears in two goes; of what it heard in the first, a word is changed, to be found again."""
    put_into_bucket("ours", tmp_path, monkeypatch)
    write_speech(tmp_path / "once.wav", 4)
    with wave.open(str(tmp_path / "once.wav"), "rb") as once, wave.open(str(tmp_path / "long.wav"), "wb") as often:
        often.setparams(once.getparams())
        often.writeframes(once.readframes(4 * once.getframerate()) * 66)
    asset = speaker.upload(tmp_path / "long.wav", "audio/wav")
    how = {"model": "ours", "language": "en", "speakers": 1}
    answer = speaker.post(f"/v1/assets/{asset['id']}/transcribe", how)
    job_id = answer.json()["id"]
    folder = f"tmp/users/{speaker.uid}/jobs/{job_id}/heard/"
    bucket = storage_client().bucket(settings().bucket("renders"))
    kept = wait_for(lambda: next(iter(bucket.list_blobs(prefix=folder)), None), "something is kept", 120, pause=0.05)
    [worker] = workers_of(job_id)
    scratch = scratch_of(worker)
    assert list(scratch.glob("transcribe-*")), "the recording is there"
    worker.send_signal(signal.SIGKILL)
    first, *others = json.loads(kept.download_as_text())
    kept.upload_from_string(json.dumps([[[" remembered", 0.5, 0.9, 1.0]], *others]), "application/json")
    job = ended(speaker, answer)
    assert (job["state"], job["attempts"]) == ("succeeded", 2), job["error"]
    words = list(get_transcript(speaker.uid, job["outputs"]["transcriptId"]).transcript.words)
    assert first
    assert [word.word for word in words].count("remembered") == 1
    assert words[0].word == "remembered"
    assert words[-1].end > 200
    assert all(before.start <= after.start for before, after in pairwise(words)), "nothing is said twice"
    wait_for(lambda: not scratch.exists(), "no temporary file of either attempt is left")


@pytest.fixture(scope="module")
def draft(speaker: User, recording: str) -> dict[str, Any]:
    """What a job says that transcribed the recording without weights."""
    how = {"engine": "pocketsphinx", "title": "Draft"}
    job = ended(speaker, speaker.post(f"/v1/assets/{recording}/transcribe", how))
    assert job["state"] == "succeeded", job["error"]
    outputs: dict[str, Any] = job["outputs"]
    return outputs


def test_without_a_model_the_draft_says_that_it_is_one(speaker: User, draft: dict[str, Any]) -> None:
    assert draft["engine"]["draft"] is True
    assert get_transcript(speaker.uid, draft["transcriptId"]).title == "Draft"


def test_a_transcript_that_was_brought_in_gets_the_times_of_what_is_heard(
    speaker: User, recording: str, draft: dict[str, Any]
) -> None:
    heard = get_transcript(speaker.uid, draft["transcriptId"]).transcript
    assert heard.text, "the draft is of something"
    speaker.put("/v1/transcripts/mine", {"text": f"{heard.text}\n", "format": "txt"})
    how = {"engine": "pocketsphinx", "align": "mine"}
    job = ended(speaker, speaker.post(f"/v1/assets/{recording}/transcribe", how))
    assert (job["state"], job["outputs"]["transcriptId"]) == ("succeeded", "mine"), job["error"]
    mine = get_transcript(speaker.uid, "mine")
    assert mine.version == 2
    assert [(each.word, each.start, each.end) for each in mine.transcript.words] == [
        (each.word, each.start, each.end) for each in heard.words
    ]


def test_a_model_that_is_nowhere_is_told_with_the_way_out(speaker: User, recording: str) -> None:
    job = ended(speaker, speaker.post(f"/v1/assets/{recording}/transcribe", {"model": "large-v3"}))
    assert (job["state"], job["attempts"], job["error"]["type"]) == ("failed", 1, "EngineMissing")
    assert "fetch" in job["error"]["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"engine": "siri"}, "/engine"),
        ({"engine": "pocketsphinx", "language": "fr"}, "/language"),
        ({"language": "french"}, "/language"),
        ({"speakers": 0}, "/speakers"),
        ({"device": "tpu"}, "/device"),
        ({"align": "nowhere"}, "/align"),
    ],
)
def test_what_cannot_be_is_refused_before_a_job_is_made(
    speaker: User, recording: str, body: dict[str, object], pointer: str
) -> None:
    problem = assert_problem(speaker.post(f"/v1/assets/{recording}/transcribe", body), 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_what_has_no_sound_or_is_somebody_elses_is_refused(
    speaker: User, recording: str, tmp_path: Path, stranger: User
) -> None:
    film = speaker.upload(numbered(tmp_path / "mute.mp4", 1), "video/mp4")
    assert "no sound" in assert_problem(speaker.post(f"/v1/assets/{film['id']}/transcribe", {}), 422)["detail"]
    assert_problem(stranger.post(f"/v1/assets/{recording}/transcribe", {}), 404)


def put_into_bucket(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny Whisper, as whoever runs the suite would put it there."""
    monkeypatch.setenv("KOMPO_MODELS", str(folder))
    engine_settings.cache_clear()
    bucket = storage_client().bucket(settings().bucket("models"))
    for path in make_tiny_whisper(name).iterdir():
        bucket.blob(f"speech/{name}/{path.name}").upload_from_filename(str(path))
    engine_settings.cache_clear()
