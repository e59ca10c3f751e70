"""Stale hours: whoever changes events of the past says which hours that touches, and the next aggregation computes them anew."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Unavailable

COLLECTION = "stale_hours"


def mark_stale(hours: Iterable[datetime]) -> None:
    """Have the metrics of `hours` (each the start of one) computed anew. Raises Unavailable."""
    from google.api_core.exceptions import GoogleAPIError

    batch = firestore_client().batch()
    for hour in hours:
        batch.set(_document(hour), {"hour": hour, "markedAt": now()})
    try:
        batch.commit()
    except GoogleAPIError as error:
        raise Unavailable(f"Firestore does not answer: {error}") from error


def stale_hours() -> dict[datetime, Any]:
    """The hours that are marked, each with what `forget_stale` is to be given."""
    marks = {}
    for mark in firestore_client().collection(COLLECTION).stream():
        hour = cast("datetime", mark.get("hour"))
        marks[datetime.fromtimestamp(hour.timestamp(), UTC)] = mark.update_time
    return marks


def forget_stale(marks: Mapping[datetime, Any]) -> None:
    """Take back the marks as they were read. One that was set again meanwhile stays."""
    from google.api_core.exceptions import FailedPrecondition, NotFound

    client = firestore_client()
    for hour, read in marks.items():
        try:
            _document(hour).delete(option=client.write_option(last_update_time=read))
        except (FailedPrecondition, NotFound):
            continue


def _document(hour: datetime) -> Any:
    return firestore_client().collection(COLLECTION).document(hour.strftime("%Y-%m-%dT%H:00Z"))
