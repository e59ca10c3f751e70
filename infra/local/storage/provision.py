"""The buckets of the manifest, made or brought up to date at start."""

import sqlite3

from infra.local.storage.buckets import Resource, change_bucket, insert_bucket
from infra.manifest import Bucket, LifecycleRule, load_suite

_CORS = {
    "origin": ["*"],
    "method": ["GET", "HEAD", "PUT", "POST", "DELETE"],
    "responseHeader": [
        "Content-Type",
        "Content-Length",
        "Content-Range",
        "Content-Disposition",
        "ETag",
        "Location",
        "Range",
        "X-GUploader-UploadID",
        "x-goog-*",
    ],
    "maxAgeSeconds": 3600,
}
_ACTIONS: dict[str, dict[str, str]] = {
    "delete": {"type": "Delete"},
    "abort_multipart": {"type": "AbortIncompleteMultipartUpload"},
    "nearline": {"type": "SetStorageClass", "storageClass": "NEARLINE"},
    "coldline": {"type": "SetStorageClass", "storageClass": "COLDLINE"},
    "archive": {"type": "SetStorageClass", "storageClass": "ARCHIVE"},
}


def provision(connection: sqlite3.Connection, project: str) -> None:
    """Leave a bucket `{project}-{name}` for each of the manifest, with its CORS, versioning and lifecycle."""
    for bucket in load_suite().buckets:
        name, settings = f"{project}-{bucket.name}", _settings(bucket)
        if connection.execute("SELECT 1 FROM buckets WHERE name = ?", (name,)).fetchone():
            change_bucket(connection, name, settings)
        else:
            insert_bucket(connection, project, name, settings)


def _settings(bucket: Bucket) -> Resource:
    return {
        "cors": [_CORS] if bucket.cors else [],
        "versioning": {"enabled": bucket.versioning},
        "lifecycle": {"rule": [_rule(rule) for rule in bucket.lifecycle]},
    }


def _rule(rule: LifecycleRule) -> Resource:
    prefix = {"matchesPrefix": [rule.prefix]} if rule.prefix else {}
    return {"action": _ACTIONS[rule.action], "condition": {"age": rule.age_days, **prefix}}
