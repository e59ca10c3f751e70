"""Answers queries: walks the planned indexes, checks what they leave open, sorts where they do not, and merges."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from .encoding import encode_segment
from .index import MAX_VALUE
from .names import parse_document
from .plan import Plan
from .planner import choose_plan
from .query import Query
from .records import Record
from .snapshot import Snapshot


@dataclass(slots=True)
class Statistics:
    """What a query cost: rows of indexes walked, documents read, and the plans that were chosen."""

    index_entries: int = 0
    documents: int = 0
    plans: list[Plan] = field(default_factory=list)


def run_query(snapshot: Snapshot, query: Query, statistics: Statistics | None = None) -> Iterator[Record]:
    """The results of a query in its order, one by one as they are found."""
    found = _all_results(snapshot, query, statistics or Statistics())
    stop = None if query.limit is None else query.offset + query.limit
    return islice(found, query.offset, stop)


def count_results(snapshot: Snapshot, query: Query, up_to: int | None, statistics: Statistics) -> int:
    """How many results a query has, counted no further than `up_to`; from the index alone where that decides it."""
    plan = choose_plan(snapshot, query, query.where[0]) if len(query.where) == 1 else None
    bounds = [bound for bound in (query.limit, up_to) if bound is not None]
    limit = min(bounds) if bounds else None
    if plan is None or snapshot.overlay or plan.residual or not _needs_no_documents(query, plan):
        return sum(1 for _ in islice(run_query(snapshot, query, statistics), limit))
    statistics.plans.append(plan)
    sql = plan.sql(snapshot, limit)
    if sql is None:
        return 0
    count = int(next(snapshot.rows(f"SELECT count(*) FROM ({sql[0]})", sql[1]))[0])  # noqa: S608
    statistics.index_entries += count
    return count


def _needs_no_documents(query: Query, plan: Plan) -> bool:
    return plan.complete and not query.offset and query.start is None and query.end is None


def _all_results(snapshot: Snapshot, query: Query, statistics: Statistics) -> Iterator[Record]:
    """All results, limit and offset aside."""
    streams = []
    for conjunction in query.where:
        plan = choose_plan(snapshot, query, conjunction)
        statistics.plans.append(plan)
        streams.append(_walk(snapshot, query, plan, statistics))
    if snapshot.overlay:
        streams.append(iter(_from_overlay(snapshot, query, statistics)))
    if len(streams) == 1:
        return streams[0]
    return _distinct(heapq.merge(*streams, key=lambda record: query.sort_key(record) or b""))


def _distinct(records: Iterable[Record]) -> Iterator[Record]:
    """Equal documents stand next to each other, since the name is part of every order."""
    last = None
    for record in records:
        key = (record.collection, record.id)
        if key != last:
            yield record
        last = key


def _from_overlay(snapshot: Snapshot, query: Query, statistics: Statistics) -> list[Record]:
    """The results among the documents that have changed since the time the snapshot shows."""
    records = []
    for (collection, document_id), blob in snapshot.overlay.items():
        if blob is None:
            continue
        record = Record(blob, collection, document_id)
        name = parse_document(record.document.name)
        if query.scope.covers(name.database, name.collection):
            statistics.documents += 1
            if query.selects(record):
                records.append(record)
    return sorted(records, key=lambda record: query.sort_key(record) or b"")


def _walk(snapshot: Snapshot, query: Query, plan: Plan, statistics: Statistics) -> Iterator[Record]:
    bounded = query.start is not None or query.end is not None
    for run in _runs(snapshot, plan, statistics):
        if len(run) == 1 and plan.ordered and plan.complete and not bounded:
            yield run[0]
            continue
        keyed = [(key, record) for record in run if (key := query.sort_key(record)) is not None and query.within(key)]
        keyed.sort(key=lambda pair: pair[0])
        yield from (record for _, record in keyed)


def _runs(snapshot: Snapshot, plan: Plan, statistics: Statistics) -> Iterator[list[Record]]:
    """The documents of a walk in groups that need sorting: one by one where the walk is in order, those with the same value
    where it is over the first field sorted by, all otherwise. Values that were cut off are alike to the index."""
    run: list[Record] = []
    last: bytes | None = None
    for value, record in _candidates(snapshot, plan, statistics):
        if run and plan.grouped and value != last:
            yield run
            run = []
        if plan.ordered and not (plan.grouped and len(value) == MAX_VALUE):
            yield [record]
        else:
            run.append(record)
        last = value
    if run:
        yield run


def _candidates(snapshot: Snapshot, plan: Plan, statistics: Statistics) -> Iterator[tuple[bytes, Record]]:
    sql = plan.sql(snapshot)
    if sql is None:
        return
    overlay = snapshot.overlay
    rows = snapshot.rows(*sql)
    if plan.by_path:
        paths = snapshot.collection_paths(plan.scope.database)
        rows = iter(sorted(rows, key=lambda row: (*paths[row[0]], encode_segment(row[1])), reverse=plan.ids_descending))
    for collection, document_id, value in rows:
        statistics.index_entries += 1
        if overlay and (collection, document_id) in overlay:
            continue
        blob = snapshot.fetch(collection, document_id)
        if blob is None:
            continue
        statistics.documents += 1
        record = Record(blob, collection, document_id)
        if all(comparison.matches(record) for comparison in plan.residual):
            yield value, record
