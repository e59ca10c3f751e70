"""Failing: how often a function ended in an error that was not its caller's, counted where it can be read when BigQuery cannot.

A function that is killed counts nothing: that, only the platform that killed it knows."""

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.clients import firestore_client
from shared.core.clock import now

log = logging.getLogger(__name__)

COLLECTION = "function_failures"
KEPT = timedelta(days=2)
_SHARDS = 4
_TIMEOUT = 5.0


@dataclass(frozen=True)
class Failures:
    """Failures of a function by one class of error in a minute. `id` is the same whenever they are read."""

    id: str
    minute: datetime
    function: str
    error: str
    count: int


@contextmanager
def failures_counted(function: str) -> Iterator[None]:
    """Count an exception that leaves the block, or the function that this decorates, as a failure of `function`."""
    try:
        yield
    except Exception as error:
        count_failure(function, type(error).__name__)
        raise


def count_failure(function: str, error: str) -> None:
    """Count a failure of `function` by this class of error. Never raises: there is a failure already."""
    from google.api_core.exceptions import GoogleAPIError
    from google.cloud import firestore

    at = now()
    minute = at.replace(second=0, microsecond=0)
    # Firestore takes about one write a second to a document, and failures come in crowds.
    shard = random.randrange(_SHARDS)  # noqa: S311
    told = {"minute": minute, "function": function, "error": error, "expireAt": at + KEPT}
    try:
        document = (
            firestore_client().collection(COLLECTION).document(f"{minute:%Y%m%dT%H%M}-{function}-{error}-{shard}")
        )
        document.set({**told, "count": firestore.Increment(1)}, merge=True, timeout=_TIMEOUT)
    except GoogleAPIError:
        log.exception("a failure of %s is not counted", function)


def failures_between(start: datetime, end: datetime) -> list[Failures]:
    """The failures of the minutes of [start, end). Those of the present minute may become more. Raises GoogleAPIError."""
    from google.cloud.firestore import FieldFilter

    found = (
        firestore_client()
        .collection(COLLECTION)
        .where(filter=FieldFilter("minute", ">=", start))
        .where(filter=FieldFilter("minute", "<", end))
    )
    return [
        Failures(each.id, each.get("minute"), each.get("function"), each.get("error"), each.get("count"))
        for each in found.stream()
    ]
