"""Lists of kompositions, page by page: one's own, the trash, what others share, what is public; and versions and conflicts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from google.cloud.firestore import FieldFilter

from shared.core.clients import firestore_client
from shared.core.paging import Page, decode_cursor, encode_cursor
from shared.kompositions.store.document import KompositionSummary, komposition_reference, parse_summary
from shared.kompositions.store.reading import SUMMARY_FIELDS, get_summary

SCANNED = 1000
"""How many documents one page may look through for a text; it ends early then, and the next page goes on."""


class Sort(StrEnum):
    """In which order one's own kompositions are listed."""

    MODIFIED = "modified"
    CREATED = "created"
    TITLE = "title"


class Scope(StrEnum):
    """Whose kompositions are listed."""

    MINE = "mine"
    TRASH = "trash"
    SHARED = "shared"
    PUBLIC = "public"


@dataclass(frozen=True)
class Filter:
    """Which kompositions: of a project, with a tag, and with every word of a text in title, description or tags."""

    project_id: str | None = None
    tag: str | None = None
    text: str = ""

    def matches(self, summary: KompositionSummary) -> bool:
        """Whether the tag and the words are there."""
        said = " ".join((summary.title, summary.description, *summary.tags)).casefold()
        return (self.tag is None or self.tag in summary.tags) and all(
            word in said for word in self.text.casefold().split()
        )


@dataclass(frozen=True)
class _Order:
    """Fields that a list is sorted by: times or texts, together unique; all in one direction."""

    fields: tuple[str, ...]
    direction: str = "DESCENDING"

    def sort(self, query: Any) -> Any:
        for name in self.fields:
            query = query.order_by(name, direction=self.direction)
        return query

    def cursor(self, document: dict[str, Any]) -> list[Any]:
        values = [_field(document, name) for name in self.fields]
        return [value.isoformat() if isinstance(value, datetime) else value for value in values]

    def after(self, query: Any, token: str) -> Any:
        values = decode_cursor(token, *(datetime if name in _TIMES else str for name in self.fields))
        return query.start_after(dict(zip(self.fields, values, strict=True)))


_TIMES = ("metadata.modified", "metadata.created", "deletedAt")
_ORDERS = {
    Sort.MODIFIED: _Order(("metadata.modified", "id")),
    Sort.CREATED: _Order(("metadata.created", "id")),
    Sort.TITLE: _Order(("title", "id"), "ASCENDING"),
}
_DELETED = _Order(("deletedAt", "id"))
_OF_ALL = _Order(("metadata.modified", "userId", "id"))


def list_mine(user_id: str, limit: int, token: str | None, wanted: Filter, sort: Sort) -> Page[KompositionSummary]:
    """The user's own kompositions."""
    query: Any = firestore_client().collection("users", user_id, "kompositions")
    if wanted.project_id is not None:
        query = query.where(filter=FieldFilter("projectId", "==", wanted.project_id))
    if wanted.tag is not None:
        query = query.where(filter=FieldFilter("tags", "array_contains", wanted.tag))
    return _page(query, _ORDERS[sort], limit, token, wanted.matches)


def list_trash(user_id: str, limit: int, token: str | None, wanted: Filter) -> Page[KompositionSummary]:
    """What the user has deleted and can take back, the last deleted first."""
    query: Any = firestore_client().collection("users", user_id, "trash")
    return _page(query, _DELETED, limit, token, wanted.matches)


def list_shared(user_id: str, limit: int, token: str | None, wanted: Filter) -> Page[KompositionSummary]:
    """What others share with the user by name, the last changed first."""
    query: Any = firestore_client().collection_group("kompositions")
    query = query.where(filter=FieldFilter("sharing.visibility", "==", "shared"))
    query = query.where(filter=FieldFilter("sharing.sharedWith", "array_contains", user_id))
    return _page(query, _OF_ALL, limit, token, wanted.matches)


def list_public(limit: int, token: str | None, wanted: Filter) -> Page[KompositionSummary]:
    """What anybody may read, the last changed first."""
    query: Any = firestore_client().collection_group("kompositions")
    query = query.where(filter=FieldFilter("sharing.visibility", "==", "public"))
    return _page(query, _OF_ALL, limit, token, wanted.matches)


def list_versions(user_id: str, komposition_id: str, limit: int, token: str | None) -> Page[KompositionSummary]:
    """The versions of a komposition, the newest first. Raises NotFound."""
    get_summary(user_id, komposition_id)
    query: Any = komposition_reference(user_id, komposition_id).collection("versions")
    query = query.order_by("metadata.version", direction="DESCENDING")
    if token:
        (version,) = decode_cursor(token, int)
        query = query.start_after({"metadata.version": version})
    found = [parse_summary(each.to_dict()) for each in query.select(SUMMARY_FIELDS).limit(limit + 1).stream()]
    more = encode_cursor([found[limit - 1].metadata.version]) if len(found) > limit else None
    return Page(found[:limit], more)


def list_conflicts(user_id: str, komposition_id: str) -> list[tuple[str, KompositionSummary]]:
    """Saves of a komposition that were refused, with their ids, the newest first; at most 200. Raises NotFound."""
    get_summary(user_id, komposition_id)
    query: Any = komposition_reference(user_id, komposition_id).collection("conflicts")
    query = query.order_by("metadata.modified", direction="DESCENDING").select(SUMMARY_FIELDS).limit(200)
    return [(snapshot.id, parse_summary(snapshot.to_dict())) for snapshot in query.stream()]


def _page(
    query: Any, order: _Order, limit: int, token: str | None, wanted: Callable[[KompositionSummary], bool]
) -> Page[KompositionSummary]:
    """Up to `limit` of those that the query finds and that are wanted."""
    ordered = order.sort(query).select(SUMMARY_FIELDS)
    items: list[KompositionSummary] = []
    last: list[Any] = []
    for seen, document in enumerate(_documents(ordered, order, limit, token)):
        if len(items) == limit or seen == SCANNED:
            return Page(items, encode_cursor(last))
        last = order.cursor(document)
        summary = parse_summary(document)
        if wanted(summary):
            items.append(summary)
    return Page(items, None)


def _documents(query: Any, order: _Order, limit: int, token: str | None) -> Iterator[dict[str, Any]]:
    """What the query finds, read on as far as it is asked for."""
    size = limit + 1
    while True:
        found = [
            snapshot.to_dict() for snapshot in (order.after(query, token) if token else query).limit(size).stream()
        ]
        yield from found
        if len(found) < size:
            return
        token, size = encode_cursor(order.cursor(found[-1])), 200


def _field(document: dict[str, Any], path: str) -> Any:
    value: Any = document
    for name in path.split("."):
        value = value[name]
    return value
