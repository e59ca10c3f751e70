"""The clip job, killed at every step and done twice at once: all its clips once, and no decision of their owner lost."""

import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from jobs import clip as clip_job
from shared.assets import get_asset
from shared.clips import (
    ClipOptions,
    ClipSegment,
    ClipState,
    StoredClip,
    Tidy,
    delete_clip,
    get_clip,
    list_clips,
    request_clips,
    request_lengths,
    update_clip,
)
from shared.core.ids import new_id
from shared.jobs import Job, JobState, get_job, list_jobs
from shared.kompositions import KompositionService
from shared.paper_editing.store import load_profile
from shared.prompts import as_request
from shared.transcripts import Transcript, create_transcript
from tests.cloud import RunningCloud
from tests.shared.clips.keeping import clip, keep_clip, keep_file
from tests.shared.clips.talks import talk
from tests.shared.jobs.working import kill_after, kill_before_telling, told_of

RATE = 8000
SAID = "My dog ate the whole cake. He looked at me like it was my fault. We laughed until we cried. No way would I tell her."
REQUEST = as_request("funny").model_copy(update={"clip_count": (2, 2), "duration": (3.0, 8.0)})
OPTIONS = ClipOptions(render=True, tidy=Tidy())
STEPS = ("save_kompositions", "keep_analysis", "write_clips")
"""Of a job, in order, after which more is left behind than before; the last one is in the transaction that ends it."""


@pytest.fixture(scope="module")
def said() -> Transcript:
    """Four sentences with pauses between them."""
    return talk((SAID,), pause=0.8)


@pytest.fixture(scope="module")
def sound(said: Transcript, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tone where something is said, and silence between."""
    assert said.duration is not None
    at = np.arange(round(said.duration * RATE)) / RATE
    heard = np.zeros_like(at)
    for segment in said.segments:
        heard[(at >= segment.start) & (at < segment.end)] = 0.3
    path = tmp_path_factory.mktemp("sound") / "talk.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((heard * np.sin(2 * np.pi * 200 * at) * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture
def user(cloud: RunningCloud, said: Transcript, sound: Path) -> str:
    """A user who has the recording, and what is said in it."""
    user_id = new_id()
    keep_file(user_id, sound)
    create_transcript(user_id, "words", "talk", said)
    return user_id


def keep_second_sentence(user: str) -> StoredClip:
    """Let the user have a clip of it."""
    made = clip(user).clip.model_copy(update={"segments": (ClipSegment(start=3.3, end=6.7),)})
    return keep_clip(user, clip=made)


def moments(user: str) -> Job:
    """A job that finds clips, tidies and renders them."""
    return request_clips(user, "moments", "talk", REQUEST, transcript_id="words", options=OPTIONS)


def lengths(user: str, job_id: str = "lengths", seconds: Sequence[int] = (7, 10)) -> Job:
    """A job that makes a clip in other lengths."""
    return request_lengths(user, job_id, "job-1", seconds, tidy=True, render=True)


@pytest.mark.parametrize(("ask", "steps"), [(moments, STEPS), (lengths, ("save_kompositions", "write_clips"))])
def test_a_job_that_is_killed_after_every_step_has_made_everything_once(
    user: str, monkeypatch: pytest.MonkeyPatch, ask: Callable[[str], Job], steps: Sequence[str]
) -> None:
    first, before = keep_second_sentence(user), told_of("clip")
    job = ask(user)
    for step in steps:
        kill_after(job, clip_job, step, monkeypatch)
        assert [clip.id for clip in list_clips(user, 10).items] == [first.id], f"killed after {step}"
    kill_before_telling(job, clip_job, monkeypatch)
    assert get_job(user, job.id).state is JobState.SUCCEEDED
    assert clip_job.run(user, job.id, "execution") is None, "it has ended"
    made = [clip for clip in list_clips(user, 10).items if clip.id != first.id]
    outputs = get_job(user, job.id).outputs
    assert {clip.id for clip in made} == set(outputs["clipIds"])
    assert len(made) == 2
    kompositions = {each.id: each for each in KompositionService().get_user_kompositions(user).items}
    assert set(kompositions) == {clip.komposition_id for clip in made}
    assert {each.metadata.version for each in kompositions.values()} == {1}
    renders = {each.id for each in list_jobs(user, 20).items if each.id != job.id}
    assert renders == set(outputs["renderJobIds"])
    assert len(renders) == len(made)
    assert all(shown(clip) == [(part.start, part.end) for part in clip.clip.segments] for clip in made)
    assert len(told_of("clip") - before) == 1
    assert load_profile(get_asset(user, "talk")) is not None, "the recording is ready to be cut by its words"


def shown(made: StoredClip) -> list[tuple[float, float]]:
    """What the clip's komposition plays of the recording."""
    document = KompositionService().get_komposition(made.user_id, made.komposition_id)
    times = [
        (each["sourceStart"]["seconds"], each["sourceDuration"]["seconds"])
        for each in document.komposition["tracks"]["audio"][0]["clips"]
    ]
    return [(start, pytest.approx(start + length)) for start, length in times]


def test_of_two_jobs_that_make_a_length_at_once_the_later_keeps_what_was_decided_on_it(
    user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_second_sentence(user)
    one, other = lengths(user, "one", [7]), lengths(user, "other", [7, 10])
    looked = clip_job.clips_there

    def meanwhile(clips: Sequence[StoredClip]) -> list[StoredClip]:
        there = looked(clips)
        monkeypatch.setattr(clip_job, "clips_there", looked)
        assert clip_job.run(user, one.id, None) is JobState.SUCCEEDED
        update_clip(user, "job-1-7s", state=ClipState.KEPT)
        return there

    monkeypatch.setattr(clip_job, "clips_there", meanwhile)
    assert clip_job.run(user, other.id, None) is JobState.SUCCEEDED
    assert get_clip(user, "job-1-7s").state is ClipState.KEPT
    assert get_clip(user, "job-1-7s").job_id == one.id
    assert get_job(user, other.id).outputs["clipIds"] == ["job-1-7s", "job-1-10s"]
    assert get_clip(user, "job-1-10s").job_id == other.id


def test_a_length_that_was_thrown_away_is_made_anew_and_what_was_edited_of_it_stays(user: str) -> None:
    keep_second_sentence(user)
    service = KompositionService()
    for job_id, thrown in (("one", "job-1-7s"), ("two", "two-1"), ("three", None)):
        assert clip_job.run(user, lengths(user, job_id, [7]).id, None) is JobState.SUCCEEDED
        made = get_clip(user, "job-1-7s")
        assert (made.job_id, made.komposition_version) == (job_id, 1)
        assert shown(made) == [(part.start, part.end) for part in made.clip.segments]
        if thrown is not None:
            assert made.komposition_id == thrown
            delete_clip(user, made.id)
    service.delete_komposition(user, "job-1-7s")
    delete_clip(user, "job-1-7s")
    assert clip_job.run(user, lengths(user, "four", [7]).id, None) is JobState.SUCCEEDED
    assert get_clip(user, "job-1-7s").komposition_id == "four-1"
