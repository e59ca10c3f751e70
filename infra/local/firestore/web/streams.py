"""The two streams that WebChannel carries, with one face: requests go in from any thread, responses come out in one."""

import queue
from collections.abc import Iterator
from typing import Any, Protocol

from infra.local.firestore.authorization import Caller
from infra.local.firestore.engine import Engine
from infra.local.firestore.messages import ListenRequest, WriteRequest


class Stream(Protocol):
    """A stream of the engine. `infra.local.firestore.listen.Listener` is one as it is."""

    def send(self, request: Any) -> None:
        """Take a request of the client."""
        ...

    def close(self) -> None:
        """End the responses."""
        ...

    def responses(self) -> Iterator[Any]:
        """What to send to the client, until closed. Raises FirestoreError for what ends the stream."""
        ...


class Writer:
    """A Write stream."""

    def __init__(self, engine: Engine, caller: Caller) -> None:
        self._engine = engine
        self._caller = caller
        self._requests: queue.SimpleQueue[WriteRequest | None] = queue.SimpleQueue()

    def send(self, request: WriteRequest) -> None:
        """Take a request of the client."""
        self._requests.put(request)

    def close(self) -> None:
        """End the responses, once the requests that came before are answered."""
        self._requests.put(None)

    def responses(self) -> Iterator[Any]:
        """One response for each request, in order. Raises the error of the first commit that fails."""
        yield from self._engine.write(iter(self._requests.get, None), self._caller)


KINDS: dict[str, Any] = {"Listen": ListenRequest, "Write": WriteRequest}
"""The methods that WebChannel carries, with the class of their requests."""


def open_stream(engine: Engine, method: str, caller: Caller) -> Stream:
    """A new stream of one of KINDS."""
    return engine.listen(caller) if method == "Listen" else Writer(engine, caller)
