"""The two streams that WebChannel carries, with one face: requests go in from any thread, responses come out in one."""

import queue
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from infra.local.firestore.authorization import SIGNED_OUT, Caller, identify
from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import FirestoreError, InvalidArgument
from infra.local.firestore.messages import ListenRequest, WriteRequest

from .proto_json import fill, parse_body


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


class Refused:
    """The stream of a caller who is let in nowhere: it ends with the error that says why."""

    def __init__(self, error: FirestoreError) -> None:
        self._error = error

    def send(self, request: Any) -> None:
        """Ignore it."""

    def close(self) -> None:
        """Nothing is open."""

    def responses(self) -> Iterator[Any]:
        """Raises the error."""
        raise self._error


KINDS: dict[str, Any] = {"Listen": ListenRequest, "Write": WriteRequest}
"""The methods that WebChannel carries, with the class of their requests."""


@dataclass(frozen=True, slots=True)
class Requests:
    """What the requests of one stream are: messages of one of KINDS, about the database that its caller was identified for."""

    kind: Any
    database: str

    def parse(self, text: str) -> Any:
        """The message in a JSON text, or the FirestoreError that it deserves."""
        try:
            message = fill(self.kind(), parse_body(text))
            if message.database and message.database != self.database:
                raise InvalidArgument(f'The stream is one of the database "{self.database}".')
        except FirestoreError as error:
            return error
        return message


def open_stream(engine: Engine, method: str, database: str, authorization: str | None) -> Stream:
    """A new stream of one of KINDS, for whoever the credentials stand for: without any, a user who is not signed in."""
    project = database.removeprefix("projects/").partition("/")[0]
    try:
        caller = identify(authorization, project) if authorization else SIGNED_OUT
    except FirestoreError as error:
        return Refused(error)
    return engine.listen(caller) if method == "Listen" else Writer(engine, caller)
