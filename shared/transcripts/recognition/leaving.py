"""Leaving: waiting for native code that cannot be interrupted, only as long as its result is wanted."""

from collections.abc import Callable
from typing import TypeVar

from shared.core import threads
from shared.transcripts.engines import TranscriptionCancelled

T = TypeVar("T")


def left_behind(call: Callable[[], T], should_cancel: Callable[[], bool]) -> T:
    """What `call` returns or raises. When `should_cancel` says yes meanwhile, its thread is left behind: it ends by itself, or
    with the process. Raises `TranscriptionCancelled` then."""
    return threads.left_behind(call, should_cancel, TranscriptionCancelled("The transcription was cancelled."))
