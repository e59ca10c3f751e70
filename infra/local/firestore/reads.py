"""GetDocument, BatchGetDocuments, ListDocuments, ListCollectionIds."""

from collections.abc import Iterator

from .authorization import Access, Caller, Method
from .core import Core, Reading, parse_mask, project
from .errors import InvalidArgument, NotFound
from .field_paths import FieldPath
from .messages import (
    BatchGetDocumentsRequest,
    BatchGetDocumentsResponse,
    Document,
    GetDocumentRequest,
    ListCollectionIdsRequest,
    ListCollectionIdsResponse,
)
from .names import DocumentName, parse_database, parse_document, parse_parent
from .snapshot import Snapshot
from .timestamps import to_timestamp


class Reads:
    """Requests that name the documents they want."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def get_document(self, request: GetDocumentRequest, caller: Caller) -> Document:
        """One document. Raises NotFound."""
        name = parse_document(request.name)
        paths = parse_mask(request.mask) if request.HasField("mask") else None
        with self._core.reading(name.database, request, [name]) as reading:
            document = self._read(reading, name, caller)
        if document is None:
            raise NotFound(f'Document "{name}" not found.')
        return document if paths is None else project(document, paths)

    def batch_get_documents(
        self, request: BatchGetDocumentsRequest, caller: Caller
    ) -> Iterator[BatchGetDocumentsResponse]:
        """Many documents, each found or missing, all from one point in time."""
        database = parse_database(request.database)
        names = list(dict.fromkeys(parse_document(text) for text in request.documents))
        for name in names:
            if name.database != database:
                raise InvalidArgument(f'Document "{name}" is not in the database "{database}".')
        paths = parse_mask(request.mask) if request.HasField("mask") else None
        with self._core.reading(database, request, names) as reading:
            if reading.begun:
                yield BatchGetDocumentsResponse(transaction=reading.begun)
            read_time = to_timestamp(reading.read_time)
            for name in names:
                yield self._answer(reading, name, paths, caller, read_time)

    def _answer(
        self,
        reading: Reading,
        name: DocumentName,
        paths: tuple[FieldPath, ...] | None,
        caller: Caller,
        read_time: object,
    ) -> BatchGetDocumentsResponse:
        document = self._read(reading, name, caller)
        if document is None:
            return BatchGetDocumentsResponse(missing=str(name), read_time=read_time)
        found = document if paths is None else project(document, paths)
        return BatchGetDocumentsResponse(found=found, read_time=read_time)

    def _read(self, reading: Reading, name: DocumentName, caller: Caller) -> Document | None:
        blob = reading.snapshot.get(name)
        document = None if blob is None else Document.FromString(blob)
        reading.note(name, document)
        self._core.authorize(
            caller, [Access(Method.GET, name.database, name.path, document, document)], reading.snapshot
        )
        return document

    def list_collection_ids(self, request: ListCollectionIdsRequest, caller: Caller) -> ListCollectionIdsResponse:
        """The names of the collections directly below a document or the root that have a document at some depth."""
        database, parent = parse_parent(request.parent)
        page_size = request.page_size if request.page_size > 0 else 100_000
        with self._core.reading(database, request) as reading:
            self._core.authorize(caller, [Access(Method.LIST, database, parent)], reading.snapshot)
            ids = [name for name in child_segments(reading.snapshot, database, parent) if name > request.page_token]
        ids.sort(key=str.encode)
        response = ListCollectionIdsResponse(collection_ids=ids[:page_size])
        if len(ids) > page_size:
            response.next_page_token = ids[page_size - 1]
        return response


def child_segments(snapshot: Snapshot, database: str, parent: str) -> set[str]:
    """The segments that follow the path `parent` in the paths of collections that hold documents."""
    prefix = f"{parent}/" if parent else ""
    sql = """SELECT c.id, c.path FROM collections c WHERE c.database = ? AND c.path >= ? AND c.path < ?
             AND EXISTS (SELECT 1 FROM documents d WHERE d.collection = c.id)"""
    upper = f"{parent}0" if parent else "\U0010ffff"  # "0" follows "/"
    paths = {row[0]: row[1] for row in snapshot.rows(sql, (database, prefix, upper))}
    if snapshot.overlay:
        _look_back(snapshot, database, (prefix, upper), paths)
    return {path[len(prefix) :].partition("/")[0] for path in paths.values()}


def _look_back(snapshot: Snapshot, database: str, interval: tuple[str, str], paths: dict[int, str]) -> None:
    """Make of the collections that hold documents now those that held documents then."""
    touched = {collection for collection, _ in snapshot.overlay}
    for collection in touched:
        row = next(iter(snapshot.rows("SELECT database, path FROM collections WHERE id = ?", (collection,))))
        if row[0] != database or not interval[0] <= row[1] < interval[1]:
            continue
        then = {
            document_id for (number, document_id), blob in snapshot.overlay.items() if number == collection and blob
        }
        now = {row[0] for row in snapshot.rows("SELECT id FROM documents WHERE collection = ?", (collection,))}
        untouched = any((collection, document_id) not in snapshot.overlay for document_id in now)
        if then or untouched:
            paths[collection] = row[1]
        else:
            paths.pop(collection, None)
