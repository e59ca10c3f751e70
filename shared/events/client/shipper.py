"""The shipper: takes what was tracked out of the caller's way. A thread writes it to the spool, and sends what is there."""

import atexit
import contextlib
import json
import logging
import os
import queue
import sys
import threading
import time
import weakref
from collections import deque

from .configuration import Configuration
from .documents import Documents, Tracked, is_identifier
from .sending import MAX_EVENTS, Sender
from .spool import Line, Spool
from .tally import Stats, Tally

log = logging.getLogger("kompo_events")

_AT_ONCE = 500
"""How many events become documents before they go to disk."""
_MOMENT = 0.02
_SLICE = 8
"""How many before other threads get their turn."""


class Shipper:
    """The way of events from a call to the API. Its thread begins with the first event."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._spool: Spool | None = None
        self._closed = False
        self._begin()
        _alive.add(self)

    def _begin(self) -> None:
        """Everything that belongs to one process.

        HTTP and TLS are imported here: who collects nothing does without, and in the thread a fork could cut it in half."""
        from .transport import Transport

        self._tally = Tally()
        self._queue: deque[Tracked] = deque()
        self._waiting: deque[Line] = deque()
        self._storing = threading.Lock()
        self._round = threading.Condition(threading.Lock())
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()  # A signal handler may put at any moment.
        self._asked = self._done = 0
        self._clean = True
        self._elsewhere = False
        self._thread: threading.Thread | None = None
        self._documents = Documents(self.configuration.platform, own_sessions=not self.configuration.on_behalf)
        self._sender = Sender(self.configuration, self._tally, Transport(self.configuration.timeout))

    def forked(self) -> None:
        """In the child after a fork: the parent sends what it has; locks, threads and open files are its own."""
        if self._spool is not None:
            self._spool.seal()
            self._spool = None
        self._begin()

    def put(self, tracked: Tracked) -> None:
        """Take an event. Microseconds; full, the oldest goes."""
        tally = self._tally
        with tally.lock:
            tally.add("tracked")
            if self._closed:
                tally.add("dropped")
                return
            if len(self._queue) >= self.configuration.queue_events:
                self._queue.popleft()
                tally.add("dropped")
            self._queue.append(tracked)
            if self._thread is None:
                self._start()
            if len(self._queue) == MAX_EVENTS:
                self._wake.put(None)

    def failed(self) -> None:
        """A call could not be understood."""
        with self._tally.lock:
            self._tally.add("tracked")
            self._tally.add("failed")

    def flush(self, seconds: float) -> bool:
        """Send now what there is. Whether everything was answered for in that time; what was not stays on disk."""
        deadline = time.monotonic() + seconds
        while not (clean := self._ask(deadline - time.monotonic())) and self._elsewhere:
            if time.monotonic() > deadline:
                break
            time.sleep(_MOMENT)
        return clean

    def close(self, seconds: float) -> bool:
        """Flush, take no more, end the thread. If the server does not answer in time, what is in memory goes to disk."""
        deadline = time.monotonic() + seconds
        clean = self.flush(seconds)
        with self._round:
            self._closed = True
        self._wake.put(None)
        if self._queue and self._storing.acquire(timeout=max(0.1, deadline - time.monotonic())):
            try:
                self._store()
            finally:
                self._storing.release()
        return clean

    def retire(self) -> None:
        """Nobody tracks here any more: the thread does one last round."""
        with self._round:
            self._closed = True
        self._wake.put(None)

    def stats(self) -> Stats:
        """What has become of the events so far."""
        with self._storing:
            queued = len(self._queue) + len(self._waiting)
            spooled = self._spool.waiting() if self._spool else 0
        return self._tally.stats(queued=queued, spooled=spooled)

    def _ask(self, seconds: float) -> bool:
        """Have the thread do a round that begins after now, and wait for it."""
        with self._round:
            if self._thread is None or not self._thread.is_alive():
                return not self._queue
            self._asked += 1
            mine = self._asked
            self._wake.put(None)
            return self._round.wait_for(lambda: self._done >= mine, max(0.0, seconds)) and self._clean

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="kompo-events", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # No thread can be had, or no more, at the end of the process: the next call tries again.
            self._thread = None
            return
        if "multiprocessing.util" in sys.modules:  # Its children end without atexit.
            sys.modules["multiprocessing.util"].Finalize(None, _close_all, exitpriority=10)

    def _run(self) -> None:
        while self._turn():
            with contextlib.suppress(queue.Empty):
                self._wake.get(timeout=self.configuration.flush_seconds)

    def _turn(self) -> bool:
        """One round of the thread. Whether there is to be another."""
        asked, closed = self._asked, self._closed
        try:
            with self._storing:
                self._store()
            clean = self._send(urged=asked > self._done)
            self._tally.add("dropped", self._spool.dropped() if self._spool else 0)
        except Exception as error:  # The thread outlives whatever goes wrong in it.
            log.debug("events wait", exc_info=True)
            self._tally.problem = f"{type(error).__name__}: {error}"[:300]
            clean = False
        with self._round:
            self._done, self._clean = asked, clean and not self._queue
            self._round.notify_all()
            return not closed or self._asked > asked

    def _store(self) -> None:
        """Queue to spool. What the disk does not take waits in memory, the oldest dropped."""
        while self._queue:
            for count in range(min(_AT_ONCE, len(self._queue))):
                self._document(self._queue.popleft())
                if count % _SLICE == 0:
                    time.sleep(0)  # Whoever waits for the interpreter gets it now, and not 5 ms later.
            self._to_disk()
        if self._waiting:
            self._to_disk()

    def _document(self, tracked: Tracked) -> None:
        try:
            if self.configuration.on_behalf and not is_identifier(tracked.user):
                raise ValueError("an event on behalf of a user needs the id that the API knows them by")
            event = self._documents.of(tracked)
            text = json.dumps(event, separators=(",", ":"), allow_nan=False)
        except Exception as error:  # One event that cannot be told does not hold up the others.
            self._tally.add("failed")
            self._tally.problem = f"{type(error).__name__}: {error}"[:300]
            return
        user = tracked.user if self.configuration.on_behalf else None
        self._waiting.append(Line(user, event["eventId"], text))

    def _to_disk(self) -> None:
        try:
            spool = self._open_spool()
            spool.append(self._waiting)
        except (OSError, RuntimeError) as error:  # A full disk, no rights; or nobody's home to put a spool into.
            self._tally.problem = f"the spool cannot be written: {error}"[:300]
        while len(self._waiting) > self.configuration.queue_events:
            self._waiting.popleft()
            self._tally.add("dropped")

    def _open_spool(self) -> Spool:
        if self._spool is None:
            bounds = self.configuration
            self._spool = Spool(bounds.spool_folder, most_bytes=bounds.spool_bytes, most_seconds=bounds.spool_seconds)
        return self._spool

    def _send(self, *, urged: bool) -> bool:
        """Send what is on disk, then what could not go there. Whether all of it is answered for."""
        self._elsewhere, done = False, True
        if not self._sender.ready(urged=urged):
            return False
        if self._spool is not None:
            with self._storing:
                self._spool.seal()
            for claimed in self._spool.claim():
                if self._sender.send(claimed.lines):
                    claimed.remove()
                    self._tally.add("failed", claimed.torn)
                elif self._sender.paused:
                    return False
                else:
                    done = False
        lines = list(self._waiting)
        if lines and not self._sender.send(lines):
            return False
        with self._storing:
            sent = set(map(id, lines))
            self._waiting = deque(line for line in self._waiting if id(line) not in sent)
        self._elsewhere = done and self._spool is not None and self._spool.elsewhere()
        return done and not self._elsewhere


_alive: "weakref.WeakSet[Shipper]" = weakref.WeakSet()


def _close_all() -> None:
    """At the end of the process: a last chance for what is in memory, within the time that was given for it."""
    started = time.monotonic()
    for shipper in list(_alive):
        with contextlib.suppress(Exception):
            shipper.close(max(0.1, shipper.configuration.exit_seconds - (time.monotonic() - started)))


def _after_fork() -> None:
    for shipper in list(_alive):
        shipper.forked()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
