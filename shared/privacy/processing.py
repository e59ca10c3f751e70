"""Processing: requests that are due are carried on until nothing is left, however often the process is killed.

Every step is written down before the next begins, and each can be done again: rows that are gone are not found again, what was
found stays noted, and a rebuild gives the same. BigQuery does not change rows that came in just now: a request may wait."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import KompoError, Unavailable
from shared.core.salts import salts
from shared.events.erasure import TABLES, StillStreaming, count_rows, remove_rows, salts_in_use
from shared.privacy.account import SETTLED, StillOpen, sweep_closed_accounts, unnamed, verify_account, without_account
from shared.privacy.rebuilding import PER_PERSON, REBUILDS
from shared.privacy.receipt import ErasureReceipt, receipt_reference
from shared.privacy.request import COLLECTION, KEPT, ErasureProgress, PrivacyRequest, PrivacyRequestState, reference

if TYPE_CHECKING:
    from google.cloud import firestore

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""How long a request is left to the process that took it up."""
STREAMING = timedelta(minutes=10)
"""How long is waited for rows that came in just now."""
_PAUSES: dict[type[KompoError], timedelta] = {StillStreaming: STREAMING, StillOpen: SETTLED}
_LONGEST = timedelta(hours=1)
_AT_ONCE = 10


@dataclass(frozen=True)
class Processed:
    """The requests that were carried on: those that are done now, and those that have to wait."""

    done: int = 0
    waiting: int = 0


def process_requests() -> Processed:
    """Carry on the requests that are due, at most ten. Raises Unavailable if not even the list of them can be read."""
    from google.cloud.firestore import FieldFilter

    collection = firestore_client().collection(COLLECTION)
    due = collection.where(filter=FieldFilter("nextAttempt", "<=", now())).order_by("nextAttempt").limit(_AT_ONCE)
    sweep_closed_accounts()
    taken = [request for found in due.stream() if (request := _take(found.id)) is not None]
    done = sum(_carry_on(request) for request in taken)
    return Processed(done, len(taken) - done)


def _take(request_id: str) -> PrivacyRequest | None:
    """The request, if it is still due: then nobody else gets it for LEASE."""
    from google.cloud import firestore

    moment = now()

    @firestore.transactional
    def take(transaction: "firestore.Transaction") -> PrivacyRequest | None:
        stored: dict[str, Any] = reference(request_id).get(transaction=transaction).to_dict() or {}
        request = PrivacyRequest.model_validate(stored)
        if request.state is PrivacyRequestState.DONE or request.next_attempt is None or request.next_attempt > moment:
            return None
        change = {
            "state": PrivacyRequestState.WORKING,
            "attempts": request.attempts + 1,
            "nextAttempt": moment + LEASE,
            "modified": moment,
        }
        transaction.update(reference(request_id), change)
        return request.model_copy(update={"state": PrivacyRequestState.WORKING, "attempts": request.attempts + 1})

    taken: PrivacyRequest | None = take(firestore_client().transaction())
    return taken


def _carry_on(request: PrivacyRequest) -> bool:
    """Whether the request is done."""
    try:
        _finish(_rebuilt(_emptied(without_account(request, _noted))))
    except KompoError as error:
        _postpone(request, error.detail, _PAUSES.get(type(error)) or _pause(request))
    except Exception:
        log.exception("a privacy request failed; it is tried again", extra={"fields": {"requestId": request.id}})
        _postpone(request, "This is our mistake, and it has been logged.", _pause(request))
    else:
        log.info("privacy request done", extra={"fields": {"requestId": request.id, "action": request.action}})
        return True
    return False


def _emptied(request: PrivacyRequest) -> PrivacyRequest:
    """The request when no table holds a row of it any more."""
    for name in TABLES:
        request = _without_rows(request, name)
    _verify(request)
    return request


def _verify(request: PrivacyRequest) -> None:
    """Raise Unavailable if there are rows of the request: what was being written when they were removed."""
    for name in TABLES:
        if count_rows(name, request.scope, request.action).rows:
            raise Unavailable(f"More events came into {name} while they were removed.")


def _without_rows(request: PrivacyRequest, name: str) -> PrivacyRequest:
    found, before = count_rows(name, request.scope, request.action), request.table(name)
    if found.rows:
        # What was not removed yet is found again; what was is not, so that more than nothing came in after it.
        total = before.found + found.rows if before.removed else max(before.found, found.rows)
        request = _noted(
            request,
            tables={**request.tables, name: ErasureProgress(found=total)},
            first=min(filter(None, (request.first, found.first)), default=None),
            last=max(filter(None, (request.last, found.last)), default=None),
            rebuilt={},
        )
        remove_rows(name, request.scope, request.action, request.secret or "")
    gone = request.table(name).model_copy(update={"removed": True})
    return _noted(request, tables={**request.tables, name: gone})


def _rebuilt(request: PrivacyRequest) -> PrivacyRequest:
    """The request when what was computed from its events is computed anew."""
    if request.first is None:
        return request
    for name, rebuild in REBUILDS.items():
        if name not in request.rebuilt:
            request = _noted(request, rebuilt={**request.rebuilt, name: rebuild(request.first)})
    return request


def _finish(request: PrivacyRequest) -> None:
    """Look again everywhere, write the receipt, and forget whose the request was."""
    _verify(request)
    verify_account(request)
    existing = {salt.version for salt in salts()}
    unlinkable = [version for version in salts_in_use(request.scope) if version not in existing]
    moment = now()
    receipt = ErasureReceipt.of(request, [] if request.everybody else unlinkable, moment)
    batch = firestore_client().batch()
    batch.set(receipt_reference(request.id), receipt.model_dump(by_alias=True))
    done = {
        "state": PrivacyRequestState.DONE,
        "finished": moment,
        "modified": moment,
        "expireAt": moment + KEPT,
        "reason": None,
    }
    for name in PER_PERSON:
        for user_hash in request.subject.values():
            batch.delete(firestore_client().collection(name).document(user_hash))
    if request.account is not None:
        done |= {"account": None, "addresses": [], "requestedBy": unnamed(request)}
    batch.update(reference(request.id), {**done, "subject": {}, "secret": None, "nextAttempt": None})
    batch.commit()


def _noted(request: PrivacyRequest, **changes: Any) -> PrivacyRequest:
    """The request with these changes, which are written down."""
    changed = request.model_copy(update={**changes, "modified": now()})
    names = {*changes, "modified"}
    reference(request.id).update(changed.model_dump(by_alias=True, include=names))
    return changed


def _postpone(request: PrivacyRequest, reason: str, pause: timedelta) -> None:
    moment: datetime = now()
    change = {"state": PrivacyRequestState.WAITING, "reason": reason, "nextAttempt": moment + pause, "modified": moment}
    reference(request.id).update(change)


def _pause(request: PrivacyRequest) -> timedelta:
    return min(_LONGEST, timedelta(minutes=2 ** min(request.attempts, 6)))
