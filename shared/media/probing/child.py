"""The child of a prober: a process that has loaded PyAV, and keeps a fork of itself ready for the next file.

A fork looks into one file. It may open none; it is held to memory and processor time; it knows nothing of the environment,
nor of other files that are looked into meanwhile. A file of this machine is given to it open, of any other it asks the other
side for the bytes. What it finds, and how it ended, goes over a wire of its own, which comes to the child with the wish.
"""

import gc
import io
import os
import resource
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, NoReturn, cast

import av.subtitles.codeccontext
import av.subtitles.stream  # noqa: F401  # PyAV loads both with the first file that has subtitles: a fork cannot.

from shared.media.errors import UnreadableMedia
from shared.media.probing.inspection import look_into
from shared.media.probing.wire import (
    Json,
    WireClosed,
    receive,
    receive_descriptor,
    receive_json,
    send_descriptor,
    send_json,
)

_TAKEN, _ANSWERED = b"?", b"!"
_READ_AT_ONCE = 256 * 1024
_WARM_UP = b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\x08\0\0\0" + b"\0" * 8


@dataclass
class _Fork:
    """A fork, the child's end of what it has in common with it, and, once it looks into a file, the wire it answers on."""

    pid: int
    channel: socket.socket
    wire: socket.socket | None = None

    @property
    def ends(self) -> list[socket.socket]:
        return [self.channel] if self.wire is None else [self.channel, self.wire]


def main() -> None:
    """Give every wire that comes over the socket whose descriptor is the first argument to a fork, until the other side goes."""
    source = socket.socket(fileno=int(sys.argv[1]))
    look_into(io.BytesIO(_WARM_UP), len(_WARM_UP))  # Loads what is loaded late: a fork can open no file.
    gc.freeze()
    ready: _Fork | None = None
    looking: list[_Fork] = []
    with suppress(WireClosed):
        while True:
            if not looking:
                ready = ready or _fork([source])
            if _wait(source, looking):
                fork, ready = ready or _fork([source, *(end for fork in looking for end in fork.ends)]), None
                _give(fork, socket.socket(fileno=receive_descriptor(source)))
                looking.append(fork)
    for fork in looking:
        os.kill(fork.pid, signal.SIGKILL)


def _fork(others: list[socket.socket]) -> _Fork:
    """A fork that waits for a wire. It closes what is not its own."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        for end in (ours, *others):
            end.close()
        _wait_and_look(theirs)
    theirs.close()
    return _Fork(pid, ours)


def _give(fork: _Fork, wire: socket.socket) -> None:
    """Have a fork look. One that has ended while it waited does not: that the other side hears, and tries again."""
    fork.wire = wire
    with suppress(WireClosed):
        send_descriptor(fork.channel, wire.fileno())


def _wait(source: socket.socket, looking: list[_Fork]) -> bool:
    """Wait for a wire, or the end of a fork that looks, and see to those. Whether there is a wire, or will be none any more."""
    poll = select.poll()
    poll.register(source, select.POLLIN)
    for end in (end for fork in looking for end in fork.ends):
        poll.register(end, 0)  # To be told that it is closed, not that there is something to read.
    told = {descriptor for descriptor, _ in poll.poll()}
    for fork in [fork for fork in looking if told & {end.fileno() for end in fork.ends}]:
        looking.remove(fork)
        _end(fork)
    return source.fileno() in told


def _end(fork: _Fork) -> None:
    """See to a fork that has ended, or to which nobody listens any more: tell how it ended, if it has not answered."""
    os.kill(fork.pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(fork.pid, 0)[1])
    told = b""
    with suppress(OSError):
        told = fork.channel.recv(2)
    with suppress(WireClosed):
        if told == _TAKEN and fork.wire is not None:
            send_json(fork.wire, {"ended": status})
    for end in fork.ends:
        end.close()


def _wait_and_look(channel: socket.socket) -> NoReturn:
    """What the fork does: one file. It tells when it has taken a wish, and when it has answered."""
    try:
        wire = socket.socket(fileno=receive_descriptor(channel))
        wishes = cast(dict[str, int], receive_json(wire))
        channel.send(_TAKEN)
        size = wishes["size"]
        raw = io.FileIO(receive_descriptor(wire)) if wishes["given"] else _Remote(wire, size)
        _confine(wishes["memory"], wishes["seconds"])
        send_json(wire, _answer(io.BufferedReader(raw, _READ_AT_ONCE), size))
        channel.send(_ANSWERED)
        os._exit(0)
    except (WireClosed, ConnectionError):
        os._exit(0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def _answer(file: IO[bytes], size: int) -> Json:
    try:
        return {"found": look_into(file, size)}
    except UnreadableMedia as error:
        return {"refused": error.detail}
    except MemoryError:
        return {"over": "memory"}


def _confine(memory: int, seconds: int) -> None:
    """Bound this process: `memory` bytes more than it has (where the system can), `seconds` of processor time, no file."""
    bounds = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform == "linux":
        bounds[resource.RLIMIT_AS] = _address_space() + memory
    bounds[resource.RLIMIT_NOFILE] = 0
    for limit, most in bounds.items():
        hard = resource.getrlimit(limit)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (bound, bound))


def _address_space() -> int:
    with open("/proc/self/statm") as file:  # noqa: PTH123
        return int(file.read().split()[0]) * resource.getpagesize()


class _Remote(io.RawIOBase):
    """The file, which is on the other side."""

    def __init__(self, wire: socket.socket, size: int) -> None:
        self._wire = wire
        self._size = size
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError("before the beginning of the file")
        self._place = base + offset
        return self._place

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        wanted = min(len(buffer), self._size - self._place, _READ_AT_ONCE)
        if wanted <= 0:
            return 0
        send_json(self._wire, {"read": [self._place, wanted]})
        data = receive(self._wire)
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)
