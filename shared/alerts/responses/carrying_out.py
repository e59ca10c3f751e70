"""Carrying out: responses that are due are done, once each, and those whose time or alert is over are ended.

A record, what it changes and the entry in the audit log are written in one transaction: a kill before it leaves the response
due, and one after it finds it done."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from shared.alerts.actions import Action
from shared.alerts.instances import SYSTEM, AlertState
from shared.alerts.responses.record import COLLECTION, ResponseRecord, ResponseState
from shared.alerts.routing import expire_silence, open_silence, parse_matcher
from shared.alerts.stored import alert_reference
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import newest_first
from shared.core.errors import Conflict, KompoError, NotFound
from shared.core.paging import Page
from shared.jobs import Control, ControlKind, change_controls

if TYPE_CHECKING:
    from google.cloud import firestore

log = logging.getLogger(__name__)

COOLDOWNS = "alert_response_cooldowns"
Write = Callable[[], None]


def carry_out(at: datetime) -> int:
    """Do what is due and end what is over. Returns how many responses that were; one that fails stops no other."""
    settled = 0
    for state, step in ((ResponseState.DUE, _do), (ResponseState.DONE, _end)):
        for record in _records(state):
            try:
                settled += step(record, at)
            except Exception:
                log.exception("a response could not be carried out", extra={"fields": {"response": record.id}})
    return settled


def end_response(response_id: str, by: str) -> ResponseRecord:
    """An operator ends a response that was carried out. Raises NotFound, Conflict if it is over or was never carried out."""
    snapshot = firestore_client().collection(COLLECTION).document(response_id).get()
    if not snapshot.exists:
        raise NotFound(f"There is no response {response_id}.")
    record = ResponseRecord.model_validate(snapshot.to_dict())
    ended = _ended(record, now(), by) if record.state is ResponseState.DONE else None
    if ended is None:
        raise Conflict(f"This response is {record.state.value}: only one that was carried out can be ended.")
    return ended


def list_responses(limit: int, page_token: str | None = None) -> Page[ResponseRecord]:
    """The responses, those that were due last first."""
    responses = firestore_client().collection(COLLECTION)
    return newest_first(responses, ResponseRecord.model_validate, limit, page_token, time="dueAt")


def _records(state: ResponseState) -> Iterator[ResponseRecord]:
    from google.cloud.firestore import FieldFilter

    found: Any = firestore_client().collection(COLLECTION).where(filter=FieldFilter("state", "==", state.value))
    return (ResponseRecord.model_validate(snapshot.to_dict()) for snapshot in list(found.stream()))


def _do(record: ResponseRecord, at: datetime) -> bool:
    """Do a response that is due, unless it was done too short a time ago, or is a dry run."""
    response = record.response
    until = at + timedelta(minutes=response.minutes)

    def settle(transaction: "firestore.Transaction") -> tuple[ResponseRecord, Write]:
        cooldown = firestore_client().collection(COOLDOWNS).document(record.cooldown)
        last = (cooldown.get(transaction=transaction).to_dict() or {}).get("at")
        if last is not None and timedelta(0) <= at - last < timedelta(minutes=response.cooldown):
            detail = f"{record.sentence}: done {(at - last) // timedelta(minutes=1)} min before, and not again so soon."
            return _now(record, ResponseState.COOLING_DOWN, detail), _nothing
        if response.dry_run:
            return _now(record, ResponseState.DRY_RUN, f"Would have been done: {record.sentence}."), _nothing
        done = record.model_copy(
            update={"state": ResponseState.DONE, "done_at": at, "until": until, "detail": f"{record.sentence}."}
        )
        change = _control(transaction, done, at) if response.action is not Action.OPEN_SILENCE else _nothing

        def write() -> None:
            change()
            transaction.set(cooldown, {"at": at})

        return done, write

    settled = _settle(record, at, settle)
    if settled is not None and settled.state is ResponseState.DONE and response.action is Action.OPEN_SILENCE:
        return _silence(settled, at)
    return settled is not None


def _silence(record: ResponseRecord, at: datetime) -> bool:
    """Open the silence of a response; killed before, it is opened with the next look (see `_end`)."""
    assert record.until is not None
    try:
        open_silence(
            [parse_matcher(matcher) for matcher in record.response.matchers],
            starts_at=record.done_at or at,
            ends_at=record.until,
            owner=SYSTEM,
            comment=f"The response to alert {record.alert_id}",
            silence_id=record.id,
        )
    except KompoError as error:
        failed = _now(record, ResponseState.FAILED, error.detail)
        return _settle(record, at, lambda _: (failed, _nothing)) is not None
    return True


def _control(transaction: "firestore.Transaction", record: ResponseRecord, at: datetime) -> Write:
    """What sets the control of a response."""
    response = record.response
    assert record.until is not None
    control = Control(
        kind=ControlKind(response.action.value),
        since=at,
        until=record.until,
        reason=f"The response to alert {record.alert_id}",
        provider=record.provider if response.action is Action.PAUSE_PROVIDER else None,
        device=response.device,
        free=response.free,
        premium=response.premium,
    )
    return change_controls(transaction, at, {record.id: control})


def _end(record: ResponseRecord, at: datetime) -> bool:
    """End a response whose time, or alert, is over."""
    assert record.until is not None
    silent = record.response.action is Action.OPEN_SILENCE
    if not _is_over(record, at):
        return silent and _is_unopened(record) and _silence(record, at)

    return _ended(record, at, SYSTEM) is not None


def _ended(record: ResponseRecord, at: datetime, by: str) -> ResponseRecord | None:
    """End a response that was carried out; None if somebody else was quicker."""
    silent = record.response.action is Action.OPEN_SILENCE

    def settle(transaction: "firestore.Transaction") -> tuple[ResponseRecord, Write]:
        ended = record.model_copy(update={"state": ResponseState.ENDED, "ended_at": at, "ended_by": by})
        return ended, _nothing if silent else change_controls(transaction, at, {record.id: None})

    if silent:
        _expire(record)
    return _settle(record, at, settle, by)


def _is_over(record: ResponseRecord, at: datetime) -> bool:
    assert record.until is not None
    if at >= record.until:
        return True
    if not record.response.ends_with_alert:
        return False
    alert = alert_reference(record.alert_id).get(["state"]).to_dict()
    return alert is None or alert["state"] == AlertState.RESOLVED.value


def _is_unopened(record: ResponseRecord) -> bool:
    return not firestore_client().collection("alert_silences").document(record.id).get().exists


def _expire(record: ResponseRecord) -> None:
    try:
        expire_silence(record.id)
    except KompoError:
        log.info("the silence of a response is over already", extra={"fields": {"response": record.id}})


def _settle(
    record: ResponseRecord,
    at: datetime,
    decide: Callable[["firestore.Transaction"], tuple[ResponseRecord, Write]],
    by: str = SYSTEM,
) -> ResponseRecord | None:
    """The record after what `decide` wants of it, with an entry in the audit log; None if somebody else was quicker."""
    from google.cloud import firestore

    @firestore.transactional
    def attempt(transaction: "firestore.Transaction") -> ResponseRecord | None:
        stored = record.reference.get(transaction=transaction).to_dict()
        if stored is None or stored["state"] != record.state.value:
            return None
        after, write = decide(transaction)
        write()
        transaction.set(record.reference, after.document())
        audit = firestore_client().collection("audit_log").document(f"{record.id}-{after.state.value}")
        told = {"subject": record.reference.path, "action": f"response.{record.response.action.value}", "by": by}
        transaction.set(audit, {**told, "at": at, "state": after.state.value, "comment": after.detail})
        return after

    return cast("ResponseRecord | None", attempt(firestore_client().transaction()))


def _now(record: ResponseRecord, state: ResponseState, detail: str) -> ResponseRecord:
    return record.model_copy(update={"state": state, "detail": detail})


def _nothing() -> None:
    """Nothing else is to be written."""
