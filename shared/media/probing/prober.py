"""Prober: this side of the wires. It keeps a child ready, serves it the bytes it asks for, and judges what it says."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import FileIO
from math import ceil
from pathlib import Path
from typing import BinaryIO

from shared.core.errors import Unavailable
from shared.media.errors import MediaOverLimit, UnreadableMedia
from shared.media.limits import Limits, machine_memory, probe_limits, told_size
from shared.media.probing.wire import (
    LONGEST,
    Json,
    WireClosed,
    WireGarbled,
    WireSlow,
    receive_json,
    send,
    send_descriptor,
    send_json,
)
from shared.media.processes import stop

# The child takes its modules from where this process has them, and the package without its face, which loads pydantic and
# twice the time: it is waited for by whoever probes first.
_BEGIN = """import json, sys, types
sys.path[:] = json.loads(sys.argv[2])
media = sys.modules["shared.media"] = types.ModuleType("shared.media")
media.__path__ = [sys.argv[3]]
from shared.media.probing.child import main
main()"""
_LONGEST = 3600
_DAMAGED = "The file is damaged in a way that brings decoders down. Export it again, as MP4 (H.264), and upload that."


_making = threading.Lock()


def prober() -> "Prober":
    """The prober of this process."""
    with _making:  # Threads that come first at once would make one each.
        return _made()


@cache
def _made() -> "Prober":
    memory = probe_limits().memory or machine_memory()
    made = Prober(max(1, min(os.cpu_count() or 1, machine_memory() // 2 // memory)))
    atexit.register(made.dismiss)
    return made


class Prober:
    """Looks into `at_once` files at a time; its child is started by the first, and again when it has ended."""

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self._turns = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def look_into(self, file: BinaryIO | FileIO, size: int, limits: Limits) -> dict[str, Json]:
        """What `inspection.look_into` finds in the `size` bytes of `file`, as JSON.

        Raises `UnreadableMedia`, of it `MediaOverLimit` at one of `limits`, and what reading the file raises."""
        with self._turns:
            for _ in range(2):  # A child that was ended from outside says nothing of the file.
                child = self._ready()
                try:
                    return _judged(_ask(child, file, size, limits), limits)
                except WireClosed:
                    self._dismiss(child)
                except WireSlow as error:
                    self._dismiss(child)
                    raise _too_slow(limits) from error
                except WireGarbled as error:
                    raise UnreadableMedia(_DAMAGED) from error
        raise Unavailable("The file cannot be looked into: the process for that does not start. Try again in a minute.")

    def dismiss(self) -> None:
        """End the child."""
        if self._child is not None:
            self._dismiss(self._child)

    def _ready(self) -> "_Child":
        with self._lock:
            if self._child is None:
                self._child = _begin()
            return self._child

    def _dismiss(self, child: "_Child") -> None:
        """End this child, if another thread has not done so."""
        with self._lock:
            if self._child is child:
                self._child = None
                child.end()


@dataclass(frozen=True)
class _Child:
    """The process that looks, and where wires are given to it."""

    process: "subprocess.Popen[bytes]"
    door: socket.socket

    def end(self) -> None:
        self.door.close()
        stop(self.process)


def _begin() -> _Child:
    ours, theirs = socket.socketpair()
    with theirs:
        paths = json.dumps([str(Path(path).absolute()) for path in sys.path])
        package = str(Path(__file__).parents[1])
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BEGIN, str(theirs.fileno()), paths, package],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            env={name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"},
            start_new_session=True,
        )
    return _Child(process, ours)


def _ask(child: _Child, file: BinaryIO | FileIO, size: int, limits: Limits) -> dict[str, Json]:
    """What the child says, over a wire of its own. Whoever looks ends when that is closed."""
    wire, theirs = socket.socketpair()
    with wire:
        with theirs:
            send_descriptor(child.door, theirs.fileno())
        return _exchange(wire, file, size, limits)


def _exchange(wire: socket.socket, file: BinaryIO | FileIO, size: int, limits: Limits) -> dict[str, Json]:
    """Ask, and serve what is asked for, until the answer or the end of the process that should give it."""
    deadline = time.monotonic() + (limits.seconds or _LONGEST)
    _request(wire, file, size, limits)
    while True:
        wire.settimeout(max(0.001, deadline - time.monotonic()))
        match receive_json(wire):
            case {"read": [int(place), int(length)]} if 0 <= place <= size and 0 <= length <= LONGEST:
                file.seek(place)
                data = file.read(length)
                with suppress(WireClosed):  # Who asked has ended; how is told next.
                    send(wire, data)
            case dict(answer):
                return answer
            case _:
                raise WireGarbled


def _request(wire: socket.socket, file: BinaryIO | FileIO, size: int, limits: Limits) -> None:
    given = isinstance(file, FileIO)
    seconds = ceil(limits.seconds or _LONGEST)
    send_json(wire, {"size": size, "memory": limits.memory or 1 << 40, "seconds": seconds, "given": given})
    if given:
        send_descriptor(wire, file.fileno())


def _judged(answer: dict[str, Json], limits: Limits) -> dict[str, Json]:
    match answer:
        case {"found": dict(found)}:
            return found
        case {"refused": str(detail)}:
            raise UnreadableMedia(detail)
        case {"over": "memory"}:
            raise MediaOverLimit(
                f"The file cannot be opened in {told_size(limits.memory or 0)} of memory. "
                "Scale its pictures down, or export it again, and upload that."
            )
        case {"ended": int(status)} if status in (-signal.SIGXCPU, -signal.SIGKILL):
            raise _too_slow(limits)
    raise UnreadableMedia(_DAMAGED)


def _too_slow(limits: Limits) -> MediaOverLimit:
    return MediaOverLimit(
        f"The file could not be looked through in {limits.seconds:g} seconds. "
        "It is damaged, or made to be slow: export it again, as MP4 (H.264), and upload that."
    )


def _forget() -> None:
    _made.cache_clear()
    _making.release()


os.register_at_fork(before=_making.acquire, after_in_parent=_making.release, after_in_child=_forget)
