"""Sending: what is due is made, kept, queued and marked as reported, in this order.

A process that is killed anywhere leaves what it had done; the next one goes on from there. The kept report is the same for both,
and the notification has its id as key, so that it is mailed once. Two processes at once take turns by a lease of the schedule."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from shared.core.failing import count_failure
from shared.core.settings import settings
from shared.insights.reports.edition import Edition
from shared.insights.reports.files import FORMATS
from shared.insights.reports.material import Material, prepare
from shared.insights.reports.report import write_report
from shared.insights.reports.schedule import ReportSchedule
from shared.insights.reports.schedules import enabled_schedules, get_schedule, leased, release
from shared.insights.reports.stored import BUCKET, StoredReport, find_report, report_id, store
from shared.notifications import Attachment, ChannelKind, Message, deliver_due, find_channels, queue

log = logging.getLogger(__name__)

Make = Callable[[Edition], Material]


@dataclass(frozen=True)
class Sent:
    """How many reports were sent, and how many schedules failed; those are tried again at the next run."""

    sent: int = 0
    failed: int = 0


def make_material(edition: Edition) -> Material:
    """The material of an edition. Raises Unavailable."""
    return prepare(write_report(edition))


def send_due(at: datetime, make: Make = make_material) -> Sent:
    """Send every report that is due at `at`, also those that an outage has kept. One schedule that fails stops no other, and
    counts as a failure of `send_reports`: whoever waits for a report does not hear that it does not come."""
    sent = failed = 0
    for schedule in enabled_schedules():
        try:
            sent += _send_schedule(schedule, at, make)
        except Exception as error:  # Whatever it is: the other schedules are to be sent.
            failed += 1
            count_failure("send_reports", type(error).__name__)
            log.exception("a report could not be sent", extra={"fields": {"schedule": schedule.id}})
    if sent:
        deliver_due(at)
    return Sent(sent, failed)


def run_once(schedule_id: str, stored_id: str, until: datetime, *, at: datetime, deliver: bool) -> StoredReport:
    """Make the schedule's report of the last period over at `until`, whatever was sent before, and queue its mail if `deliver`.

    With the id of one that was made already, that one. Raises NotFound, InvalidInput, Unavailable."""
    schedule = get_schedule(schedule_id)
    stored = find_report(stored_id) or store(stored_id, schedule, make_material(schedule.edition(until)))
    if deliver:
        _queue(stored, schedule, at)
    return stored


def _send_schedule(seen: ReportSchedule, at: datetime, make: Make) -> int:
    sent = 0
    while seen.due(at):
        with leased(seen.id, at) as schedule:
            if schedule is None:
                return sent
            due = schedule.due(at)
            if not due:
                release(schedule.id)
                return sent
            edition = due[0]
            stored_id = report_id(schedule, edition.slug)
            stored = find_report(stored_id) or store(stored_id, schedule, make(edition))
            _queue(stored, schedule, at)
            release(schedule.id, reported_until=edition.period.end)
        sent += 1
        seen = schedule.model_copy(update={"reported_until": edition.period.end})
    return sent


def _queue(stored: StoredReport, schedule: ReportSchedule, at: datetime) -> None:
    """Queue the letter; once, however often."""
    mail = [channel.id for channel in find_channels(schedule.channels).values() if channel.kind is ChannelKind.EMAIL]
    overridden = dict.fromkeys(mail, schedule.recipients) if schedule.recipients else None
    queue(_message(stored, schedule), schedule.channels, at=at, recipients=overridden)


def _message(stored: StoredReport, schedule: ReportSchedule) -> Message:
    bucket = settings().bucket(BUCKET)
    attachments = [
        Attachment(name, FORMATS[name.rpartition(".")[2]], bucket, f"{stored.folder}{name}") for name in stored.files
    ]
    pictures = {
        name: Attachment(f"{name}.png", "image/png", bucket, f"{stored.folder}{name}.png") for name in stored.pictures
    }
    sentences: list[JsonValue] = [sentence.model_dump(mode="json", by_alias=True) for sentence in stored.sentences]
    return Message(
        key=f"report-{stored.id}",
        subject=f"{schedule.name}: {stored.label}",
        text=stored.text,
        html=stored.letter(),
        attachments=tuple(attachments),
        inline=pictures,
        data={"report": stored.id, "schedule": schedule.id, "period": stored.label, "sentences": sentences},
        kind="report",
    )
