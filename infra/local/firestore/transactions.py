"""Transactions: what each has read, and the check at commit that all of it still stands.

Reads see the newest state and take advisory locks. At commit, in the writer's thread, every document read must have the
version that was read, and no commit since may have touched what a query read in the transaction would have returned: what
commits is serializable. The answer to a commit is kept with it, so a commit repeated after a lost answer happens once.
"""

import itertools
import os
import threading
import time
from dataclasses import dataclass, field

from .errors import Aborted, InvalidArgument
from .locks import Locks
from .messages import CommitResponse, TransactionOptions
from .names import DocumentName
from .query import Query
from .records import Record
from .session import Session, version_of

IDLE = 60.0
"""Seconds after which an unused transaction expires."""
LIFETIME = 270.0
"""Seconds after which every transaction expires."""

_EXPIRED = "The referenced transaction has expired or is no longer valid."
_CONTENTION = "Too much contention on these documents. Please try again."
_MEMORY = 1000.0
"""Seconds that the place in line of an ended transaction is remembered for its retry."""


@dataclass(slots=True)
class Transaction:
    """An open transaction. `read_time` is set for read-only ones. `place` is its place in line for locks, which
    optimistic ones do not take."""

    id: bytes
    database: str
    place: int
    read_time: int | None
    optimistic: bool = False
    started: float = field(default_factory=time.monotonic)
    used: float = field(default_factory=time.monotonic)
    documents: dict[DocumentName, int] = field(default_factory=dict)
    queries: list[tuple[Query, int]] = field(default_factory=list)

    @property
    def read_only(self) -> bool:
        """Whether writes are refused and reads go to one point in time."""
        return self.read_time is not None

    def has_read(self, name: DocumentName, version: int) -> None:
        """Note the version of a document (0: it was missing). The first reading counts: a later one must not hide a change."""
        self.documents.setdefault(name, version)

    def check(self, session: Session) -> None:
        """Raise Aborted if anything read has changed."""
        for name, version in self.documents.items():
            if version_of(session.read(name)) != version:
                raise Aborted(_CONTENTION)
        for query, version in self.queries:
            if any(_is_affected(session, query, version, name) for name in session.changed_since(version)):
                raise Aborted(_CONTENTION)


def _is_affected(session: Session, query: Query, version: int, name: DocumentName) -> bool:
    if not query.scope.covers(name.database, name.collection):
        return False
    states = (session.before_change(name, version), session.read(name))
    return any(state is not None and query.selects(Record(state.SerializeToString())) for state in states)


class Transactions:
    """The open transactions of this process."""

    def __init__(self) -> None:
        self.locks = Locks()
        self._boot = os.urandom(4)
        self._places = itertools.count(1)
        self._guard = threading.Lock()
        self._open: dict[bytes, Transaction] = {}
        self._ended: dict[bytes, tuple[int, float]] = {}

    def begin(self, database: str, options: TransactionOptions, read_time: int) -> Transaction:
        """Open a transaction; `read_time` is for read-only ones that do not name another."""
        identifier = self._boot + os.urandom(12)
        retried = options.read_write.retry_transaction
        with self._guard:
            self._expire()
            place = next(self._places)
            if retried in self._ended:
                place = min(place, self._ended[retried][0])
            optimistic = options.read_write.concurrency_mode == TransactionOptions.OPTIMISTIC
            read_only = options.WhichOneof("mode") == "read_only"
            transaction = Transaction(identifier, database, place, read_time if read_only else None, optimistic)
            self._open[identifier] = transaction
        return transaction

    def get(self, identifier: bytes, database: str) -> Transaction:
        """An open transaction. Raises Aborted if it was lost in a restart, InvalidArgument if it is none."""
        with self._guard:
            self._expire()
            transaction = self._open.get(identifier)
            if transaction is None:
                if len(identifier) == len(self._boot) + 12 and not identifier.startswith(self._boot):
                    raise Aborted("The transaction was lost when the server restarted. Please try again.")
                raise InvalidArgument(_EXPIRED)
            if transaction.database != database:
                raise InvalidArgument("The transaction belongs to another database.")
            transaction.used = time.monotonic()
            return transaction

    def find(self, identifier: bytes) -> Transaction | None:
        """An open transaction, or None."""
        with self._guard:
            return self._open.get(identifier)

    def end(self, transaction: Transaction) -> None:
        """Forget a transaction and let those go on that wait for it. Its place in line stays for a retry."""
        with self._guard:
            self._end(transaction)

    def _end(self, transaction: Transaction) -> None:
        self._open.pop(transaction.id, None)
        self._ended[transaction.id] = (transaction.place, time.monotonic())
        self.locks.release(transaction.place)

    def _expire(self) -> None:
        now = time.monotonic()
        for transaction in list(self._open.values()):
            if now - transaction.used > IDLE or now - transaction.started > LIFETIME:
                self._end(transaction)
        while self._ended and now - next(iter(self._ended.values()))[1] > _MEMORY:
            del self._ended[next(iter(self._ended))]


def remembered_answer(session: Session, identifier: bytes) -> CommitResponse | None:
    """The answer given when this transaction committed, or None if it has not."""
    kept = session.remembered(identifier)
    return CommitResponse.FromString(kept) if kept is not None else None
