"""Files: what a job makes for its owner to fetch is kept in the exports bucket for a week, and given out by signed URLs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from shared.core.clients import storage_client
from shared.core.clock import now
from shared.core.links import VALID, link_to
from shared.core.settings import settings
from shared.jobs.job import Job

if TYPE_CHECKING:
    from google.cloud.storage import Blob

BUCKET = "exports"
KEPT = timedelta(days=7)
"""What the bucket's lifecycle (infra/suite.yaml) leaves of them."""


@dataclass(frozen=True)
class FileLink:
    """Where a file can be fetched, and until when."""

    url: str
    expires: datetime


@dataclass(frozen=True)
class JobFile:
    """The file of a job: the folder of its owner that it lies in, and its name. Kept twice, there is one file."""

    job: Job
    folder: str
    name: str

    def keep(self, path: Path, content_type: str) -> None:
        """Put what was written at `path` into the bucket."""
        self._blob().upload_from_filename(str(path), content_type=content_type, checksum="crc32c")

    def link(self) -> FileLink | None:
        """A new link, under which the file is saved by its name; None before the file is made, and once it is gone again."""
        moment, made = now(), self.job.finished
        if not self.job.outputs or made is None or moment >= made + KEPT:
            return None
        return FileLink(link_to(self._blob(), filename=self.name), min(moment + VALID, made + KEPT))

    def _blob(self) -> "Blob":
        name = f"users/{self.job.user_id}/{self.folder}/{self.job.id}/{self.name}"
        return storage_client().bucket(settings().bucket(BUCKET)).blob(name)
