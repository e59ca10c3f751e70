"""Nursery: a process that has imported what the servers share and forks each of them from there, in milliseconds.

It reads one JSON line a birth on its input, `{"name", "arguments", "log"}`, and writes one line a birth, `{"name", "pid"}`, and
one a death, `{"pid", "code"}` (negative: the signal). It ends when its input does; the children end with it.
"""

import json
import os
import runpy
import selectors
import signal
import socket
import sys
from typing import IO, Any, TextIO

from setproctitle import setproctitle

from infra.local.serving import die_with_parent

_ORDERS = 0
"""Standard input, read without a buffer of Python's: what `select` does not see must not wait there."""


def main() -> None:
    """Import, then fork on demand until the input ends."""
    _import_what_servers_share()
    deaths, wake = socket.socketpair()
    for end in (deaths, wake):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno())
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(_ORDERS, selectors.EVENT_READ)
        selector.register(deaths, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is deaths:
                    deaths.recv(4096)
                    _report_deaths(sys.stdout)
                    continue
                data = os.read(_ORDERS, 65536)
                if not data:
                    return
                *orders, pending = (pending + data).split(b"\n")
                for order in orders:
                    _give_birth(json.loads(order), sys.stdout, [deaths, wake])


def _import_what_servers_share() -> None:
    """Modules that are safe to fork after: they start no thread and open nothing."""
    import aiohttp.web  # noqa: F401

    import infra.manifest  # noqa: F401


def _give_birth(order: dict[str, Any], answers: TextIO, ours: list[socket.socket]) -> None:
    pid = os.fork()
    if pid == 0:
        _become(order["name"], order["arguments"], order["log"], ours)
    answers.write(json.dumps({"name": order["name"], "pid": pid}) + "\n")
    answers.flush()


def _become(name: str, arguments: list[str], log: str, ours: list[socket.socket]) -> None:
    """Turn this child into the server, as if Python had been started with `-m infra.local.<name>`. Does not return."""
    code = 1
    try:
        os.setsid()  # Ctrl-C reaches the supervisor alone, which ends the servers in order.
        die_with_parent(signal.SIGTERM)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for end in ours:
            end.close()
        with open(os.devnull, "rb") as nothing, open(log, "ab") as output:  # noqa: PTH123  (descriptors, not paths)
            _redirect(nothing, 0)
            _redirect(output, 1)
            _redirect(output, 2)
        sys.argv = [name, *arguments]
        setproctitle(f"{sys.executable} -m infra.local.{name} {' '.join(arguments)}")
        runpy.run_module(f"infra.local.{name}", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end_of_server:
        code = end_of_server.code if isinstance(end_of_server.code, int) else int(end_of_server.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _redirect(file: IO[bytes], descriptor: int) -> None:
    os.dup2(file.fileno(), descriptor)


def _report_deaths(answers: TextIO) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        answers.write(json.dumps({"pid": pid, "code": os.waitstatus_to_exitcode(status)}) + "\n")
        answers.flush()


if __name__ == "__main__":
    die_with_parent(signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main()
