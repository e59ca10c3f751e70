"""What every request needs: the store, the open transactions, the authorizer, and a state of the database to read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .authorization import Access, Authorizer, Caller, DenyUsers
from .errors import FailedPrecondition, InvalidArgument
from .field_paths import NAME, FieldPath, get_field, parse_field_path, set_field
from .indexing import Indexing
from .messages import Document, DocumentMask
from .names import DocumentName
from .query import Query
from .session import version_of
from .snapshot import Snapshot
from .store import RETENTION, Store
from .timestamps import now_micros, to_micros
from .transactions import Transaction, Transactions


@dataclass(frozen=True, slots=True)
class Reading:
    """A state to read from. `begun` is the id of a transaction that the request has opened, empty if none."""

    snapshot: Snapshot
    read_time: int
    transaction: Transaction | None
    begun: bytes

    def note(self, name: DocumentName, document: Document | None) -> None:
        """Remember, for the transaction if there is one, that this document was read."""
        if self.transaction is not None and not self.transaction.read_only:
            self.transaction.has_read(name, version_of(document))

    def note_query(self, query: Query) -> None:
        """Remember, for the transaction if there is one, that the results of this query were read."""
        if self.transaction is not None and not self.transaction.read_only:
            self.transaction.queries.append((query, self.snapshot.version))


@dataclass(frozen=True, slots=True)
class Core:
    """The parts that the engine's requests share."""

    store: Store
    authorizer: Authorizer = field(default_factory=DenyUsers)
    indexing: Indexing = field(default_factory=Indexing)
    transactions: Transactions = field(default_factory=Transactions)

    @contextmanager
    def reading(self, database: str, request: Any, locks: Iterable[DocumentName | Query] = ()) -> Iterator[Reading]:
        """The state that a request's consistency selector asks for.

        In a read-write transaction, first waits its turn for the documents and queries in `locks`."""
        selector = request.WhichOneof("consistency_selector")
        begun = b""
        transaction = None
        if selector == "transaction":
            transaction = self.transactions.get(request.transaction, database)
        elif selector == "new_transaction":
            transaction = self.begin(database, request.new_transaction)
            begun = transaction.id
        if transaction is not None and not transaction.read_only:
            self._wait_turn(transaction, locks)
        with self.store.snapshot() as snapshot:
            at = transaction.read_time if transaction is not None else None
            if selector == "read_time":
                at = checked_read_time(to_micros(request.read_time))
            if at is not None:
                yield Reading(snapshot.at(at), at, transaction, begun)
            else:
                yield Reading(snapshot, self.store.read_time(snapshot), transaction, begun)

    def begin(self, database: str, options: Any) -> Transaction:
        """Open a transaction. Raises InvalidArgument or FailedPrecondition for a bad read time."""
        with self.store.snapshot() as snapshot:
            read_time = self.store.read_time(snapshot)
        if options.read_only.HasField("read_time"):
            read_time = checked_read_time(to_micros(options.read_only.read_time))
        return self.transactions.begin(database, options, read_time)

    def _wait_turn(self, transaction: Transaction, locks: Iterable[DocumentName | Query]) -> None:
        scopes = {lock.scope if isinstance(lock, Query) else lock for lock in locks}
        if transaction.optimistic:
            return
        for lock in sorted(scopes, key=str):
            self.transactions.locks.acquire(transaction.place, lock)
        if self.transactions.find(transaction.id) is None:  # ended while it waited
            self.transactions.locks.release(transaction.place)

    def authorize(self, caller: Caller, accesses: list[Access], snapshot: Snapshot) -> None:
        """Ask the authorizer about reads; administrators pass. Raises PermissionDenied."""
        if caller.claims is None:
            return

        def read(name: DocumentName) -> Document | None:
            blob = snapshot.get(name)
            return None if blob is None else Document.FromString(blob)

        self.authorizer.authorize(caller, accesses, read, read)


def checked_read_time(micros: int) -> int:
    """The read time, if history reaches back as far. Raises InvalidArgument or FailedPrecondition."""
    now = now_micros()
    if micros > now:
        raise InvalidArgument("read_time must not be in the future.")
    if micros < now - RETENTION:
        raise FailedPrecondition("read_time is too old: it must be within the past hour.")
    return micros


def parse_mask(mask: DocumentMask) -> tuple[FieldPath, ...]:
    """The paths of a mask. Raises InvalidArgument."""
    return tuple(parse_field_path(text) for text in mask.field_paths)


def project(document: Document, paths: Iterable[FieldPath]) -> Document:
    """A copy of a document with only these fields."""
    slim = Document(name=document.name, create_time=document.create_time, update_time=document.update_time)
    for path in paths:
        value = get_field(document.fields, path) if path != NAME else None
        if value is not None:
            set_field(slim.fields, path, value)
    return slim
