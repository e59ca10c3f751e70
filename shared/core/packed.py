"""Packed documents: JSON that is too large for Firestore, gzip'd in the bucket of documents, named by what it says."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.core.clients import storage_client
from shared.core.settings import settings

if TYPE_CHECKING:
    from google.cloud.storage import Blob

BUCKET = "documents"


@dataclass(frozen=True)
class Packed:
    """A document compressed: its object's name in the bucket, its bytes, and how many it has uncompressed."""

    name: str
    data: bytes
    size: int

    @property
    def digest(self) -> str:
        """SHA-256 of the document, in hexadecimal."""
        return self.name.rpartition("/")[2].partition(".")[0]

    def upload(self) -> None:
        """Put it into the bucket. The same twice in a folder is there once."""
        from google.api_core.exceptions import PreconditionFailed

        try:
            _blob(self.name).upload_from_string(self.data, content_type="application/gzip", if_generation_match=0)
        except PreconditionFailed:
            return  # It is there, and its name says that it is the same.

    def confirm(self) -> None:
        """Look again once what names it is written: what deleted its folder meanwhile may have taken it along."""
        if not _blob(self.name).exists():
            self.upload()


def pack(folder: str, document: Any) -> Packed:
    """The document compressed. Its name comes from what it says: packed again, it is the same."""
    text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode()
    name = f"{folder}/{hashlib.sha256(text).hexdigest()}.json.gz"
    return Packed(name, gzip.compress(text, compresslevel=6, mtime=0), len(text))


def unpack(data: bytes) -> Any:
    """The document."""
    return json.loads(gzip.decompress(data))


def download(name: str) -> Any:
    """The document that is in the bucket under this name."""
    return unpack(_blob(name).download_as_bytes(checksum="crc32c"))


def delete_folder(folder: str) -> None:
    """Delete every document that is packed in a folder."""
    bucket = storage_client().bucket(settings().bucket(BUCKET))
    for blob in list(bucket.list_blobs(prefix=f"{folder}/")):
        blob.delete()


def _blob(name: str) -> "Blob":
    return storage_client().bucket(settings().bucket(BUCKET)).blob(name)
