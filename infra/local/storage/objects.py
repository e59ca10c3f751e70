"""Objects: their table, and the changes that can be made to it, each with its events."""

import sqlite3
import time
from collections.abc import Iterable

from infra.local.storage.buckets import get_bucket
from infra.local.storage.contents import Content
from infra.local.storage.errors import StorageError, invalid, no_object
from infra.local.storage.outbox import Kind, Outbox
from infra.local.storage.preconditions import Preconditions
from infra.local.storage.records import Settings, StoredObject, now

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, name TEXT NOT NULL, generation INTEGER NOT NULL, live INTEGER NOT NULL,
    content TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (bucket, name, generation)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS objects_live ON objects (bucket, name) WHERE live;
CREATE INDEX IF NOT EXISTS objects_content ON objects (content);
"""

_MAX_NAME = 1024
ANY = Preconditions()


class Objects:
    """The objects, within one transaction. Once that is committed, the contents in `released`, which no object has
    any more, may be removed, and if `has_events` is set the outbox has something to send."""

    def __init__(self, connection: sqlite3.Connection, outbox: Outbox) -> None:
        self.connection = connection
        self.released: list[str] = []
        self.has_events = False
        self._outbox = outbox

    def find(self, bucket: str, name: str, generation: int | None = None) -> StoredObject | None:
        """The live object, or the generation asked for."""
        which, value = ("live = ?", 1) if generation is None else ("generation = ?", generation)
        row = self.connection.execute(
            f"SELECT body FROM objects WHERE bucket = ? AND name = ? AND {which}",  # noqa: S608 - literals above
            (bucket, name, value),
        ).fetchone()
        return StoredObject.model_validate_json(row["body"]) if row else None

    def get(self, bucket: str, name: str, generation: int | None = None) -> StoredObject:
        """The same. Raises StorageError 404."""
        found = self.find(bucket, name, generation)
        if found is None:
            get_bucket(self.connection, bucket)
            raise no_object(bucket, name)
        return found

    def put(
        self,
        bucket: str,
        name: str,
        content: Content,
        settings: Settings,
        conditions: Preconditions = ANY,
        component_count: int | None = None,
    ) -> StoredObject:
        """Make `content` the live generation of the object. Raises StorageError 400, 404, 412."""
        self.check_put(bucket, name, conditions)
        current = self.find(bucket, name)
        if current:
            self._retire(current)
        moment = now()
        made = StoredObject(
            bucket=bucket,
            name=name,
            generation=max(time.time_ns() // 1000, current.generation + 1 if current else 0),
            content=content.id,
            size=content.size,
            crc32c=content.crc32c,
            md5=content.md5,
            component_count=component_count,
            created=moment,
            updated=moment,
            settings=settings,
        )
        self._write(made)
        # A content that was released and is used again, as by a copy onto itself, stays.
        self.released = [content_id for content_id in self.released if content_id != content.id]
        self._tell("finalized", made)
        return made

    def check_put(self, bucket: str, name: str, conditions: Preconditions) -> None:
        """Raise StorageError 400, 404, 412 when the object could not be put."""
        if not _is_name(name):
            raise invalid("The object name is not valid: 1 to 1024 bytes of UTF-8 without line breaks.")
        get_bucket(self.connection, bucket)
        conditions.check(self.find(bucket, name))

    def change(self, stored: StoredObject, settings: Settings) -> StoredObject:
        """Give an object other settings; its bytes and generation stay."""
        changed = stored.model_copy(
            update={"settings": settings, "metageneration": stored.metageneration + 1, "updated": now()}
        )
        self._write(changed)
        self._tell("metadataUpdated", changed)
        return changed

    def delete(self, stored: StoredObject, *, for_good: bool = False) -> None:
        """Delete an object. In a bucket with versioning a live one becomes noncurrent, unless `for_good`."""
        if stored.settings.event_based_hold or stored.settings.temporary_hold:
            raise StorageError(403, "forbidden", "The object is under hold and cannot be deleted or overwritten.")
        if stored.live and not for_good:
            self._retire(stored)
            return
        self._erase(stored)
        self._tell("deleted", stored)

    def move(self, stored: StoredObject, name: str, conditions: Preconditions) -> StoredObject:
        """Give the live object another name, in one step: nobody sees both or neither. Raises StorageError 400, 403, 412."""
        if name == stored.name:
            raise invalid("An object cannot be moved onto itself.")
        content = Content(stored.content, stored.size, stored.crc32c, stored.md5)
        made = self.put(stored.bucket, name, content, stored.settings, conditions, stored.component_count)
        self.delete(stored)
        self.released = [content_id for content_id in self.released if content_id != content.id]
        return made

    def _retire(self, stored: StoredObject) -> None:
        versioning = get_bucket(self.connection, stored.bucket).get("versioning") or {}
        if not versioning.get("enabled"):
            self.delete(stored, for_good=True)
            return
        self._write(stored.model_copy(update={"live": False, "deleted": now()}))

    def _tell(self, kind: Kind, changed: StoredObject) -> None:
        self._outbox.add(self.connection, kind, changed)
        self.has_events = True

    def _write(self, stored: StoredObject) -> None:
        self.connection.execute(
            "INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (bucket, name, generation)"
            " DO UPDATE SET live = excluded.live, body = excluded.body",
            (stored.bucket, stored.name, stored.generation, stored.live, stored.content, stored.model_dump_json()),
        )

    def _erase(self, stored: StoredObject) -> None:
        key = (stored.bucket, stored.name, stored.generation)
        self.connection.execute("DELETE FROM objects WHERE bucket = ? AND name = ? AND generation = ?", key)
        self.released += orphans(self.connection, [stored.content])


def orphans(connection: sqlite3.Connection, content_ids: Iterable[str]) -> list[str]:
    """Those contents that no object has."""
    used = "SELECT 1 FROM objects WHERE content = ? LIMIT 1"
    return [content_id for content_id in content_ids if not connection.execute(used, (content_id,)).fetchone()]


def _is_name(name: str) -> bool:
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        # JSON can carry half of a surrogate pair.
        return False
    return 0 < length <= _MAX_NAME and not {"\r", "\n"} & set(name) and name not in (".", "..")
