"""BeginTransaction, Commit, Rollback, BatchWrite and the writes of a single document."""

import secrets
import string
from concurrent.futures import Future
from functools import partial

from .authorization import Caller
from .core import Core, parse_mask, project
from .drafts import Draft, make_drafts
from .errors import FirestoreError, InvalidArgument
from .messages import (
    BatchWriteRequest,
    BatchWriteResponse,
    BeginTransactionRequest,
    BeginTransactionResponse,
    CommitRequest,
    CommitResponse,
    CreateDocumentRequest,
    DeleteDocumentRequest,
    Document,
    Empty,
    RollbackRequest,
    UpdateDocumentRequest,
    Write,
    WriteResult,
)
from .names import DocumentName, check_collection_id, check_segments, parse_database, parse_document, parse_parent
from .session import Session
from .store import Answer, Settled
from .transactions import Transaction, remembered_answer
from .writes import apply_writes, target_of

MAX_BATCH = 500
"""Writes of one BatchWrite."""

_ID_ALPHABET = string.ascii_letters + string.digits
_ID_LENGTH = 20


class Commits:
    """Requests that change documents."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def begin_transaction(self, request: BeginTransactionRequest, caller: Caller) -> BeginTransactionResponse:  # noqa: ARG002
        """Open a transaction."""
        transaction = self._core.begin(parse_database(request.database), request.options)
        return BeginTransactionResponse(transaction=transaction.id)

    def rollback(self, request: RollbackRequest, caller: Caller) -> Empty:  # noqa: ARG002
        """Drop a transaction; one that is gone already is no error."""
        database = parse_database(request.database)
        transaction = self._core.transactions.find(request.transaction)
        if transaction is not None and transaction.database == database:
            self._core.transactions.end(transaction)
        return Empty()

    def commit(self, request: CommitRequest, caller: Caller) -> CommitResponse:
        """All of the writes or none. Raises the error of the first write that fails, or Aborted on contention."""
        done: Future[Settled[CommitResponse]] = Future()
        self.commit_then(request, caller, done.set_result)
        return done.result()()

    def commit_then(self, request: CommitRequest, caller: Caller, answer: Answer[CommitResponse]) -> None:
        """`commit` for those who must not wait: `answer` is called once it has ended, in the writer's thread.

        Raises FirestoreError, and calls nobody, for what is wrong at first sight."""
        database = parse_database(request.database)
        store, transactions = self._core.store, self._core.transactions
        drafts = make_drafts(request.writes, database, self._core.indexing)
        if not request.transaction:
            store.commit_then(lambda session: self._apply(session, database, request, drafts, caller), answer)
            return
        transaction = transactions.find(request.transaction)
        if transaction is None:
            store.commit_then(lambda session: self._repeat(session, request.transaction, database), answer)
            return
        transactions.get(request.transaction, database)

        def end(settled: Settled[CommitResponse]) -> None:
            transactions.end(transaction)
            answer(settled)

        store.commit_then(lambda session: self._apply_checked(session, transaction, request, drafts, caller), end)

    def _repeat(self, session: Session, transaction: bytes, database: str) -> CommitResponse:
        """The answer lost on the way when this transaction committed. Raises as for any unknown transaction otherwise."""
        answer = remembered_answer(session, transaction)
        if answer is None:
            self._core.transactions.get(transaction, database)
        return answer

    def _apply(
        self, session: Session, database: str, request: CommitRequest, drafts: list[Draft | None], caller: Caller
    ) -> CommitResponse:
        results = apply_writes(session, database, request.writes, drafts, caller, self._core.authorizer)
        return CommitResponse(write_results=results, commit_time=session.time)

    def _apply_checked(
        self,
        session: Session,
        transaction: Transaction,
        request: CommitRequest,
        drafts: list[Draft | None],
        caller: Caller,
    ) -> CommitResponse:
        if transaction.read_only and request.writes:
            raise InvalidArgument("Cannot modify entities in a read-only transaction.")
        transaction.check(session)
        response = self._apply(session, transaction.database, request, drafts, caller)
        if request.writes:
            session.remember(transaction.id, response.SerializeToString())
        return response

    def create_document(self, request: CreateDocumentRequest, caller: Caller) -> Document:
        """A new document, with an id made up if none is given. Raises AlreadyExists."""
        database, parent = parse_parent(request.parent)
        check_collection_id(request.collection_id)
        document_id = request.document_id or "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LENGTH))
        if "/" in document_id:
            raise InvalidArgument(f'Document id "{document_id}" is invalid because it contains "/".')
        check_segments([document_id], document_id)
        path = f"{parent}/{request.collection_id}" if parent else request.collection_id
        write = Write(update=request.document)
        write.update.name = str(DocumentName(database, path, document_id))
        write.current_document.exists = False
        return self._write_one(database, write, caller, request)

    def update_document(self, request: UpdateDocumentRequest, caller: Caller) -> Document:
        """The document after setting it, or the fields that the update mask names."""
        write = Write(update=request.document)
        if request.HasField("update_mask"):
            write.update_mask.CopyFrom(request.update_mask)
        if request.HasField("current_document"):
            write.current_document.CopyFrom(request.current_document)
        return self._write_one(parse_document(request.document.name).database, write, caller, request)

    def _write_one(
        self, database: str, write: Write, caller: Caller, request: CreateDocumentRequest | UpdateDocumentRequest
    ) -> Document:
        name = target_of(write, database)

        def work(session: Session) -> Document:
            self._apply_one(database, write, caller, session)
            return session.read(name)

        paths = parse_mask(request.mask) if request.HasField("mask") else None
        document = self._core.store.commit(work)
        return document if paths is None else project(document, paths)

    def delete_document(self, request: DeleteDocumentRequest, caller: Caller) -> Empty:
        """Delete a document; a missing one is no error unless the precondition says so."""
        write = Write(delete=request.name)
        if request.HasField("current_document"):
            write.current_document.CopyFrom(request.current_document)
        database = parse_document(request.name).database
        self._core.store.commit(partial(self._apply_one, database, write, caller))
        return Empty()

    def batch_write(self, request: BatchWriteRequest, caller: Caller) -> BatchWriteResponse:
        """Each write on its own: some may fail. Raises InvalidArgument when a document is written twice."""
        database = parse_database(request.database)
        if len(request.writes) > MAX_BATCH:
            raise InvalidArgument(f"maximum {MAX_BATCH} writes allowed per request")
        names = [target_of(write, database) for write in request.writes]
        if len(set(names)) < len(names):
            raise InvalidArgument("BatchWrite requests may not contain multiple writes to the same document.")
        response = BatchWriteResponse()
        works = [partial(self._apply_one, database, write, caller) for write in request.writes]
        for settled in self._core.store.commit_all(works):
            try:
                result = settled()
            except FirestoreError as error:
                response.write_results.add()
                response.status.add(code=int(error.code), message=error.message)
            else:
                response.write_results.append(result)
                response.status.add()
        return response

    def _apply_one(self, database: str, write: Write, caller: Caller, session: Session) -> WriteResult:
        return apply_writes(session, database, [write], [None], caller, self._core.authorizer)[0]
