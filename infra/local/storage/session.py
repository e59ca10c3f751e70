"""One resumable upload: what is kept of it from its start on."""

import uuid

from pydantic import BaseModel

from infra.local.storage.contents import Content
from infra.local.storage.errors import invalid
from infra.local.storage.preconditions import Preconditions
from infra.local.storage.records import Settings

SCHEMA = """
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL, started TEXT NOT NULL, body TEXT NOT NULL, finished TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uploads_started ON uploads (started);
"""


class Expected(BaseModel):
    """The hashes, base64, that the caller says the bytes have."""

    md5: str | None = None
    crc32c: str | None = None

    def check(self, content: Content) -> None:
        """Raise StorageError 400 when the bytes are not those that were meant."""
        for kind, said, found in (("MD5", self.md5, content.md5), ("CRC32C", self.crc32c, content.crc32c)):
            if said and said != found:
                raise invalid(f'Provided {kind} hash "{said}" doesn\'t match calculated {kind} hash "{found}".')


class Session(BaseModel):
    """What was said when the upload was started. `origin` is the browser's, if it was one; `total` the size, if known."""

    id: str
    bucket: str
    name: str
    settings: Settings
    conditions: Preconditions
    expected: Expected
    origin: str | None = None
    total: int | None = None


def new_session_id() -> str:
    """An id that cannot be guessed: who has it may upload."""
    return uuid.uuid4().hex + uuid.uuid4().hex
