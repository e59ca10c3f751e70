"""RunQuery."""

from collections.abc import Iterator

from .authorization import Access, Caller, Method
from .core import Core, Reading, project
from .executor import run_query
from .messages import Document, RunQueryRequest, RunQueryResponse
from .names import parse_parent
from .query import Query, parse_query
from .records import Record
from .timestamps import to_timestamp


class Queries:
    """Requests that search."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def run_query(self, request: RunQueryRequest, caller: Caller) -> Iterator[RunQueryResponse]:
        """The results of a query, in order, as they are found."""
        database, parent = parse_parent(request.parent)
        query = parse_query(database, parent, request.structured_query)
        with self._core.reading(database, request, [query]) as reading:
            self._authorize(reading, caller, database, parent, request)
            reading.note_query(query)
            yield from self._results(reading, query)

    def _results(self, reading: Reading, query: Query) -> Iterator[RunQueryResponse]:
        if reading.begun:
            yield RunQueryResponse(transaction=reading.begun)
        read_time = to_timestamp(reading.read_time)
        empty = True
        for record in run_query(reading.snapshot, query):
            empty = False
            yield RunQueryResponse(document=shown(record, query), read_time=read_time)
        if empty:
            yield RunQueryResponse(read_time=read_time, skipped_results=0)

    def _authorize(
        self, reading: Reading, caller: Caller, database: str, parent: str, request: RunQueryRequest
    ) -> None:
        access = Access(Method.LIST, database, parent, query=request.structured_query)
        self._core.authorize(caller, [access], reading)


def shown(record: Record, query: Query) -> Document:
    """A result with the fields that the query selects."""
    return record.document if query.select is None else project(record.document, query.select)
