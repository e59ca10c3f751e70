"""Threads that work beside something for as long as it lasts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def running(thread: threading.Thread, stop: threading.Event) -> Iterator[None]:
    """`thread` runs during the block; at its end `stop` is set, upon which the thread must end, and that is waited for."""
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
