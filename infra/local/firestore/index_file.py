"""firestore.indexes.json: the composite indexes of the deployed database, and the fields whose own indexes differ."""

import json
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from .field_paths import NAME, FieldPath, format_field_path, parse_field_path

COLLECTION, COLLECTION_GROUP = "COLLECTION", "COLLECTION_GROUP"
"""Query scopes."""


class Mode(Enum):
    """How an index keeps a field."""

    ASCENDING = "ASCENDING"
    DESCENDING = "DESCENDING"
    CONTAINS = "CONTAINS"

    def declaration(self) -> dict[str, str]:
        """The keys that say so in the file."""
        return {"arrayConfig": self.value} if self is Mode.CONTAINS else {"order": self.value}


IndexField = tuple[FieldPath, Mode]


@dataclass(frozen=True, slots=True)
class Index:
    """An index over one or several fields of the documents of a collection group, in one collection or in all."""

    collection_group: str
    query_scope: str
    fields: tuple[IndexField, ...]

    def declaration(self) -> dict[str, Any]:
        """The index as the file writes it: under `fieldOverrides` when it has one field, under `indexes` otherwise."""
        if len(self.fields) == 1:
            ((path, mode),) = self.fields
            indexes = [{**mode.declaration(), "queryScope": self.query_scope}]
            return {"collectionGroup": self.collection_group, "fieldPath": format_field_path(path), "indexes": indexes}
        fields = [{"fieldPath": format_field_path(path), **mode.declaration()} for path, mode in self.fields]
        return {"collectionGroup": self.collection_group, "queryScope": self.query_scope, "fields": fields}


@dataclass(frozen=True, slots=True)
class FieldOverride:
    """The indexes that a field, and every field below it, has instead of the automatic ones. An empty `path` is all fields."""

    collection_group: str
    path: FieldPath
    indexes: frozenset[tuple[str, Mode]]
    ttl: bool = False
    """Whether documents are deleted when the time in this field has come."""


@dataclass(frozen=True, slots=True)
class IndexFile:
    """What the file declares. Vector indexes are left out: the search for neighbours here is exact and needs none."""

    composites: tuple[Index, ...] = ()
    overrides: tuple[FieldOverride, ...] = ()

    @property
    def expiries(self) -> tuple[tuple[str, FieldPath], ...]:
        """The TTL policies: collection groups, and the field that holds the time of their documents' end."""
        return tuple((override.collection_group, override.path) for override in self.overrides if override.ttl)


def read_index_file(path: Path) -> IndexFile:
    """Read the file. Raises OSError, ValueError or KeyError for one that is not as the Firebase tools write it."""
    content = json.loads(path.read_text())
    composites = [_composite(each) for each in content.get("indexes", ()) if not _has_vector(each)]
    overrides = [_override(each) for each in content.get("fieldOverrides", ())]
    return IndexFile(tuple(composites), tuple(overrides))


def _has_vector(declared: dict[str, Any]) -> bool:
    return any("vectorConfig" in field for field in declared["fields"])


def _composite(declared: dict[str, Any]) -> Index:
    fields = [(parse_field_path(field["fieldPath"]), _mode(field)) for field in declared["fields"]]
    if len(fields) > 1 and fields[-1] == (NAME, fields[-2][1]):  # what an index ends with if it says nothing
        fields.pop()
    return Index(declared["collectionGroup"], declared["queryScope"], tuple(fields))


def _override(declared: dict[str, Any]) -> FieldOverride:
    path = () if declared["fieldPath"] == "*" else parse_field_path(declared["fieldPath"])
    indexes = frozenset((each.get("queryScope", COLLECTION), _mode(each)) for each in declared["indexes"])
    return FieldOverride(declared["collectionGroup"], path, indexes, bool(declared.get("ttl")))


def _mode(declared: dict[str, str]) -> Mode:
    return Mode(declared["arrayConfig"] if "arrayConfig" in declared else declared["order"])
