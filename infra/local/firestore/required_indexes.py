"""The index that a query needs and firestore.indexes.json lacks.

Firestore answers a conjunction from indexes that all end with the fields sorted by, in their directions, and that begin with
fields tested for equality; it merges several such indexes, so that together they must have every field tested. Each field
has an ascending, a descending and an array index of its own in the scope of its collection, unless the file says otherwise.
Source: https://firebase.google.com/docs/firestore/query-data/index-overview
"""

from collections.abc import Collection, Iterator

from .field_paths import NAME, FieldPath
from .filters import Conjunction, Op
from .index_file import COLLECTION, COLLECTION_GROUP, FieldOverride, Index, IndexField, IndexFile, Mode
from .query import Order, Query

_AUTOMATIC = frozenset((COLLECTION, mode) for mode in Mode)


def missing_index(file: IndexFile, query: Query, aggregated: Collection[FieldPath] = ()) -> Index | None:
    """The index to add for a query over one collection or collection group, and the sums of fields `aggregated` over it; None
    when there are enough."""
    for conjunction in query.where:
        tested = _tested(conjunction)
        wanted = _sorted_by(query.orders, {path for path, mode in tested if mode is not Mode.CONTAINS})
        summed = sorted(set(aggregated) - {path for path, _ in (*tested, *wanted)})
        wanted += tuple((path, Mode.ASCENDING) for path in summed)
        if not _served(file, query, tested, wanted):
            scope = COLLECTION_GROUP if query.scope.descendants else COLLECTION
            return Index(query.scope.collection_id, scope, (*sorted(tested, key=lambda each: each[0]), *wanted))
    return None


def _tested(conjunction: Conjunction) -> set[IndexField]:
    """Fields tested for equality, as an index that serves the test has them."""
    modes = {Op.EQ: Mode.ASCENDING, Op.CONTAINS: Mode.CONTAINS}
    return {(c.path, modes[c.op]) for c in conjunction if c.op in modes and c.path != NAME}


def _sorted_by(orders: tuple[Order, ...], settled: set[FieldPath]) -> tuple[IndexField, ...]:
    """The fields that an index must end with. The name goes with the direction of the field before it unless it is there."""
    fields: list[IndexField] = []
    for order in orders:
        mode = Mode.DESCENDING if order.descending else Mode.ASCENDING
        if order.path == NAME:
            return (*fields, (NAME, mode)) if fields and fields[-1][1] is not mode else tuple(fields)
        if order.path not in settled:
            fields.append((order.path, mode))
    return tuple(fields)


def _served(file: IndexFile, query: Query, tested: set[IndexField], wanted: tuple[IndexField, ...]) -> bool:
    if not tested and not wanted:
        return True
    covered: set[IndexField] = set()
    found = False
    for index in _available(file, query, tested, wanted):
        start = len(index.fields) - len(wanted)
        prefix = {(path, _as_tested(mode)) for path, mode in index.fields[:start]}
        if start >= 0 and index.fields[start:] == wanted and prefix <= tested:
            found = True
            covered |= prefix
    return found and covered == tested


def _as_tested(mode: Mode) -> Mode:
    """An equality does not mind the direction."""
    return Mode.CONTAINS if mode is Mode.CONTAINS else Mode.ASCENDING


def _available(
    file: IndexFile, query: Query, tested: set[IndexField], wanted: tuple[IndexField, ...]
) -> Iterator[Index]:
    """The composite indexes of the collection group in the query's scope, and those of the single fields concerned."""
    group, scope = query.scope.collection_id, COLLECTION_GROUP if query.scope.descendants else COLLECTION
    for index in file.composites:
        if (index.collection_group, index.query_scope) == (group, scope):
            yield index
    overrides = [override for override in file.overrides if override.collection_group == group]
    for path, mode in (*tested, *wanted):
        if (scope, mode) in _single(overrides, path):
            yield Index(group, scope, ((path, mode),))


def _single(overrides: list[FieldOverride], path: FieldPath) -> frozenset[tuple[str, Mode]]:
    """The indexes of one field: the most specific override decides."""
    named = [override for override in overrides if path[: len(override.path)] == override.path]
    return max(named, key=lambda override: len(override.path)).indexes if named else _AUTOMATIC
