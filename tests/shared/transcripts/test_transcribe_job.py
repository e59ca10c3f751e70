"""The transcription job, killed once it has something to leave behind: one transcript, one event."""

from pathlib import Path

import pytest

from demo.footage.soundtrack import write_speech
from jobs import transcribe as transcribe_job
from shared.core.ids import new_id
from shared.jobs import JobState, cancel_job, get_job
from shared.media import UnreadableMedia
from shared.transcripts import KeptOfJob, TranscribeRequest, list_transcripts, request_transcription
from tests.cloud import RunningCloud
from tests.shared.clips.keeping import keep_file
from tests.shared.jobs.working import kill_after, kill_before_telling, told_of


def test_a_transcription_that_is_killed_when_it_is_written_is_there_once(
    cloud: RunningCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, before = new_id(), told_of("transcribe")
    write_speech(tmp_path / "talk.wav", 2)
    keep_file(user, tmp_path / "talk.wav")
    job = request_transcription(user, "job", "talk", TranscribeRequest(engine="pocketsphinx", speakers=1))
    for step in ("_saved", "write_end"):
        kill_after(job, transcribe_job, step, monkeypatch)
        assert get_job(user, job.id).state is JobState.RUNNING, f"killed after {step}"
    kill_before_telling(job, transcribe_job, monkeypatch)
    assert get_job(user, job.id).state is JobState.SUCCEEDED
    [made] = list_transcripts(user, 10).items
    assert (made.id, made.version) == (get_job(user, job.id).outputs["transcriptId"], 1)
    assert len(told_of("transcribe") - before) == 1
    KeptOfJob(job).write("heard", "[[]]")
    assert transcribe_job.run(user, job.id, "execution") is None, "it has ended"
    assert KeptOfJob(job).read("heard") is None, "also what was kept when it was killed"


def test_what_a_job_has_heard_is_forgotten_when_it_fails_or_is_cancelled_and_not_before(
    cloud: RunningCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = new_id()
    write_speech(tmp_path / "talk.wav", 1)
    keep_file(user, tmp_path / "talk.wav")
    errors: list[Exception] = [MemoryError(), UnreadableMedia("It is torn.")]
    failing, cancelled = (
        request_transcription(user, name, "talk", TranscribeRequest(engine="pocketsphinx")) for name in ("one", "two")
    )

    def transcribe(*_: object, kept: KeptOfJob, **__: object) -> None:
        kept.write("heard", "[[]]")
        raise errors.pop(0)

    monkeypatch.setattr(transcribe_job, "transcribe", transcribe)
    assert transcribe_job.run(user, failing.id, "execution") is JobState.QUEUED
    assert KeptOfJob(failing).read("heard") == "[[]]", "for the next attempt"
    failing.reference.update({"nextAttempt": None})
    assert transcribe_job.run(user, failing.id, "execution") is JobState.FAILED
    assert KeptOfJob(failing).read("heard") is None
    KeptOfJob(cancelled).write("heard", "[[]]")
    cancel_job(user, cancelled.id)
    assert transcribe_job.run(user, cancelled.id, "execution") is None
    assert KeptOfJob(cancelled).read("heard") is None
