"""Listen: streams that tell clients what changes in the documents and queries they watch.

Each target gets its result, then the difference that every commit makes, in the order of commits. A resume token is the
version that the client has seen; since history is on disk, it works after a restart too.

An end user's right to a target is looked at when it is added, again with every commit that concerns it, so that nobody goes on
seeing what is no longer shared, and now and then for what else it depends on. The stream ends with the user's token.
"""

import queue
import threading
import time
from collections.abc import Iterator

from .authorization import Caller
from .core import Core
from .errors import FirestoreError, InvalidArgument, Unavailable
from .messages import ListenRequest, ListenResponse, Target, TargetChange
from .names import parse_database
from .notices import TOKEN, differences, target_change, target_error
from .session import Change, CommitEvent
from .snapshot import Snapshot
from .store import RETENTION
from .targets import ActiveTarget, Difference, WatchedQuery, parse_target
from .timestamps import now_micros, to_micros

HEARTBEAT = 30.0
"""Seconds after which a listener is told the time, so that its resume token stays young, and its rights are looked at again:
rules change, and so do the other documents that they look at."""


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
        Unauthenticated when the caller's ID token has expired, Unavailable when the server stops."""
        self._hub.join(self)
        due = time.monotonic() + HEARTBEAT
        try:
            while True:
                self._caller.check_expiry()
                if time.monotonic() >= due:
                    due = time.monotonic() + HEARTBEAT
                    yield from self._beat()
                try:
                    item = self._inbox.get(timeout=self._patience(due))
                except queue.Empty:
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

    def _patience(self, due: float) -> float:
        """Seconds to wait for news: until `due` on the monotonic clock, or until the caller's token expires."""
        return max(min(due - time.monotonic(), self._caller.expires - time.time()), 0.0)

    def _beat(self) -> Iterator[ListenResponse]:
        """End what the caller may see no longer; tell the time, if no commit is on its way to this listener."""
        with self._core.store.snapshot() as snapshot:
            for active in list(self._targets.values()):
                try:
                    self._authorize(active, snapshot)
                except FirestoreError as error:
                    yield self._end(active, error)
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
                    yield target_change(TargetChange.REMOVE, [request.remove_target])
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
            yield target_error(number, error)
            return
        self._targets[number] = active  # from here on commits arrive; those that the snapshot shows are skipped later
        with self._core.store.snapshot() as snapshot:
            try:
                self._authorize(active, snapshot)
            except FirestoreError as error:
                yield self._end(active, error)
                return
            yield target_change(TargetChange.ADD, [number])
            yield from self._catch_up(active, target, snapshot)
            read_time = self._core.store.read_time(snapshot)
        yield target_change(TargetChange.CURRENT, [number], read_time)
        # Other targets have yet to follow the commits that wait in the inbox, which may be earlier than this time.
        yield self._consistent_at(read_time if self._inbox.empty() or len(self._targets) == 1 else self._settled)
        if target.once:
            del self._targets[number]
            yield target_change(TargetChange.REMOVE, [number])

    def _catch_up(self, active: ActiveTarget, target: Target, snapshot: Snapshot) -> Iterator[ListenResponse]:
        """The result, or what has changed in it since the time that the client resumes from."""
        since = _resumed_version(target, snapshot)
        resumes = target.WhichOneof("resume_type") is not None
        if since is not None:
            active.move_to(snapshot.at(since))
        elif resumes:
            yield target_change(TargetChange.RESET, [active.number])
        difference = active.move_to(snapshot)
        if since is None and target.WhichOneof("target_type") == "documents":
            difference.removed += [(name, True) for name in target.documents.documents if name not in active.known]
        yield from differences(active.number, difference, snapshot.version)
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
            try:
                difference = self._difference(active, changes, event.version)
            except FirestoreError as error:
                yield self._end(active, error)
                continue
            told = told or bool(difference)
            yield from differences(active.number, difference, event.version)
        if told:
            yield self._consistent_at(event.version)

    def _difference(self, active: ActiveTarget, changes: list[Change], version: int) -> Difference:
        """What a commit changes in a target. Raises PermissionDenied if the caller may not see what it is after that."""
        if self._caller.claims is None and active.watched.incremental:
            return active.follow(changes, version)
        with self._core.store.snapshot() as newest:
            state = newest.at(version)
            self._authorize(active, state)
            return active.follow(changes, version) if active.watched.incremental else active.move_to(state)

    def _authorize(self, active: ActiveTarget, snapshot: Snapshot) -> None:
        """Raise PermissionDenied if the caller may not see a target in a state of the database."""
        if self._caller.claims is not None:
            self._core.authorize(self._caller, active.watched.accesses(snapshot), snapshot)

    def _end(self, active: ActiveTarget, error: FirestoreError) -> ListenResponse:
        """Watch a target no longer; tells the client why."""
        del self._targets[active.number]
        return target_error(active.number, error)

    def _consistent_at(self, version: int) -> ListenResponse:
        """Tells the client that it knows all targets as of `version`."""
        self._settled = max(self._settled, version)
        return target_change(TargetChange.NO_CHANGE, [], self._settled)


def _resumed_version(target: Target, snapshot: Snapshot) -> int | None:
    """The version that a client resumes from, or None if it has to start over."""
    match target.WhichOneof("resume_type"):
        case "resume_token" if len(target.resume_token) == TOKEN.size:
            version: int = TOKEN.unpack(target.resume_token)[0]
        case "read_time":
            version = to_micros(target.read_time)
        case _:
            return None
    now = now_micros()
    return version if now - RETENTION <= version <= max(now, snapshot.version) else None
