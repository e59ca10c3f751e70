"""ListDocuments: a collection page by page, with the missing documents that only have subcollections if asked for."""

import base64
import binascii
from collections.abc import Iterator

from google.protobuf.message import DecodeError

from .authorization import Access, Caller, Method
from .core import Core, Reading, parse_mask, project
from .errors import InvalidArgument
from .executor import run_query
from .field_paths import NAME, get_field, parse_field_path
from .messages import Cursor, Document, ListDocumentsRequest, ListDocumentsResponse, StructuredQuery, Value
from .names import DocumentName, check_collection_id, parse_parent
from .query import parse_query
from .reads import child_segments

DEFAULT_PAGE = 300
"""Documents of a page when the request names no number."""


class Listing:
    """The requests that page through one collection."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list_documents(self, request: ListDocumentsRequest, caller: Caller) -> ListDocumentsResponse:
        """One page. Raises InvalidArgument for a bad order or page token."""
        database, parent = parse_parent(request.parent)
        check_collection_id(request.collection_id)
        if request.show_missing and request.order_by:
            raise InvalidArgument("show_missing cannot be combined with order_by.")
        structured = _structured(request)
        query = parse_query(database, parent, structured)
        self._core.indexing.check(query)
        size = request.page_size if request.page_size > 0 else DEFAULT_PAGE
        with self._core.reading(database, request, [query]) as reading:
            self._core.authorize(caller, [Access(Method.LIST, database, parent, query=structured)], reading.snapshot)
            reading.note_query(query)
            if request.show_missing:
                documents = list(_with_missing(reading, request, size + 1))
            else:
                structured.limit.value = size + 1
                found = run_query(reading.snapshot, parse_query(database, parent, structured))
                documents = [record.document for record in found]
        return _page(request, structured, documents, size)


def _page(
    request: ListDocumentsRequest, structured: StructuredQuery, documents: list[Document], size: int
) -> ListDocumentsResponse:
    paths = parse_mask(request.mask) if request.HasField("mask") else None
    shown = documents[:size]
    response = ListDocumentsResponse(documents=shown if paths is None else [project(each, paths) for each in shown])
    if len(documents) > size:
        response.next_page_token = _token(shown[-1], structured)
    return response


def _structured(request: ListDocumentsRequest) -> StructuredQuery:
    """The query that a list request stands for, from its page token on, without a limit."""
    query = StructuredQuery()
    query.from_.add(collection_id=request.collection_id)
    for part in request.order_by.split(",") if request.order_by else ():
        field, _, direction = part.strip().partition(" ")
        if direction.strip().lower() not in ("", "asc", "desc"):
            raise InvalidArgument(f'Invalid order_by: "{request.order_by}".')
        descending = direction.strip().lower() == "desc"
        order = query.order_by.add(direction=StructuredQuery.DESCENDING if descending else StructuredQuery.ASCENDING)
        order.field.field_path = field
    if not any(order.field.field_path == "__name__" for order in query.order_by):
        last = query.order_by[-1].direction if query.order_by else StructuredQuery.ASCENDING
        query.order_by.add(direction=last).field.field_path = "__name__"
    if request.page_token:
        query.start_at.CopyFrom(_cursor(request.page_token))
        if len(query.start_at.values) != len(query.order_by):
            raise InvalidArgument("The page token belongs to another request.")
    return query


def _token(document: Document, query: StructuredQuery) -> str:
    cursor = Cursor()
    for order in query.order_by:
        path = parse_field_path(order.field.field_path)
        name = Value(reference_value=document.name)
        cursor.values.append(name if path == NAME else get_field(document.fields, path))
    return base64.urlsafe_b64encode(cursor.SerializeToString()).decode()


def _cursor(token: str) -> Cursor:
    try:
        return Cursor.FromString(base64.b64decode(token, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, DecodeError) as error:
        raise InvalidArgument("Invalid page token.") from error


def _with_missing(reading: Reading, request: ListDocumentsRequest, limit: int) -> Iterator[Document]:
    database, parent = parse_parent(request.parent)
    path = f"{parent}/{request.collection_id}" if parent else request.collection_id
    query = StructuredQuery()
    query.from_.add(collection_id=request.collection_id)
    found = {
        record.document.name: record.document
        for record in run_query(reading.snapshot, parse_query(database, parent, query))
    }
    names = {str(DocumentName(database, path, each)) for each in child_segments(reading.snapshot, database, path)}
    after = _cursor(request.page_token).values[0].reference_value if request.page_token else ""
    following = sorted((name for name in names | found.keys() if name.encode() > after.encode()), key=str.encode)
    for name in following[:limit]:
        yield found[name] if name in found else Document(name=name)
