"""The Firestore API without a transport: each method takes a request message and a caller, and returns response messages.

Raises FirestoreError; anything else is a bug. All methods may be called from any number of threads.
"""

from collections.abc import Iterator
from pathlib import Path

from .authorization import Authorizer, Caller, DenyUsers
from .commits import Commits
from .core import Core
from .expiry import sweep
from .indexing import Indexing
from .listen import Hub, Listener
from .listing import Listing
from .messages import WriteRequest, WriteResponse
from .queries import Queries
from .reads import Reads
from .store import Store
from .write_stream import write_stream


class Engine:
    """One data folder's databases."""

    def __init__(self, data: Path, authorizer: Authorizer | None = None, indexing: Indexing | None = None) -> None:
        indexing = indexing or Indexing()
        self._store = Store(data / "firestore.db", indexing)
        core = Core(self._store, authorizer or DenyUsers(), indexing)
        self._core = core
        self._hub = Hub()
        self._store.observers.append(self._hub.publish)
        self.reads = Reads(core)
        self.listing = Listing(core)
        self.queries = Queries(core)
        self.commits = Commits(core)

    def listen(self, caller: Caller) -> Listener:
        """A new Listen stream: `send` it requests, send its `responses()`, and `close` it when the client goes."""
        return Listener(self._core, self._hub, caller)

    def write(self, requests: Iterator[WriteRequest], caller: Caller) -> Iterator[WriteResponse]:
        """A Write stream."""
        return write_stream(self.commits, requests, caller)

    def sweep(self) -> int:
        """Delete the documents whose time has come by a TTL policy; returns how many. To be called now and then."""
        return sweep(self._store, self._core.indexing)

    def send_listeners_away(self) -> None:
        """End every Listen stream; clients come back by themselves. To be called before the transport stops."""
        self._hub.close()

    def close(self) -> None:
        """Finish what has been accepted and close the files."""
        self._store.close()
