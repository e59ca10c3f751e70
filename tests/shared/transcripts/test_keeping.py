"""What a job has heard is kept for its next attempt, and models come from the bucket to the machine that needs them."""

from pathlib import Path

import pytest

from shared.core.clients import storage_client
from shared.core.clock import now
from shared.core.ids import new_id
from shared.core.settings import settings
from shared.jobs import Job, JobKind, Priority
from shared.transcripts import KeptOfJob, TranscribeRequest, bring_weights
from shared.transcripts.weights import BrokenWeights, Manifest, read_weights, seal, weights_there

pytestmark = pytest.mark.usefixtures("cloud")


def job() -> Job:
    moment = now()
    return Job(
        id=new_id(),
        user_id="ada",
        kind=JobKind.TRANSCRIBE,
        priority=Priority.HIGH,
        inputs={},
        created=moment,
        queued_at=moment,
    )


def test_the_next_attempt_of_a_job_finds_what_the_last_has_heard_and_other_jobs_do_not() -> None:
    mine, other = job(), job()
    assert KeptOfJob(mine).read("ab") is None
    KeptOfJob(mine).write("ab", "[[]]")
    assert KeptOfJob(mine).read("ab") == "[[]]"
    assert KeptOfJob(other).read("ab") is None
    KeptOfJob(mine).forget()
    assert KeptOfJob(mine).read("ab") is None


def test_a_job_knows_the_machine_that_it_runs_on() -> None:
    assert (job().machine, job().model_copy(update={"gpu": True}).machine) == ("transcribe", "transcribe-gpu")


@pytest.fixture
def shelf(tmp_path: Path) -> str:
    """A model in the bucket, by its name."""
    name = f"model-{new_id().lower()}"
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights")
    seal(name, folder)
    bucket = storage_client().bucket(settings().bucket("models"))
    for path in folder.iterdir():
        bucket.blob(f"speech/{name}/{path.name}").upload_from_filename(str(path))
    return name


def test_a_model_that_is_asked_for_comes_from_the_bucket_once(models: Path, shelf: str) -> None:
    bring_weights(TranscribeRequest(engine="pocketsphinx"))
    assert weights_there("speech") == []
    bring_weights(TranscribeRequest(model=shelf))
    assert read_weights("speech", shelf).folder == models / "speech" / shelf
    bring_weights(TranscribeRequest(model=shelf))
    assert weights_there("speech") == [shelf]


def test_a_model_that_is_not_whole_in_the_bucket_is_refused_and_nothing_of_it_stays(models: Path, shelf: str) -> None:
    blob = storage_client().bucket(settings().bucket("models")).blob(f"speech/{shelf}/model.bin")
    blob.upload_from_string(b"Weights")
    with pytest.raises(BrokenWeights, match=rf"gs://.*{shelf} cannot be used.*model\.bin"):
        bring_weights(TranscribeRequest(model=shelf))
    blob.delete()
    with pytest.raises(BrokenWeights, match=rf"gs://.*{shelf} is not whole"):
        bring_weights(TranscribeRequest(model=shelf))
    assert weights_there("speech") == []
    blob.upload_from_string(b"weights")
    bring_weights(TranscribeRequest(model=shelf))
    assert read_weights("speech", shelf).name == shelf


def test_a_manifest_in_the_bucket_cannot_write_elsewhere(models: Path, shelf: str) -> None:
    told = Manifest(name=shelf, files={"../../../escaped": "0" * 64})
    bucket = storage_client().bucket(settings().bucket("models"))
    bucket.blob(f"speech/{shelf}/model.json").upload_from_string(told.model_dump_json())
    bucket.blob(f"speech/{shelf}/../../../escaped").upload_from_string(b"x")
    with pytest.raises(BrokenWeights, match="outside its folder"):
        bring_weights(TranscribeRequest(model=shelf))
    assert not list(models.parent.rglob("escaped"))
