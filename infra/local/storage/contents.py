"""Contents: the bytes of objects as files that are written once, under random names, and never changed."""

import asyncio
import base64
import hashlib
import os
import uuid
from collections.abc import AsyncIterable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import google_crc32c

_Checksum: Any = google_crc32c.Checksum  # the package has no types

BLOCK = 1024 * 1024
"""Bytes that are read, hashed and written at a time."""


@dataclass(frozen=True)
class Content:
    """Bytes that are safely on disk. Hashes are base64; `md5` is None for composed objects, as in the real service."""

    id: str
    size: int
    crc32c: str
    md5: str | None


class Digest:
    """Size and hashes of bytes seen so far."""

    def __init__(self) -> None:
        self.size = 0
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._crc32c = _Checksum()

    def update(self, data: bytes) -> None:
        """See more bytes."""
        self._md5.update(data)
        self._crc32c.update(data)
        self.size += len(data)

    @property
    def md5(self) -> str:
        """Base64 of the MD5."""
        return base64.b64encode(self._md5.digest()).decode()

    @property
    def crc32c(self) -> str:
        """Base64 of the CRC32C, big-endian."""
        return base64.b64encode(self._crc32c.digest()).decode()


class Contents:
    """The folder of content files, and of those that are not complete yet."""

    def __init__(self, root: Path) -> None:
        self._objects = root / "objects"
        self._parts = root / "uploads"
        self._parts.mkdir(parents=True, exist_ok=True)
        for number in range(256):
            (self._objects / f"{number:02x}").mkdir(parents=True, exist_ok=True)
        sync(self._objects)

    def path(self, content_id: str) -> Path:
        """Where a content lies."""
        return self._objects / content_id[:2] / content_id

    def part(self, part_id: str) -> Path:
        """Where bytes gather that are not yet a content."""
        return self._parts / part_id

    async def store(self, chunks: AsyncIterable[bytes]) -> Content:
        """Write chunks to a new content. Whatever goes wrong, nothing of it stays. Raises OSError."""
        part = self.part(f"{uuid.uuid4().hex}.part")
        digest = Digest()
        try:
            with part.open("wb") as file:
                await append(file, chunks, digest)
            content = await asyncio.to_thread(self.adopt, part, digest)
        finally:
            part.unlink(missing_ok=True)
        return content

    def adopt(self, part: Path, digest: Digest, *, is_composed: bool = False) -> Content:
        """Make a complete part a content, synced to disk. The part itself stays until the caller removes it: when the
        process dies before the object is recorded, the upload can still be completed."""
        content_id = uuid.uuid4().hex
        path = self.path(content_id)
        sync(part)
        os.link(part, path)
        sync(path.parent)
        return Content(content_id, digest.size, digest.crc32c, None if is_composed else digest.md5)

    def concatenate(self, sources: Iterable[BinaryIO]) -> Content:
        """A new content of the sources one after another."""
        part = self.part(f"{uuid.uuid4().hex}.part")
        digest = Digest()
        try:
            with part.open("wb") as file:
                for source in sources:
                    while block := source.read(BLOCK):
                        file.write(block)
                        digest.update(block)
            return self.adopt(part, digest, is_composed=True)
        finally:
            part.unlink(missing_ok=True)

    def remove(self, content_ids: Iterable[str]) -> None:
        """Delete contents; readers that have them open keep them."""
        for content_id in content_ids:
            self.path(content_id).unlink(missing_ok=True)

    def left_from(self, before: float) -> list[str]:
        """Every content that was made before that time (seconds since the epoch); parts of that age that belong to no
        session are removed on the way."""
        for part in self._parts.glob("*.part"):
            if part.stat().st_ctime < before:
                part.unlink(missing_ok=True)
        # Linking a part into place sets the change time, whatever the age of its bytes.
        return [file.name for file in self._objects.glob("??/*") if file.stat().st_ctime < before]


async def append(file: BinaryIO, chunks: AsyncIterable[bytes], digest: Digest) -> None:
    """Append chunks to an open file, in blocks, off the event loop. `digest` sees exactly what is in the file.

    When the chunks break off with an exception, what had come is written first; when writing fails, the file is cut back
    to what `digest` has seen. Raises OSError and what `chunks` raises."""
    buffer = bytearray()
    try:
        async for chunk in chunks:
            buffer += chunk
            if len(buffer) >= BLOCK:
                block, buffer = bytes(buffer), bytearray()
                await asyncio.to_thread(_write, file, block, digest)
    finally:
        if buffer:
            # Not awaited: when the connection has broken off, this task may be cancelled and must not yield.
            _write(file, bytes(buffer), digest)


def _write(file: BinaryIO, block: bytes, digest: Digest) -> None:
    try:
        file.write(block)
        file.flush()
    except OSError:
        os.ftruncate(file.fileno(), digest.size)
        raise
    digest.update(block)


def digest_of(path: Path) -> Digest:
    """The digest of a file; of nothing when there is none."""
    digest = Digest()
    if path.exists():
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
    return digest


def sync(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
