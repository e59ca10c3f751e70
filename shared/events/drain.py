"""Drain: messages that `ingest_events` could not take 20 times over wait as dead letters. After a fix they are taken in here."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.core.clients import subscriber
from shared.core.errors import Unavailable
from shared.core.settings import settings
from shared.events.ingest import IngestResult, ingest, quarantine

log = logging.getLogger(__name__)

SUBSCRIPTION = "events-dead"
INGEST_FAILED = "ingest_failed"
_AT_ONCE = 10
PATIENCE = 5.0
"""Seconds without a message after which the subscription is taken for empty."""


@dataclass(frozen=True)
class Drained:
    """How many messages were settled, and what became of their events."""

    messages: int = 0
    accepted: int = 0
    invalid: int = 0
    duplicate: int = 0
    filtered: int = 0

    def __add__(self, result: IngestResult) -> "Drained":
        return Drained(
            self.messages + 1,
            self.accepted + result.accepted,
            self.invalid + result.invalid,
            self.duplicate + result.duplicate,
            self.filtered + result.filtered,
        )


def drain(patience: float = PATIENCE) -> Drained:
    """Take in every dead letter, until there was none for `patience` seconds.

    What still cannot be taken in is quarantined as a whole. Each is acknowledged only after that. Raises Unavailable if a
    service does not answer: what is not settled comes again."""
    done = Drained()
    for received in _pulled(patience):
        done += _settled(received.message.data)
        subscriber().acknowledge(request={"subscription": _name(), "ack_ids": [received.ack_id]})
    return done


def _settled(data: bytes) -> IngestResult:
    try:
        return ingest(data)
    except Unavailable:
        raise
    except Exception as error:  # Whatever the mistake in our code is: the message must not be lost by it.
        log.exception("a dead letter cannot be ingested: it is quarantined")
        return quarantine(data, INGEST_FAILED, f"{type(error).__name__}: {error}")


def _pulled(patience: float) -> Iterator[Any]:
    """The messages of the subscription, until it has had none for a while. (It may answer with none while it has some.)"""
    from google.api_core.exceptions import DeadlineExceeded, GoogleAPIError

    request = {"subscription": _name(), "max_messages": _AT_ONCE}
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            pulled = subscriber().pull(request=request, retry=None, timeout=patience)
        except DeadlineExceeded:
            return
        except GoogleAPIError as error:
            raise Unavailable(f"Pub/Sub does not answer: {error}") from error
        for received in pulled.received_messages:
            yield received
            until = time.monotonic() + patience


def _name() -> str:
    return str(subscriber().subscription_path(settings().project, SUBSCRIPTION))
