"""Leaving: waiting for native code that cannot be interrupted, only as long as its result is wanted."""

import threading
from collections.abc import Callable
from typing import TypeVar

from shared.transcripts.engines import TranscriptionCancelled

T = TypeVar("T")
EVERY = 0.1
"""Seconds between two questions whether to stop."""


def left_behind(call: Callable[[], T], should_cancel: Callable[[], bool]) -> T:
    """What `call` returns or raises. When `should_cancel` says yes meanwhile, its thread is left behind: it ends by itself, or
    with the process. Raises `TranscriptionCancelled` then."""
    results: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(call())
        except BaseException as error:  # It is raised again where it is waited for.
            errors.append(error)

    thread = threading.Thread(target=work, name="hearing", daemon=True)
    thread.start()
    while thread.is_alive():
        if should_cancel():
            raise TranscriptionCancelled("The transcription was cancelled.")
        thread.join(EVERY)
    if errors:
        raise errors[0]
    return results[0]
