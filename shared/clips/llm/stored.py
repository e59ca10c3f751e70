"""StoredAnswers: answers of language models, kept in the cloud for the next attempt of a job, or the next job."""

import contextlib
from typing import TYPE_CHECKING

from shared.core.clients import storage_client
from shared.core.settings import settings

if TYPE_CHECKING:
    from google.cloud.storage import Bucket

_TIMEOUT = 10.0


class StoredAnswers:
    """Answers about one user's recordings, in the renders bucket under `tmp/`, where its lifecycle removes them."""

    def __init__(self, user_id: str) -> None:
        self._folder = f"tmp/users/{user_id}/answers/"

    def get(self, key: str) -> str | None:
        from google.api_core.exceptions import GoogleAPIError

        with contextlib.suppress(GoogleAPIError, OSError, UnicodeDecodeError):
            text: str = self._bucket().blob(f"{self._folder}{key}.json").download_as_text(timeout=_TIMEOUT)
            return text
        return None

    def put(self, key: str, answer: str) -> None:
        from google.api_core.exceptions import GoogleAPIError

        with contextlib.suppress(GoogleAPIError, OSError):  # What is not kept is asked again.
            blob = self._bucket().blob(f"{self._folder}{key}.json")
            blob.upload_from_string(answer, "application/json", checksum="crc32c", timeout=_TIMEOUT)

    @staticmethod
    def _bucket() -> "Bucket":
        return storage_client().bucket(settings().bucket("renders"))
