"""Processes: a command that runs in a process group of its own, dies with this process, and can be stopped for certain."""

import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from resource import RLIMIT_CORE, RLIMIT_FSIZE, struct_rusage
from typing import IO

POLL_SECONDS = 0.1
"""How often the check is made, whether the process speaks or not."""
GRACE_SECONDS = 0.4
"""How long a process may take to end after SIGTERM before SIGKILL."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.0001, 0.005
"""Seconds between two looks whether a process has ended that has closed its pipes: most have at the first."""

# What runs between this process and the command. The kernel is told to kill the command when this process dies
# (PR_SET_PDEATHSIG); a parent that had died before that is not this one. Not a preexec_fn: a fork that runs Python in a
# process with gRPC's threads can abort.
_ORPHANED = '[ "$PPID" = "$1" ] || exit 1; shift; exec "$@"'
_TIE = """import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() == int(sys.argv[1]): os.execv(sys.argv[2], sys.argv[2:])"""


def start(
    command: Sequence[str],
    *,
    stdout: int = subprocess.PIPE,
    stderr: int = subprocess.PIPE,
    pass_fds: Sequence[int] = (),
    file_bytes: int | None = None,
) -> "subprocess.Popen[bytes]":
    """Start `command` (its first part is a path) with nothing to read, in a session of its own.

    It leaves no core file, and no file that it writes grows over `file_bytes`. The rest is as for Popen."""
    process = subprocess.Popen(
        [*_tie(), *command],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        pass_fds=pass_fds,
        start_new_session=True,
    )
    if sys.platform == "linux":
        _bound(process.pid, {RLIMIT_CORE: 0} | ({} if file_bytes is None else {RLIMIT_FSIZE: file_bytes}))
    return process


def follow(
    process: "subprocess.Popen[bytes]",
    readers: Sequence[tuple[IO[bytes] | None, Callable[[bytes], None]]],
    check: Callable[[], None],
) -> tuple[int, struct_rusage]:
    """Read the pipes until the process has ended: its exit status (negative: the signal) and what it used.

    `check` is called ten times a second at least. What it, or a reader, raises ends the whole group first."""
    try:
        _listen(readers, check)
        pause = _FIRST_PAUSE
        while (ended := _reap(process)) is None:
            check()
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return ended
    finally:
        stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop what still runs of the group: politely, then for certain."""
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
    _signal(process, signal.SIGKILL)  # Those, too, that the first process of the group has left behind.
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def resident_bytes(pid: int) -> int:
    """Bytes of memory that a process holds now; 0 when it has ended, or where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def peak_bytes(pid: int) -> int:
    """Most bytes of memory that a process has held so far; 0 when it has ended, or where the system does not tell.

    What `wait4` tells counts the memory of the process that started it, too: the kernel keeps the larger of both."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0
    told = _PEAK.search(status)
    return int(told[1]) * 1024 if told else 0


_PEAK = re.compile(rb"^VmHWM:\s*(\d+) kB", re.MULTILINE)


@cache
def _launcher() -> tuple[str, ...]:
    if sys.platform != "linux":
        return ()
    found = shutil.which("setpriv")
    if found is None:
        return (sys.executable, "-I", "-S", "-c", _TIE)
    return (found, "--pdeathsig", "KILL", "--no-new-privs", "--", "/bin/sh", "-c", _ORPHANED, "sh")


def _tie() -> list[str]:
    return [*_launcher(), str(os.getpid())] if _launcher() else []


def _bound(pid: int, limits: Mapping[int, int]) -> None:
    from resource import prlimit

    for limit, most in limits.items():
        try:
            hard = prlimit(pid, limit)[1]
            bound = most if hard < 0 else min(most, hard)
            prlimit(pid, limit, (bound, bound))
        except OSError:  # It has ended, or may not be bound here: what it writes is looked at besides.
            return


def _listen(readers: Sequence[tuple[IO[bytes] | None, Callable[[bytes], None]]], check: Callable[[], None]) -> None:
    """Read the pipes until they are closed."""
    with selectors.DefaultSelector() as selector:
        for pipe, reader in readers:
            if pipe is not None:
                selector.register(pipe, selectors.EVENT_READ, reader)
        while selector.get_map():
            for key, _ in selector.select(POLL_SECONDS):
                data = os.read(key.fd, 65536)
                if data:
                    key.data(data)
                else:
                    selector.unregister(key.fileobj)
            check()


def _reap(process: "subprocess.Popen[bytes]") -> tuple[int, struct_rusage] | None:
    """Exit status and resource use, once the process has ended."""
    pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    if pid == 0:
        return None
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage


def _signal(process: "subprocess.Popen[bytes]", number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # There is nobody left.
        os.killpg(process.pid, number)
