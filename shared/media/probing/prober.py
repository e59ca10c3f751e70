"""Prober: this side of the wire. It keeps one child ready, serves it the bytes it asks for, and judges what it says."""

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
from functools import cache
from io import FileIO
from math import ceil
from pathlib import Path
from typing import BinaryIO

from shared.core.errors import Unavailable
from shared.media.errors import MediaOverLimit, UnreadableMedia
from shared.media.limits import Limits, told_size
from shared.media.probing.wire import LONGEST, Json, WireClosed, WireGarbled, WireSlow, receive_json, send, send_json
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


@cache
def prober() -> "Prober":
    """The prober of this process."""
    made = Prober()
    atexit.register(made.dismiss)
    return made


class Prober:
    """Looks into one file at a time; its child is started by the first, and again when a file has brought it down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._wire: socket.socket | None = None

    def look_into(self, file: BinaryIO | FileIO, size: int, limits: Limits) -> dict[str, Json]:
        """What `inspection.look_into` finds in the `size` bytes of `file`, as JSON.

        Raises `UnreadableMedia`, of it `MediaOverLimit` at one of `limits`, and what reading the file raises."""
        with self._lock:
            if self._process is not None and self._process.poll() is not None:
                self.dismiss()
            for _ in range(2):  # A child that was ended from outside says nothing of the file.
                with suppress(WireClosed):
                    return self._ask(file, size, limits)
        raise Unavailable("The file cannot be looked into: the process for that does not start. Try again in a minute.")

    def dismiss(self) -> None:
        """End the child."""
        if self._wire is not None:
            self._wire.close()
        if self._process is not None:
            stop(self._process)
        self._wire = self._process = None

    def _ask(self, file: BinaryIO | FileIO, size: int, limits: Limits) -> dict[str, Json]:
        wire = self._wire or self._begin()
        try:
            answer = _exchange(wire, file, size, limits)
        except BaseException as error:
            self.dismiss()
            if isinstance(error, WireSlow):
                raise _too_slow(limits) from error
            if isinstance(error, WireGarbled):
                raise UnreadableMedia(_DAMAGED) from error
            raise
        return _judged(answer, limits)

    def _begin(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            paths = json.dumps([str(Path(path).absolute()) for path in sys.path])
            package = str(Path(__file__).parents[1])
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _BEGIN, str(theirs.fileno()), paths, package],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env={name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"},
                start_new_session=True,
            )
        self._wire = ours
        return ours


def _exchange(wire: socket.socket, file: BinaryIO | FileIO, size: int, limits: Limits) -> dict[str, Json]:
    """Ask, and serve what is asked for, until the answer or the end of the process that should give it."""
    deadline = time.monotonic() + (limits.seconds or _LONGEST)
    _request(wire, file, size, limits)
    while True:
        wire.settimeout(max(0.001, deadline - time.monotonic()))
        match receive_json(wire):
            case {"read": [int(place), int(length)]} if 0 <= place <= size and 0 <= length <= LONGEST:
                file.seek(place)
                send(wire, file.read(length))
            case dict(answer):
                return answer
            case _:
                raise WireGarbled


def _request(wire: socket.socket, file: BinaryIO | FileIO, size: int, limits: Limits) -> None:
    given = isinstance(file, FileIO)
    seconds = ceil(limits.seconds or _LONGEST)
    send_json(wire, {"size": size, "memory": limits.memory or 1 << 40, "seconds": seconds, "given": given})
    if given:
        socket.send_fds(wire, [b"\0"], [file.fileno()])


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


os.register_at_fork(after_in_child=prober.cache_clear)
