"""The child of a prober: a process that has loaded PyAV, and keeps a fork of itself ready, which looks into one file.

The fork may open no file; it is held to memory and processor time; it knows nothing of the environment. A file of this
machine is given to it open, of any other it asks the other side for the bytes. What it finds, and how it ended, goes over
the wire.
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
from typing import IO, NoReturn, cast

import av.subtitles.codeccontext
import av.subtitles.stream  # noqa: F401  # PyAV loads both with the first file that has subtitles: a fork cannot.

from shared.media.errors import UnreadableMedia
from shared.media.probing.inspection import look_into
from shared.media.probing.wire import Json, WireClosed, receive, receive_json, send_json

_TAKEN, _ANSWERED = b"?", b"!"
_READ_AT_ONCE = 256 * 1024
_WARM_UP = b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\x08\0\0\0" + b"\0" * 8


def main() -> None:
    """Keep a fork waiting on the socket whose descriptor is the first argument, until the other side goes."""
    wire = socket.socket(fileno=int(sys.argv[1]))
    look_into(io.BytesIO(_WARM_UP), len(_WARM_UP))  # Loads what is loaded late: a fork can open no file.
    gc.freeze()
    with suppress(WireClosed):
        while True:
            _fork(wire)


def _fork(wire: socket.socket) -> None:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _wait_and_look(wire, writing)
    os.close(writing)
    _await_end(wire, reading, pid)
    told = os.read(reading, 2)
    os.close(reading)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if told == _TAKEN:
        send_json(wire, {"ended": status})


def _await_end(wire: socket.socket, reading: int, pid: int) -> None:
    """Wait until the fork has ended, which closes its end of the pipe. Raises `WireClosed` when the other side goes."""
    poll = select.poll()
    for end in (reading, wire):
        poll.register(end, 0)  # To be told that it is closed, not that there is something to read.
    if reading not in {descriptor for descriptor, _ in poll.poll()}:
        os.kill(pid, signal.SIGKILL)
        raise WireClosed


def _wait_and_look(wire: socket.socket, telling: int) -> NoReturn:
    """What the fork does: one file. It tells when it has taken a request, and when it has answered."""
    try:
        wishes = cast(dict[str, int], receive_json(wire))
        os.write(telling, _TAKEN)
        size = wishes["size"]
        raw = io.FileIO(_given(wire)) if wishes["given"] else _Remote(wire, size)
        _confine(wishes["memory"], wishes["seconds"])
        send_json(wire, _answer(io.BufferedReader(raw, _READ_AT_ONCE), size))
        os.write(telling, _ANSWERED)
        os._exit(0)
    except WireClosed:
        os._exit(0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def _given(wire: socket.socket) -> int:
    return socket.recv_fds(wire, 1, 1)[1][0]


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
