"""Listen: streams that tell clients what changes in the documents and queries they watch.

Each target gets its result, then the difference that every commit makes, in the order of commits. A resume token is the
version that the client has seen; since history is on disk, it works after a restart too.
"""

import queue
import struct
import threading
from collections.abc import Iterator

from .authorization import Caller
from .core import Core
from .errors import Code, FirestoreError, InvalidArgument, Unavailable
from .messages import ListenRequest, ListenResponse, Target, TargetChange
from .names import parse_database
from .session import CommitEvent
from .snapshot import Snapshot
from .store import RETENTION
from .targets import ActiveTarget, Difference, WatchedQuery, parse_target
from .timestamps import now_micros, to_micros, to_timestamp

HEARTBEAT = 30.0
"""Seconds of silence after which a listener is told the time, so that its resume token stays young."""

_TOKEN = struct.Struct(">Q")


class Hub:
    """Hands every commit to the listeners it concerns. Called by the writer: it must not wait."""

    def __init__(self) -> None:
        self._listeners: frozenset[Listener] = frozenset()
        self._guard = threading.Lock()

    def join(self, listener: "Listener") -> None:
        """Tell `listener` about commits from now on."""
        with self._guard:
            self._listeners |= {listener}

    def leave(self, listener: "Listener") -> None:
        """Tell it no more."""
        with self._guard:
            self._listeners -= {listener}

    def close(self) -> None:
        """Send all listeners away; their clients come back when there is a server again."""
        for listener in self._listeners:
            listener.send_away()

    def publish(self, event: CommitEvent) -> None:
        """Pass a commit on."""
        for listener in self._listeners:
            listener.notice(event)


class Listener:
    """One Listen stream. `send` and `close` may be called from any thread; `responses` is consumed by one."""

    def __init__(self, core: Core, hub: Hub, caller: Caller) -> None:
        self._core = core
        self._hub = hub
        self._caller = caller
        self._inbox: queue.SimpleQueue[ListenRequest | CommitEvent | None] = queue.SimpleQueue()
        self._targets: dict[int, ActiveTarget] = {}
        self._database = ""
        self._settled = 0
        self._sent_away = False

    def send(self, request: ListenRequest) -> None:
        """Take a request of the client."""
        self._inbox.put(request)

    def close(self) -> None:
        """End the responses."""
        self._inbox.put(None)

    def send_away(self) -> None:
        """End the responses with Unavailable, which makes clients resume elsewhere or later."""
        self._sent_away = True
        self._inbox.put(None)

    def notice(self, event: CommitEvent) -> None:
        """Take a commit that may concern a target."""
        if any(
            target.watched.covers(change.name) for target in tuple(self._targets.values()) for change in event.changes
        ):
            self._inbox.put(event)

    def responses(self) -> Iterator[ListenResponse]:
        """What to send to the client, until the stream is closed. Raises FirestoreError for a request that ends it,
        Unavailable when the server stops."""
        self._hub.join(self)
        try:
            while True:
                try:
                    item = self._inbox.get(timeout=HEARTBEAT)
                except queue.Empty:
                    yield from self._beat()
                    continue
                if item is None and self._sent_away:
                    raise Unavailable("The server is going down.")
                if item is None:
                    return
                if isinstance(item, CommitEvent):
                    yield from self._follow(item)
                else:
                    yield from self._handle(item)
        finally:
            self._hub.leave(self)

    def _beat(self) -> Iterator[ListenResponse]:
        """Tell the time, if no commit is on its way to this listener."""
        with self._core.store.snapshot() as snapshot:
            read_time = self._core.store.read_time(snapshot)
        if self._targets and self._inbox.empty():
            yield self._consistent_at(read_time)

    def _handle(self, request: ListenRequest) -> Iterator[ListenResponse]:
        if not self._database:
            self._database = parse_database(request.database)
        match request.WhichOneof("target_change"):
            case "add_target":
                yield from self._add(request.add_target)
            case "remove_target":
                if self._targets.pop(request.remove_target, None) is not None:
                    yield _target_change(TargetChange.REMOVE, [request.remove_target])
            case _:
                raise InvalidArgument("A Listen request must add or remove a target.")

    def _add(self, target: Target) -> Iterator[ListenResponse]:
        number = target.target_id or max(self._targets, default=0) + 1
        if number in self._targets:
            raise InvalidArgument(f"Target id {number} is in use already.")
        try:
            active = ActiveTarget(number, parse_target(target, self._database))
            if isinstance(active.watched, WatchedQuery):
                self._core.indexing.check(active.watched.query)
        except FirestoreError as error:
            yield _target_error(number, error.code, error.message)
            return
        self._targets[number] = active  # from here on commits arrive; those that the snapshot shows are skipped later
        with self._core.store.snapshot() as snapshot:
            try:
                if self._caller.claims is not None:
                    self._core.authorize(self._caller, active.watched.accesses(snapshot), snapshot)
            except FirestoreError as error:
                del self._targets[number]
                yield _target_error(number, error.code, error.message)
                return
            yield _target_change(TargetChange.ADD, [number])
            yield from self._catch_up(active, target, snapshot)
            read_time = self._core.store.read_time(snapshot)
        yield _target_change(TargetChange.CURRENT, [number], read_time)
        # Other targets have yet to follow the commits that wait in the inbox, which may be earlier than this time.
        yield self._consistent_at(read_time if self._inbox.empty() or len(self._targets) == 1 else self._settled)
        if target.once:
            del self._targets[number]
            yield _target_change(TargetChange.REMOVE, [number])

    def _catch_up(self, active: ActiveTarget, target: Target, snapshot: Snapshot) -> Iterator[ListenResponse]:
        """The result, or what has changed in it since the time that the client resumes from."""
        since = _resumed_version(target, snapshot)
        resumes = target.WhichOneof("resume_type") is not None
        if since is not None:
            active.move_to(snapshot.at(since))
        elif resumes:
            yield _target_change(TargetChange.RESET, [active.number])
        difference = active.move_to(snapshot)
        if since is None and target.WhichOneof("target_type") == "documents":
            difference.removed += [(name, True) for name in target.documents.documents if name not in active.known]
        yield from _messages(active.number, difference, snapshot.version)
        if since is not None:
            response = ListenResponse()
            response.filter.target_id = active.number
            response.filter.count = len(active.known)
            yield response

    def _follow(self, event: CommitEvent) -> Iterator[ListenResponse]:
        told = False
        for active in list(self._targets.values()):
            changes = [change for change in event.changes if active.watched.covers(change.name)]
            if not changes or event.version <= active.version:
                continue
            if active.watched.incremental:
                difference = active.follow(changes, event.version)
            else:
                with self._core.store.snapshot() as snapshot:
                    difference = active.move_to(snapshot.at(event.version))
            told = told or bool(difference)
            yield from _messages(active.number, difference, event.version)
        if told:
            yield self._consistent_at(event.version)

    def _consistent_at(self, version: int) -> ListenResponse:
        """Tells the client that it knows all targets as of `version`."""
        self._settled = max(self._settled, version)
        return _target_change(TargetChange.NO_CHANGE, [], self._settled)


def _resumed_version(target: Target, snapshot: Snapshot) -> int | None:
    """The version that a client resumes from, or None if it has to start over."""
    match target.WhichOneof("resume_type"):
        case "resume_token" if len(target.resume_token) == _TOKEN.size:
            version: int = _TOKEN.unpack(target.resume_token)[0]
        case "read_time":
            version = to_micros(target.read_time)
        case _:
            return None
    now = now_micros()
    return version if now - RETENTION <= version <= max(now, snapshot.version) else None


def _messages(number: int, difference: Difference, version: int) -> Iterator[ListenResponse]:
    for document in difference.changed:
        response = ListenResponse()
        response.document_change.document.CopyFrom(document)
        response.document_change.target_ids.append(number)
        yield response
    for name, gone in difference.removed:
        response = ListenResponse()
        removal = response.document_delete if gone else response.document_remove
        removal.document = name
        removal.removed_target_ids.append(number)
        removal.read_time.CopyFrom(to_timestamp(version))
        yield response


def _target_change(kind: int, numbers: list[int], read_time: int | None = None) -> ListenResponse:
    response = ListenResponse()
    change = response.target_change
    change.target_change_type = kind
    change.target_ids.extend(numbers)
    if read_time is not None:
        change.resume_token = _TOKEN.pack(read_time)
        change.read_time.CopyFrom(to_timestamp(read_time))
    return response


def _target_error(number: int, code: Code, message: str) -> ListenResponse:
    response = _target_change(TargetChange.REMOVE, [number])
    response.target_change.cause.code = int(code)
    response.target_change.cause.message = message
    return response
