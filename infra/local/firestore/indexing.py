"""Which fields are indexed, and which queries that leaves: the part of firestore.indexes.json that a database lives by."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from .errors import FailedPrecondition
from .field_paths import NAME, FieldPath, format_field_path
from .filters import Op, comparisons
from .index import NO_SWITCHES, Switches, is_indexed
from .index_file import COLLECTION, COLLECTION_GROUP, Index, IndexFile, Mode
from .query import Query
from .required_indexes import missing_index

_KINDS = {Mode.ASCENDING: "ASC", Mode.DESCENDING: "DESC", Mode.CONTAINS: "CONTAINS"}


@dataclass(frozen=True)
class Indexing:
    """`file` counts for `database` alone: other projects' databases index everything and answer every query.

    `strict` refuses the queries that need a composite index which the file lacks, as the deployed database does."""

    database: str = ""
    file: IndexFile = field(default_factory=IndexFile)
    strict: bool = False

    @cached_property
    def kept(self) -> dict[str, dict[FieldPath, bool]]:
        """The switches of every collection group that has any: what the index keeps. That is all that queries may use, and the
        times at which documents expire."""
        groups = {group: dict(switches) for group, switches in self._usable.items()}
        for group, path in self.file.expiries:
            groups[group][path] = True
        return _without_idle(groups)

    @cached_property
    def usable(self) -> dict[str, dict[FieldPath, bool]]:
        """The switches of every collection group that has any, as they count for queries."""
        return _without_idle(self._usable)

    @cached_property
    def _usable(self) -> dict[str, dict[FieldPath, bool]]:
        """Fields of a composite index stay indexed: it is made of them."""
        groups: dict[str, dict[FieldPath, bool]] = {}
        for override in self.file.overrides:
            groups.setdefault(override.collection_group, {})[override.path] = bool(override.indexes)
        for composite in self.file.composites:
            if composite.collection_group in groups:
                groups[composite.collection_group].update((path, True) for path, _ in composite.fields)
        return groups

    def switches(self, database: str, collection: str) -> Switches:
        """The switches of the collection with this path."""
        return self.kept.get(collection.rpartition("/")[2], NO_SWITCHES) if database == self.database else NO_SWITCHES

    def describe(self) -> str:
        """What the index keeps, as text that is the same whenever that is: `{database: {group: {path: bool}}}` in JSON."""
        groups = {
            group: {format_field_path(path) if path else "*": on for path, on in switches.items()}
            for group, switches in self.kept.items()
        }
        return json.dumps({self.database: groups} if groups else {}, sort_keys=True)

    def check(self, query: Query, aggregated: Collection[FieldPath] = ()) -> None:
        """Raise FailedPrecondition if the database does not have the indexes that a query needs."""
        scope = query.scope
        if scope.database != self.database or not scope.collection_id:
            return
        switches = self.usable.get(scope.collection_id, NO_SWITCHES)
        for path, mode in _needs(query, aggregated) if switches else ():
            if not is_indexed(switches, path):
                scope_name = COLLECTION_GROUP if scope.descendants else COLLECTION
                raise FailedPrecondition(_exempted(Index(scope.collection_id, scope_name, ((path, mode),))))
        if self.strict:
            missing = missing_index(self.file, query, aggregated)
            if missing is not None:
                raise FailedPrecondition(
                    "The query requires an index. You can create it by adding this to firestore.indexes.json, under "
                    f"{'indexes' if len(missing.fields) > 1 else 'fieldOverrides'}: {json.dumps(missing.declaration())}"
                )


def _without_idle(groups: dict[str, dict[FieldPath, bool]]) -> dict[str, dict[FieldPath, bool]]:
    """Without the groups whose switches are all on, as they are without any."""
    return {group: switches for group, switches in groups.items() if not all(switches.values())}


def _needs(query: Query, aggregated: Collection[FieldPath]) -> list[tuple[FieldPath, Mode]]:
    """The fields that must be indexed."""
    needs = [(c.path, Mode.CONTAINS if c.op is Op.CONTAINS else Mode.ASCENDING) for c in comparisons(query.where)]
    needs += [(order.path, Mode.DESCENDING if order.descending else Mode.ASCENDING) for order in query.orders]
    needs += [(path, Mode.ASCENDING) for path in aggregated]
    return [(path, mode) for path, mode in needs if path != NAME]


def _exempted(index: Index) -> str:
    ((path, mode),) = index.fields
    return (
        f"The query requires a {index.query_scope}_{_KINDS[mode]} index for collection {index.collection_group} and field "
        f"{format_field_path(path)}, which firestore.indexes.json exempts from indexing."
    )
