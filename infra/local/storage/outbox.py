"""Object events: written in the transaction that changes the object, sent to Eventarc until it has kept them."""

import asyncio
import json
import logging
import sqlite3
import time
import uuid
from dataclasses import dataclass
from typing import Literal

from aiohttp import ClientError, ClientSession, ClientTimeout

from infra.local.sqlite import Database
from infra.local.storage.records import StoredObject, now

log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, headers TEXT NOT NULL, body TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due);
"""

Kind = Literal["finalized", "deleted", "metadataUpdated"]

_BATCH = 32
_MIN_BACKOFF, _MAX_BACKOFF = 0.1, 10.0


@dataclass(frozen=True)
class Outbox:
    """Where events are written. `url` is Eventarc's; without it nobody listens, and nothing is written."""

    url: str | None
    base_url: str

    def add(self, connection: sqlite3.Connection, kind: Kind, changed: StoredObject) -> None:
        """Record, in the caller's transaction, that an object has changed."""
        if not self.url:
            return
        headers = {
            "ce-id": uuid.uuid4().hex,
            "ce-source": f"//storage.googleapis.com/projects/_/buckets/{changed.bucket}",
            "ce-type": f"google.cloud.storage.object.v1.{kind}",
            "ce-subject": f"objects/{changed.name}",
            "ce-time": now().isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "ce-specversion": "1.0",
            "ce-bucket": changed.bucket,
            "content-type": "application/json",
        }
        connection.execute(
            "INSERT INTO outbox (headers, body) VALUES (?, ?)",
            (json.dumps(headers), json.dumps(changed.resource(self.base_url))),
        )


class Sender:
    """Delivers what is in the outbox, with back-off for each event, until Eventarc answers that it is kept."""

    def __init__(self, database: Database, url: str) -> None:
        self._database = database
        self._url = f"{url.rstrip('/')}/events"
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look at once: something may have been committed."""
        self._wake.set()

    async def run(self) -> None:
        """Send for ever."""
        async with ClientSession(timeout=ClientTimeout(total=30)) as session:
            while True:
                self._wake.clear()
                try:
                    pause = await self._round(session)
                except sqlite3.Error:
                    # A full disk, say: what is delivered but not recorded as such comes twice, and that is allowed.
                    log.exception("the outbox cannot be kept")
                    pause = _MAX_BACKOFF
                try:
                    await asyncio.wait_for(self._wake.wait(), pause)
                except TimeoutError:
                    continue

    async def _round(self, session: ClientSession) -> float | None:
        """Send what is due; returns how many seconds later something else is, None if nothing is left."""
        while due := await self._database.run(_due):
            await asyncio.gather(*(self._send(session, row) for row in due))
        return await self._database.run(_pause)

    async def _send(self, session: ClientSession, row: sqlite3.Row) -> None:
        headers = {name: _header_value(value) for name, value in json.loads(row["headers"]).items()}
        try:
            async with session.post(self._url, data=row["body"].encode(), headers=headers) as response:
                is_kept = response.status == 202
                outcome = str(response.status)
        except (ClientError, TimeoutError, OSError) as error:
            is_kept, outcome = False, repr(error)
        if is_kept:
            await self._database.run(
                lambda connection: connection.execute("DELETE FROM outbox WHERE id = ?", (row["id"],))
            )
            return
        backoff = min(_MIN_BACKOFF * 2 ** min(row["attempts"], 10), _MAX_BACKOFF)
        log.log(logging.WARNING if row["attempts"] > 8 else logging.INFO, "event not delivered: %s", outcome)
        await self._database.run(
            lambda connection: connection.execute(
                "UPDATE outbox SET attempts = attempts + 1, due = ? WHERE id = ?", (time.time() + backoff, row["id"])
            )
        )


def _due(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    query = "SELECT * FROM outbox WHERE due <= ? ORDER BY id LIMIT ?"
    return connection.execute(query, (time.time(), _BATCH)).fetchall()


def _pause(connection: sqlite3.Connection) -> float | None:
    earliest = connection.execute("SELECT min(due) FROM outbox").fetchone()[0]
    return None if earliest is None else max(earliest - time.time(), 0.001)


def _header_value(value: str) -> str:
    # CloudEvents' HTTP binding percent-encodes what a header cannot carry.
    kept = (character if " " < character <= "~" and character not in '"%' else None for character in value)
    return "".join(
        good or "".join(f"%{byte:02X}" for byte in character.encode())
        for good, character in zip(kept, value, strict=True)
    )
