"""The Firestore API without a transport: each method takes a request message and a caller, and returns response messages.

Raises FirestoreError; anything else is a bug. All methods may be called from any number of threads.
"""

from pathlib import Path

from .authorization import Authorizer, DenyUsers
from .commits import Commits
from .core import Core
from .queries import Queries
from .reads import Reads
from .store import Store


class Engine:
    """One data folder's databases."""

    def __init__(self, data: Path, authorizer: Authorizer | None = None) -> None:
        self._store = Store(data / "firestore.db")
        core = Core(self._store, authorizer or DenyUsers())
        self.reads = Reads(core)
        self.queries = Queries(core)
        self.commits = Commits(core)

    def close(self) -> None:
        """Finish what has been accepted and close the files."""
        self._store.close()
