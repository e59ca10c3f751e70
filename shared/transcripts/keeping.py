"""Keeping: what a job has heard already, in the renders bucket under `tmp/`, until the job has ended; what a job leaves that
ends without a worker, its bucket's lifecycle removes."""

from google.api_core import exceptions

from shared.core.clients import storage_client
from shared.core.errors import NotFound
from shared.core.settings import settings
from shared.jobs import Job, get_job


class KeptOfJob:
    """Texts of a job, by key."""

    def __init__(self, job: Job) -> None:
        self._bucket = storage_client().bucket(settings().bucket("renders"))
        self._folder = f"tmp/users/{job.user_id}/jobs/{job.id}/heard/"

    def read(self, key: str) -> str | None:
        """The text, or None."""
        try:
            text: str = self._bucket.blob(self._folder + key).download_as_text()
        except exceptions.NotFound:
            return None
        return text

    def write(self, key: str, text: str) -> None:
        """Keep a text."""
        self._bucket.blob(self._folder + key).upload_from_string(text, "application/json", checksum="crc32c")

    def forget(self) -> None:
        """Remove all that is kept."""
        for blob in self._bucket.list_blobs(prefix=self._folder):
            blob.delete()


def forget_heard(user_id: str, job_id: str) -> None:
    """Remove what a job has heard if it has ended, well or not: nothing of it follows that could go on with it."""
    try:
        job = get_job(user_id, job_id)
    except NotFound:
        return
    if job.state.final:
        KeptOfJob(job).forget()
