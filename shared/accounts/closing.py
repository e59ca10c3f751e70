"""Closing: an account that is being erased takes nothing any more: the document `closed_accounts/{uid}` says so.

It outlives the account for as long as something may still come in of it: an ID token is good for an hour, an upload session for a
week. It is gone after that: nothing then names the user."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from shared.core.clients import firestore_client
from shared.core.clock import now

COLLECTION = "closed_accounts"
KEPT = timedelta(days=8)
"""Longer than a session to upload a file is good for."""


def close_account(user_id: str) -> datetime:
    """Let nobody use the account from now on; when it was first closed. Whoever has just been let in may go on for a moment."""
    from google.api_core.exceptions import AlreadyExists, NotFound

    moment = now()
    try:
        _reference(user_id).create({"closedAt": moment, "nextSweep": moment, "until": moment + KEPT})
    except AlreadyExists:
        moment = (_reference(user_id).get().to_dict() or {}).get("closedAt", moment)
    with suppress(NotFound):  # Who never called has no profile, and rules allow nothing to an account without one.
        # What rules ask: a browser writes nothing any more, whatever its token.
        firestore_client().collection("users").document(user_id).update({"status": "closed"})
    return moment


def is_closed(user_id: str) -> bool:
    """Whether the account is being erased, or was some days ago."""
    found: bool = _reference(user_id).get(["closedAt"]).exists
    return found


def closed_before(moment: datetime, limit: int) -> list[str]:
    """Accounts to look for leftovers of: users by their ids, those that have waited longest first."""
    from google.cloud.firestore import FieldFilter

    collection: Any = firestore_client().collection(COLLECTION)
    due = collection.where(filter=FieldFilter("nextSweep", "<=", moment)).order_by("nextSweep").limit(limit)
    return [found.id for found in due.stream()]


def swept(user_id: str, again: timedelta) -> None:
    """Nothing is left of the account now. It is looked at again, or its closing is forgotten when nothing can come any more."""
    stored = _reference(user_id).get().to_dict()
    if stored is None:
        return
    if stored["until"] <= now():
        _reference(user_id).delete()
    else:
        _reference(user_id).update({"nextSweep": min(now() + again, stored["until"])})


def _reference(user_id: str) -> Any:
    return firestore_client().collection(COLLECTION).document(user_id)
