"""The schedules of this deployment: kept, changed, deleted, and taken by one process at a time."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from shared.core.audit import note_change
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import newest_first
from shared.core.errors import FieldError, InvalidInput, KompoError, NotFound
from shared.core.paging import Page
from shared.core.versions import CurrentCheck
from shared.insights.reports.cron import check_seldom
from shared.insights.reports.schedule import COLLECTION, ReportSchedule
from shared.notifications import ChannelKind, find_channels

if TYPE_CHECKING:
    from google.cloud import firestore

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""How long a process that makes a report keeps others from making it too. A killed one is waited for so long."""
_LEASE = "leasedUntil"


def parse_schedule(document: dict[str, Any]) -> ReportSchedule:
    """A schedule from a document or request. Raises InvalidInput saying what is wrong where."""
    try:
        return ReportSchedule.model_validate(document)
    except ValidationError as invalid:
        errors = [
            FieldError(
                "".join(f"/{to_camel(str(part))}" for part in error["loc"]),
                error["msg"].removeprefix("Value error, "),
                error["type"],
            )
            for error in invalid.errors()
        ]
        raise InvalidInput("The report schedule is not valid.", errors=errors) from None


def list_schedules(limit: int, page_token: str | None = None) -> Page[ReportSchedule]:
    """Schedules, the newest first."""
    return newest_first(firestore_client().collection(COLLECTION), parse_schedule, limit, page_token)


def get_schedule(schedule_id: str) -> ReportSchedule:
    """A schedule. Raises NotFound."""
    return _parsed(schedule_id, reference_of(schedule_id).get())


def enabled_schedules() -> list[ReportSchedule]:
    """Those that are switched on. One whose document makes no sense is logged and left out."""
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(COLLECTION).where(filter=FieldFilter("enabled", "==", True))
    found = []
    for snapshot in query.stream():
        try:
            found.append(parse_schedule(snapshot.to_dict() or {}))
        except InvalidInput as invalid:
            wrong = [error.pointer for error in invalid.errors]
            log.error("a report schedule is not valid", extra={"fields": {"schedule": snapshot.id, "wrong": wrong}})
    return found


def create_schedule(schedule: ReportSchedule) -> ReportSchedule:
    """Write a new schedule; the one of this id if there is one already. Raises InvalidInput if it reaches nobody it names, or
    comes more often than once an hour."""
    from google.cloud import firestore

    _check(schedule)
    reference, document = reference_of(schedule.id), schedule.document()

    @firestore.transactional
    def create(transaction: "firestore.Transaction") -> ReportSchedule:
        stored = reference.get(transaction=transaction).to_dict()
        if stored is not None:
            return parse_schedule(stored)
        transaction.create(reference, document)
        note_change(transaction, reference, schedule.created_by, schedule.created, None, document)
        return schedule

    return cast("ReportSchedule", create(firestore_client().transaction()))


def replace_schedule(
    schedule_id: str, fields: Mapping[str, Any], at: datetime, check: CurrentCheck | None = None, *, by: str
) -> ReportSchedule:
    """Put what `fields` say in place of what a schedule said, as `by` wants it. If its periods are others now, or it was switched
    off, its first is the one that is going on at `at`. Raises NotFound, InvalidInput, and what `check` raises."""

    def replace(schedule: ReportSchedule) -> ReportSchedule:
        if check is not None:
            check(schedule.etag)
        changed = parse_schedule({**schedule.model_dump(), **fields, "modified": at})
        _check(changed)
        if changed.periods == schedule.periods and (schedule.enabled or not changed.enabled):
            return changed
        return changed.model_copy(update={"reported_until": max(schedule.reported_until, at)})

    return change_schedule(schedule_id, replace, by=by)


def change_schedule(
    schedule_id: str, change: Callable[[ReportSchedule], ReportSchedule], *, by: str | None = None
) -> ReportSchedule:
    """Put what `change` makes of a schedule in its place, in a transaction. If it is said `by` whom, an entry in the audit log
    tells. Raises NotFound, and what `change` raises."""
    from google.cloud import firestore

    reference = reference_of(schedule_id)

    @firestore.transactional
    def apply(transaction: "firestore.Transaction") -> ReportSchedule:
        stored = reference.get(transaction=transaction)
        changed, document = change(_parsed(schedule_id, stored)), stored.to_dict()
        lease = {_LEASE: document[_LEASE]} if _LEASE in document else {}
        transaction.set(reference, {**changed.document(), **lease})
        if by is not None:
            note_change(transaction, reference, by, changed.modified, document, {**changed.document(), **lease})
        return changed

    return cast("ReportSchedule", apply(firestore_client().transaction()))


def delete_schedule(schedule_id: str, check: CurrentCheck | None = None, *, by: str | None = None) -> None:
    """Delete a schedule; its reports stay. `by` as in `change_schedule`. Raises NotFound, and what `check` raises."""
    from google.cloud import firestore

    reference = reference_of(schedule_id)

    @firestore.transactional
    def delete(transaction: "firestore.Transaction") -> None:
        stored = reference.get(transaction=transaction)
        schedule = _parsed(schedule_id, stored)
        if check is not None:
            check(schedule.etag)
        transaction.delete(reference)
        if by is not None:
            note_change(transaction, reference, by, now(), stored.to_dict(), None)

    delete(firestore_client().transaction())


def lease(schedule_id: str, at: datetime) -> ReportSchedule | None:
    """Take a schedule for LEASE; the schedule as it is now, or None if another process has it, or it is gone or switched off."""
    from google.cloud import firestore

    reference = reference_of(schedule_id)

    @firestore.transactional
    def take(transaction: "firestore.Transaction") -> ReportSchedule | None:
        document = reference.get(transaction=transaction).to_dict()
        if document is None or (document.get(_LEASE) is not None and document[_LEASE] > at):
            return None
        schedule = parse_schedule(document)
        if not schedule.enabled:
            return None
        transaction.update(reference, {_LEASE: at + LEASE})
        return schedule

    return cast("ReportSchedule | None", take(firestore_client().transaction()))


@contextmanager
def leased(schedule_id: str, at: datetime) -> Iterator[ReportSchedule | None]:
    """A schedule that is ours for the block, or None (see `lease`). A block that fails gives it back with what went wrong; one
    that does not gives it back itself."""
    schedule = lease(schedule_id, at)
    try:
        yield schedule
    except Exception as error:
        if schedule is not None:
            release(schedule_id, error=error.detail if isinstance(error, KompoError) else str(error)[:1000])
        raise


def release(schedule_id: str, *, reported_until: datetime | None = None, error: str | None = None) -> None:
    """Give a schedule back, and note how far it was reported, or what went wrong. One that is gone stays gone."""
    from google.api_core.exceptions import NotFound as Gone

    done = {"reportedUntil": reported_until} if reported_until is not None else {}
    try:
        reference_of(schedule_id).update({_LEASE: None, "lastError": error, **done})
    except Gone:
        log.info("a report schedule was deleted while it was sent", extra={"fields": {"schedule": schedule_id}})


def _parsed(schedule_id: str, stored: Any) -> ReportSchedule:
    """The schedule of a snapshot. Raises NotFound if it is of none."""
    document = stored.to_dict()
    if document is None:
        raise NotFound(f"There is no report schedule {schedule_id}.")
    return parse_schedule(document)


def _check(schedule: ReportSchedule) -> None:
    """Raise InvalidInput, with each place, if it names channels that there are not, or people whom none of them reaches, or comes
    more often than once an hour."""
    if schedule.cron is not None:
        check_seldom(schedule.cron)
    found = find_channels(schedule.channels)
    errors = [
        FieldError(f"/channels/{number}", f"There is no notification channel {channel}. Create it first.", "unknown")
        for number, channel in enumerate(schedule.channels)
        if channel not in found
    ]
    if schedule.recipients and not any(channel.kind is ChannelKind.EMAIL for channel in found.values()):
        detail = "Recipients get what goes by e-mail: name a channel of that kind in `channels`."
        errors.append(FieldError("/recipients", detail, "no_channel"))
    if errors:
        raise InvalidInput(errors[0].detail, errors=errors)


def reference_of(schedule_id: str) -> Any:
    """The schedule's document."""
    return firestore_client().collection(COLLECTION).document(schedule_id)
