"""Threads that work beside something for as long as it lasts, or for as long as their result is wanted."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
EVERY = 0.1
"""Seconds between two questions whether to stop."""


@contextmanager
def running(thread: threading.Thread, stop: threading.Event) -> Iterator[None]:
    """`thread` runs during the block; at its end `stop` is set, upon which the thread must end, and that is waited for."""
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def left_behind(call: Callable[[], T], should_cancel: Callable[[], bool], stopped: Exception) -> T:
    """What `call` returns or raises, which cannot be interrupted. When `should_cancel` says yes meanwhile, `stopped` is raised,
    and the call's thread is left behind: it ends by itself, or with the process."""
    results: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(call())
        except BaseException as error:  # It is raised again where it is waited for.
            errors.append(error)

    thread = threading.Thread(target=work, name="left-behind", daemon=True)
    thread.start()
    while thread.is_alive():
        if should_cancel():
            raise stopped
        thread.join(EVERY)
    if errors:
        raise errors[0]
    return results[0]
