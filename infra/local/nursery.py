"""Nursery: a process that has imported what its children share and forks each of them from there, in milliseconds.

`python -m infra.local.nursery MODULE…` imports the modules and then reads one JSON line a birth on its input, `{"name", "title",
"module", "arguments", "ahead", "log", "environment", "end", "finish"}`:
- `ahead`: modules that the child is going to need, imported before it is forked, and so once for all that need them;
- `environment` null: that of the nursery;
- `end`: the signal that the child gets if the nursery dies;
- `finish`: whether the child ends as Python does, its threads awaited and its exit handlers run, or at once.

It writes one line a birth, `{"name", "pid"}`, and one a death, `{"pid", "code"}` (negative: the signal). It ends when its input
does; the children end with it.
"""

import atexit
import contextlib
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterable
from importlib import import_module
from typing import IO, Any, TextIO

from setproctitle import getproctitle, setproctitle

from infra.local.serving import die_with_parent

_ORDERS = 0
"""Standard input, read without a buffer of Python's: what `select` does not see must not wait there."""


def main(modules: Iterable[str]) -> None:
    """Import, then fork on demand until the input ends."""
    getproctitle()  # It finds the command line by the environment that lies behind it, which imports may move.
    _import(modules)
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


def _import(modules: Iterable[str]) -> None:
    """They are safe to fork after: they start no thread and open nothing. What fails here fails in the child, which tells."""
    gc.disable()  # What is imported is for ever.
    for module in modules:
        with contextlib.suppress(Exception):
            import_module(module)
    gc.enable()
    gc.freeze()  # Children share these pages for as long as nothing, the collector included, writes to them.


def _give_birth(order: dict[str, Any], answers: TextIO, ours: list[socket.socket]) -> None:
    """Fork, and answer when the child leads a process group of its own: who hears of it may signal that group."""
    _import(order["ahead"])
    ready, born = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ready)
        _become(order, ours, born)
    os.close(born)
    os.read(ready, 1)
    os.close(ready)
    answers.write(json.dumps({"name": order["name"], "pid": pid}) + "\n")
    answers.flush()


def _become(order: dict[str, Any], ours: list[socket.socket], born: int) -> None:
    """Turn this child into what is ordered, as if Python had been started with `-m` and the module. Does not return."""
    code = 1
    try:
        os.setsid()  # Ctrl-C reaches the supervisor alone, which ends the servers in order.
        die_with_parent(order["end"])
        os.write(born, b".")  # Nobody reads it any more if the nursery died before the line above: then this ends here.
        os.close(born)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for end in ours:
            end.close()
        with open(os.devnull, "rb") as nothing, open(order["log"], "ab") as output:  # noqa: PTH123  (descriptors, not paths)
            _redirect(nothing, 0)
            _redirect(output, 1)
            _redirect(output, 2)
        if order["environment"] is not None:
            os.environ.clear()
            os.environ.update(order["environment"])
            tempfile.tempdir = None  # What was imported may have asked for it, with the nursery's environment.
        sys.argv = [order["name"], *order["arguments"]]
        setproctitle(order["title"])
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end_of_child:
        code = _exit_code(end_of_child)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        _end(code, finish=order["finish"])


def _redirect(file: IO[bytes], descriptor: int) -> None:
    os.dup2(file.fileno(), descriptor)


def _exit_code(end: SystemExit) -> int:
    """As Python gives it: what is no number is told on stderr and counts as 1."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    sys.stderr.write(f"{end.code}\n")
    return 1


def _end(code: int, *, finish: bool) -> None:
    """End this child without taking Python itself down, which only this process would be any cleaner for."""
    try:
        if finish:
            threading._shutdown()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


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
    main(sys.argv[1:])
