"""Buckets: their table and their resource."""

import json
import re
import sqlite3
from typing import Any

from infra.local.storage.errors import StorageError, invalid, no_bucket
from infra.local.storage.records import now, rfc3339

SCHEMA = """
CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY, project TEXT NOT NULL, metageneration INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
"""

Resource = dict[str, Any]

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_FIXED = {"kind", "id", "name", "selfLink", "etag", "metageneration", "projectNumber", "timeCreated", "updated"}


def get_bucket(connection: sqlite3.Connection, name: str) -> Resource:
    """The bucket's resource. Raises StorageError 404."""
    row = connection.execute("SELECT * FROM buckets WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise no_bucket(name)
    return _resource(row)


def list_buckets(connection: sqlite3.Connection, project: str, prefix: str, after: str, limit: int) -> list[Resource]:
    """Up to `limit` buckets of the project by name, from behind `after`."""
    rows = connection.execute(
        "SELECT * FROM buckets WHERE project = ? AND name > ? AND substr(name, 1, ?) = ? ORDER BY name LIMIT ?",
        (project, after, len(prefix), prefix, limit),
    )
    return [_resource(row) for row in rows]


def insert_bucket(connection: sqlite3.Connection, project: str, name: str, settings: Resource) -> Resource:
    """Make a bucket. Raises StorageError 400 for a bad name, 409 when it is there."""
    if not _NAME.fullmatch(name):
        raise invalid(f"Invalid bucket name: '{name}'")
    if connection.execute("SELECT 1 FROM buckets WHERE name = ?", (name,)).fetchone():
        raise StorageError(409, "conflict", "Your previous request to create the named bucket succeeded.")
    moment = rfc3339(now())
    body = {
        "location": "US",
        "locationType": "multi-region",
        "storageClass": "STANDARD",
        "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "enforced"},
        **_settable(settings),
        "timeCreated": moment,
        "updated": moment,
    }
    connection.execute("INSERT INTO buckets VALUES (?, ?, 1, ?)", (name, project, json.dumps(body)))
    return get_bucket(connection, name)


def change_bucket(
    connection: sqlite3.Connection, name: str, change: Resource, *, merge_labels: bool = True
) -> Resource:
    """Set what `change` names, labels one by one unless all are meant; None takes away. Raises StorageError 404."""
    bucket = get_bucket(connection, name)
    merged = {**{key: value for key, value in bucket.items() if key not in _FIXED}, **_settable(change)}
    if isinstance(change.get("labels"), dict):
        labels = {**((bucket.get("labels") if merge_labels else None) or {}), **change["labels"]}
        merged["labels"] = {key: value for key, value in labels.items() if value is not None} or None
    body = {key: value for key, value in merged.items() if value is not None}
    body |= {"timeCreated": bucket["timeCreated"], "updated": rfc3339(now())}
    connection.execute(
        "UPDATE buckets SET body = ?, metageneration = metageneration + 1 WHERE name = ?", (json.dumps(body), name)
    )
    return get_bucket(connection, name)


def delete_bucket(connection: sqlite3.Connection, name: str) -> None:
    """Delete an empty bucket. Raises StorageError 404, and 409 when there are objects in it."""
    get_bucket(connection, name)
    if connection.execute("SELECT 1 FROM objects WHERE bucket = ? LIMIT 1", (name,)).fetchone():
        raise StorageError(409, "conflict", "The bucket you tried to delete is not empty.", "BucketNotEmpty")
    connection.execute("DELETE FROM uploads WHERE bucket = ?", (name,))
    connection.execute("DELETE FROM buckets WHERE name = ?", (name,))


def _settable(settings: Resource) -> Resource:
    return {key: value for key, value in settings.items() if key not in _FIXED}


def _resource(row: sqlite3.Row) -> Resource:
    return {
        "kind": "storage#bucket",
        "id": row["name"],
        "name": row["name"],
        "projectNumber": "0",
        "metageneration": str(row["metageneration"]),
        "etag": f"CA{row['metageneration']}=",
        **json.loads(row["body"]),
    }
