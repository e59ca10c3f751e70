"""Resumable uploads: sessions that outlive connections and restarts. The state of one is the size of its part file."""

import asyncio
import sqlite3
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime

from pydantic import BaseModel

from infra.local.storage.contents import Digest, append, digest_of, sync
from infra.local.storage.errors import StorageError, invalid
from infra.local.storage.objects import Objects
from infra.local.storage.records import StoredObject, now
from infra.local.storage.service import Service
from infra.local.storage.session import Session

MIN_CHUNK = 256 * 1024


class Range(BaseModel):
    """Where the bytes of a request belong: from `start`, `length` of them if known, of `total` if known.

    `start` is None when the request only asks how far the upload is."""

    start: int | None
    length: int | None = None
    total: int | None = None


class Sessions:
    """The uploads under way."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._digests: dict[str, Digest] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def start(self, session: Session) -> None:
        """Keep a new session. Raises StorageError 400, 404, 412 when the object could not be put."""

        def keep(objects: Objects) -> None:
            objects.check_put(session.bucket, session.name, session.conditions)
            objects.connection.execute(
                "INSERT INTO uploads VALUES (?, ?, ?, ?, NULL)",
                (session.id, session.bucket, now().isoformat(), session.model_dump_json()),
            )

        await self._service.run(keep)

    async def find(self, session_id: str) -> tuple[Session, StoredObject | None]:
        """A session, and the object that it has become if it is complete. Raises StorageError 404."""
        query = "SELECT body, finished FROM uploads WHERE id = ?"
        row = await self._service.run(lambda objects: objects.connection.execute(query, (session_id,)).fetchone())
        if row is None:
            raise StorageError(404, "notFound", "No such upload session.", "NoSuchUpload")
        finished = StoredObject.model_validate_json(row["finished"]) if row["finished"] else None
        return Session.model_validate_json(row["body"]), finished

    async def receive(self, session: Session, where: Range, chunks: AsyncIterable[bytes]) -> StoredObject | int:
        """Take bytes in. Returns the object when they complete it, else how many bytes are safe on disk.

        Bytes that are there already are passed over. What had come before the connection broke is kept. Raises StorageError
        400 for a gap, a size that does not fit, or a wrong hash; OSError when the disk is full."""
        async with self._locks.setdefault(session.id, asyncio.Lock()):
            _, finished = await self.find(session.id)
            if finished:
                return finished
            digest = await self._digest(session.id)
            total = where.total if where.total is not None else session.total
            if session.total is not None and total != session.total:
                raise invalid(f"The upload was started for {session.total} bytes, not for {total}.")
            if where.start is not None:
                await self._append(session.id, digest, where, total, chunks)
                total = digest.size if total is None and where.length is None else total
            if total == digest.size:
                return await self._finish(session, digest)
            if total is not None and digest.size > total:
                raise invalid(f"{digest.size} bytes have been sent of an object of {total}.")
            return digest.size

    async def cancel(self, session: Session) -> None:
        """Forget a session and its bytes."""
        async with self._locks.setdefault(session.id, asyncio.Lock()):
            await self._service.run(
                lambda objects: objects.connection.execute("DELETE FROM uploads WHERE id = ?", (session.id,))
            )
            self._forget(session.id)

    async def _digest(self, session_id: str) -> Digest:
        path = self._service.contents.part(session_id)
        digest = self._digests.get(session_id)
        if digest is None or digest.size != (path.stat().st_size if path.exists() else 0):
            digest = self._digests[session_id] = await asyncio.to_thread(digest_of, path)
        return digest

    async def _append(
        self, session_id: str, digest: Digest, where: Range, total: int | None, chunks: AsyncIterable[bytes]
    ) -> None:
        start = where.start or 0
        if start > digest.size:
            raise invalid(
                f"The upload offset is {start} bytes, which exceeds the {digest.size} bytes already uploaded."
            )
        path = self._service.contents.part(session_id)
        room = None if total is None else total - digest.size
        with path.open("ab") as file:
            await append(file, _window(chunks, digest.size - start, room), digest)
        await asyncio.to_thread(sync, path)

    async def _finish(self, session: Session, digest: Digest) -> StoredObject:
        contents = self._service.contents
        part = contents.part(session.id)
        part.touch()
        content = await asyncio.to_thread(contents.adopt, part, digest)

        def put(objects: Objects) -> StoredObject:
            session.expected.check(content)
            made = objects.put(session.bucket, session.name, content, session.settings, session.conditions)
            query = "UPDATE uploads SET finished = ? WHERE id = ?"
            objects.connection.execute(query, (made.model_dump_json(), session.id))
            return made

        try:
            made = await self._service.run(put)
        except Exception:
            contents.remove([content.id])
            raise
        self._forget(session.id)
        return made

    def _forget(self, session_id: str) -> None:
        self._digests.pop(session_id, None)
        self._locks.pop(session_id, None)
        self._service.contents.part(session_id).unlink(missing_ok=True)


async def _window(chunks: AsyncIterable[bytes], skip: int, room: int | None) -> AsyncIterator[bytes]:
    """The chunks without their first `skip` bytes. Raises StorageError 400 when more than `room` bytes are left."""
    async for chunk in chunks:
        kept = chunk[skip:]
        skip -= len(chunk) - len(kept)
        if room is not None:
            room -= len(kept)
            if room < 0:
                raise invalid("More bytes have been sent than the upload was started for.")
        if kept:
            yield kept


async def abandon(service: Service, before: datetime, bucket: str | None = None) -> None:
    """Forget the sessions, of one bucket or all, that were started before that moment."""

    def forget(objects: Objects) -> list[str]:
        condition, values = "started <= ? AND (bucket = ? OR ? IS NULL)", (before.isoformat(), bucket, bucket)
        found: list[sqlite3.Row] = objects.connection.execute(
            f"SELECT id FROM uploads WHERE {condition}",  # noqa: S608 - a literal above
            values,
        ).fetchall()
        objects.connection.execute(f"DELETE FROM uploads WHERE {condition}", values)  # noqa: S608
        return [row["id"] for row in found]

    for session_id in await service.run(forget):
        service.contents.part(session_id).unlink(missing_ok=True)
