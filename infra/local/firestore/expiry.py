"""TTL policies: documents whose time has come are deleted, where firestore.indexes.json has a field with `"ttl": true`.

Google's service deletes them within a day or so of that time. Here it happens when the server starts and every hour after that:
code that must not see what has expired has to look at the time when it reads, here as there. Only a timestamp expires; a
field that holds anything else keeps its document.
"""

from functools import partial

from .executor import run_query
from .field_paths import FieldPath, format_field_path, get_field
from .indexing import Indexing
from .messages import Document, StructuredQuery, Value
from .names import DocumentName, parse_document
from .query import parse_query
from .session import Session
from .store import Store
from .timestamps import now_micros, to_micros, to_timestamp

SWEEP_EVERY = 3600.0
"""Seconds between two sweeps."""

_BATCH = 500
"""Documents deleted in one commit."""


def sweep(store: Store, indexing: Indexing) -> int:
    """Delete every document that has expired; returns how many. Listeners are told, as of any deletion."""
    now = now_micros()
    return sum(_sweep_group(store, indexing.database, group, path, now) for group, path in indexing.file.expiries)


def _sweep_group(store: Store, database: str, group: str, path: FieldPath, now: int) -> int:
    deleted = 0
    while names := _expired(store, database, group, path, now):
        deleted += store.commit(partial(_delete, names=names, path=path, now=now))
    return deleted


def _expired(store: Store, database: str, group: str, path: FieldPath, now: int) -> list[DocumentName]:
    """Some documents of a collection group that have expired by `now`."""
    structured = StructuredQuery(limit={"value": _BATCH})
    structured.from_.add(collection_id=group, all_descendants=True)
    where = structured.where.field_filter
    where.field.field_path = format_field_path(path)
    where.op = StructuredQuery.FieldFilter.LESS_THAN_OR_EQUAL
    where.value.timestamp_value.CopyFrom(to_timestamp(now))
    query = parse_query(database, "", structured)
    with store.snapshot() as snapshot:
        return [parse_document(record.document.name) for record in run_query(snapshot, query)]


def _delete(session: Session, names: list[DocumentName], path: FieldPath, now: int) -> int:
    """Delete those that are still there and still expired: they may have been written since they were found."""
    expired = [name for name in names if _has_expired(session.read(name), path, now)]
    for name in expired:
        session.delete(name)
    return len(expired)


def _has_expired(document: Document | None, path: FieldPath, now: int) -> bool:
    value: Value | None = get_field(document.fields, path) if document is not None else None
    return (
        value is not None
        and value.WhichOneof("value_type") == "timestamp_value"
        and to_micros(value.timestamp_value) <= now
    )
