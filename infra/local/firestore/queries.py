"""RunQuery, RunAggregationQuery, PartitionQuery."""

from collections.abc import Iterator
from typing import Any

from .aggregation import aggregate, aggregated_paths, parse_aggregations
from .authorization import Access, Caller, Method
from .core import Core, Reading, project
from .errors import InvalidArgument
from .executor import run_query
from .explain import Explanation
from .field_paths import NAME
from .filters import EVERYTHING
from .messages import (
    Cursor,
    Document,
    PartitionQueryRequest,
    PartitionQueryResponse,
    RunAggregationQueryRequest,
    RunAggregationQueryResponse,
    RunQueryRequest,
    RunQueryResponse,
    StructuredQuery,
    Value,
)
from .names import parse_parent
from .nearest import Nearest, parse_nearest
from .planner import choose_plan
from .query import Query, parse_query
from .timestamps import to_timestamp


class Queries:
    """Requests that search."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def run_query(self, request: RunQueryRequest, caller: Caller) -> Iterator[RunQueryResponse]:
        """The results of a query, in order, as they are found; the last response carries metrics if they are wanted."""
        database, parent = parse_parent(request.parent)
        structured = request.structured_query
        query = parse_query(database, parent, structured)
        self._core.indexing.check(query)
        nearest = parse_nearest(structured) if structured.HasField("find_nearest") else None
        explanation = Explanation(request.explain_options if request.HasField("explain_options") else None)
        with self._core.reading(database, request, [query]) as reading:
            self._authorize(reading, caller, database, parent, structured)
            reading.note_query(query)
            read_time = to_timestamp(reading.read_time)
            if reading.begun:
                yield RunQueryResponse(transaction=reading.begun)
            if explanation.plan_only:
                _plan(reading, query, explanation)
                yield RunQueryResponse(
                    explain_metrics=explanation.metrics(0)
                )  # nothing was read: there is no read time
                return
            count = 0
            for document in _results(reading, query, nearest, explanation):
                count += 1
                yield RunQueryResponse(document=document, read_time=read_time)
            if explanation.wanted:
                yield RunQueryResponse(explain_metrics=explanation.metrics(count), read_time=read_time)
            elif not count:
                yield RunQueryResponse(read_time=read_time)

    def run_aggregation_query(
        self, request: RunAggregationQueryRequest, caller: Caller
    ) -> Iterator[RunAggregationQueryResponse]:
        """One response with the values of all aggregations."""
        database, parent = parse_parent(request.parent)
        structured = request.structured_aggregation_query.structured_query
        if structured.HasField("find_nearest"):
            raise InvalidArgument("FindNearest cannot be aggregated.")
        aggregations = parse_aggregations(request.structured_aggregation_query)
        query = parse_query(database, parent, structured, aggregated_paths(aggregations))
        self._core.indexing.check(query, aggregated_paths(aggregations))
        explanation = Explanation(request.explain_options if request.HasField("explain_options") else None)
        with self._core.reading(database, request, [query]) as reading:
            self._authorize(reading, caller, database, parent, structured)
            reading.note_query(query)
            response = RunAggregationQueryResponse(transaction=reading.begun)
            if explanation.plan_only:
                _plan(reading, query, explanation)
            else:
                result = aggregate(reading.snapshot, query, aggregations, explanation.statistics)
                response.result.CopyFrom(result)
                response.read_time.CopyFrom(to_timestamp(reading.read_time))
        if explanation.wanted:
            response.explain_metrics.CopyFrom(explanation.metrics(1, aggregated=True))
        yield response

    def partition_query(self, request: PartitionQueryRequest, caller: Caller) -> PartitionQueryResponse:
        """At most `partition_count` cursors that cut a collection group into parts of about the same size."""
        database, parent = parse_parent(request.parent)
        structured = request.structured_query
        query = parse_query(database, parent, structured)
        _check_partitionable(query, request)
        with self._core.reading(database, request) as reading:
            self._authorize(reading, caller, database, parent, structured)
            names = [record.document.name for record in run_query(reading.snapshot, query)]
        cuts = min(request.partition_count, len(names) - 1)
        positions = [len(names) * part // (cuts + 1) for part in range(1, cuts + 1)]
        at = [names[position] for position in positions]
        following = at[at.index(request.page_token) + 1 :] if request.page_token in at else at
        size = request.page_size if request.page_size > 0 else len(following)
        response = PartitionQueryResponse()
        for name in following[:size]:
            response.partitions.append(Cursor(values=[Value(reference_value=name)], before=True))
        if len(following) > size:
            response.next_page_token = following[size - 1]
        return response

    def _authorize(
        self, reading: Reading, caller: Caller, database: str, parent: str, structured: StructuredQuery
    ) -> None:
        self._core.authorize(caller, [Access(Method.LIST, database, parent, query=structured)], reading.snapshot)


def _results(reading: Reading, query: Query, nearest: Nearest | None, explanation: Explanation) -> Iterator[Document]:
    if nearest is not None:
        found: Iterator[Any] = nearest.search(reading.snapshot, query, explanation.statistics)
    else:
        found = (record.document for record in run_query(reading.snapshot, query, explanation.statistics))
    if query.select is None:
        return found
    shown = query.select + ((nearest.result_path,) if nearest and nearest.result_path else ())
    return (project(document, shown) for document in found)


def _plan(reading: Reading, query: Query, explanation: Explanation) -> None:
    explanation.statistics.plans += [choose_plan(reading.snapshot, query, part) for part in query.where]


def _check_partitionable(query: Query, request: PartitionQueryRequest) -> None:
    if request.partition_count < 1:
        raise InvalidArgument("partition_count must be positive.")
    by_name = len(query.orders) == 1 and query.orders[0].path == NAME and not query.orders[0].descending
    plain = query.where == EVERYTHING and query.start is None and query.end is None and query.limit is None
    if not query.scope.descendants or not by_name or not plain:
        raise InvalidArgument(
            "PartitionQuery requires a collection group query ordered by __name__ ascending, without filters, cursors and limit."
        )
