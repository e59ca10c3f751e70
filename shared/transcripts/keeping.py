"""Keeping: what a job has heard already, in the renders bucket under `tmp/`, where its lifecycle removes what is left."""

from google.api_core.exceptions import NotFound

from shared.core.clients import storage_client
from shared.core.settings import settings
from shared.jobs import Job


class KeptOfJob:
    """Texts of a job, by key."""

    def __init__(self, job: Job) -> None:
        self._bucket = storage_client().bucket(settings().bucket("renders"))
        self._folder = f"tmp/users/{job.user_id}/jobs/{job.id}/heard/"

    def read(self, key: str) -> str | None:
        """The text, or None."""
        try:
            text: str = self._bucket.blob(self._folder + key).download_as_text()
        except NotFound:
            return None
        return text

    def write(self, key: str, text: str) -> None:
        """Keep a text."""
        self._bucket.blob(self._folder + key).upload_from_string(text, "application/json", checksum="crc32c")

    def forget(self) -> None:
        """Remove all that is kept."""
        for blob in self._bucket.list_blobs(prefix=self._folder):
            blob.delete()
