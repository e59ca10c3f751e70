"""Reports go out when they are due, once, whoever is killed, and what an outage has kept goes out after it."""

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from shared.core.clients import storage_client
from shared.core.clock import now
from shared.core.errors import InvalidInput, NotFound
from shared.core.failing import failures_between
from shared.core.ids import new_id
from shared.core.settings import settings
from shared.insights.reports import (
    Edition,
    Material,
    ReportKind,
    ReportSchedule,
    ReportText,
    StoredFact,
    StoredReport,
    StoredSentence,
    change_schedule,
    create_schedule,
    delete_schedule,
    get_schedule,
    list_reports,
    list_schedules,
    parse_schedule,
    replace_schedule,
    run_once,
    send_due,
    sending,
)
from shared.insights.reports.schedules import LEASE, lease, leased
from shared.notifications import Channel, Email, SmtpServer, deliver_due, save_channel
from tests.cloud import RunningCloud
from tests.shared.notifications.mailbox import HOST, Mailbox, mail_server

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n picture"


class Killed(BaseException):
    """A process dies: nothing catches it."""


@pytest.fixture(autouse=True)
def this_machine(cloud: RunningCloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Channels may reach this machine."""
    monkeypatch.setenv("KOMPO_NOTIFICATION_HOSTS", HOST)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def schedule(mailbox: Mailbox) -> Iterator[ReportSchedule]:
    """A weekly report by mail, not yet sent for the week from MONDAY; gone after the test."""
    made = scheduled(mail_channel(mailbox))
    yield made
    for other in list_schedules(200).items:
        delete_schedule(other.id)


def mail_channel(mailbox: Mailbox) -> Channel:
    server = SmtpServer(host=HOST, port=mailbox.port, security="none", sender="kompo@example.com")
    config = Email(recipients=(f"ann-{new_id()}@example.com",), server=server)
    channel, _ = save_channel(f"c-{new_id()}", MONDAY, name="Mail", config=config, throttle=())
    return channel


def scheduled(channel: Channel, kind: ReportKind = ReportKind.WEEKLY, **fields: Any) -> ReportSchedule:
    stamps = {"created": MONDAY, "modified": MONDAY, "created_by": "ann", "reported_until": MONDAY}
    told = {"id": f"r-{new_id()}", "name": "Our week", "kind": kind, "channels": (channel.id,), **stamps, **fields}
    return create_schedule(ReportSchedule(**told))


def material(edition: Edition) -> Material:
    """The material of a report, made in no time."""
    fact = StoredFact(
        kpi="operations", how="value", start=edition.period.start, end=edition.period.end, value=7, text="7"
    )
    told = ReportText(
        kind=edition.kind,
        title=edition.kind.heading,
        label=edition.label,
        slug=edition.slug,
        start=edition.period.start,
        end=edition.period.end,
        zone=edition.zone.key,
        made=edition.period.end,
        text="Operations: 7",
        sentences=(StoredSentence(text="Operations: 7", facts=(fact,)),),
    )
    return Material(
        told,
        letter='<p>Operations: 7 <img src="cid:chart-1"></p>',
        files={"pdf": b"%PDF", "xlsx": b"PK"},
        pictures={"chart-1": PNG},
    )


def sunday(hour: int = 7) -> datetime:
    """The Monday after, at that hour."""
    return MONDAY + timedelta(days=7, hours=hour)


def test_a_report_goes_out_at_its_hour_with_pictures_and_files(schedule: ReportSchedule, mailbox: Mailbox) -> None:
    assert send_due(sunday(6), material).sent == 0
    assert send_due(sunday(7), material).sent == 1
    [mail] = mailbox.mails
    assert mail["Subject"] == "Our week: 16 to 22 November 2026"
    parts = {part.get_filename() or part.get_content_type(): part for part in mail.walk()}
    assert parts["kompo-weekly-2026-11-16.pdf"].get_payload(decode=True) == b"%PDF"
    assert parts["kompo-weekly-2026-11-16.xlsx"].get_payload(decode=True) == b"PK"
    assert 'src="cid:chart-1"' in parts["text/html"].get_content()
    assert parts["chart-1.png"]["Content-ID"] == "<chart-1>"
    assert "Operations: 7" in parts["text/plain"].get_content()


def test_it_is_kept_with_its_facts_and_files(schedule: ReportSchedule, mailbox: Mailbox) -> None:
    send_due(sunday(), material)
    [kept] = list_reports(10, schedule_id=schedule.id).items
    assert kept.sentences[0].facts[0].kpi == "operations"
    bucket = storage_client().bucket(settings().bucket("exports"))
    assert kept.folder.startswith("reports/")
    assert bucket.blob(f"{kept.folder}kompo-weekly-2026-11-16.pdf").download_as_bytes() == b"%PDF"


def test_what_was_sent_is_not_sent_again(schedule: ReportSchedule, mailbox: Mailbox) -> None:
    for minutes in range(0, 15, 5):
        send_due(sunday() + timedelta(minutes=minutes), material)
    assert len(mailbox.mails) == 1
    assert get_schedule(schedule.id).reported_until == MONDAY + timedelta(days=7)


def test_what_an_outage_has_kept_goes_out_after_it(schedule: ReportSchedule, mailbox: Mailbox) -> None:
    assert send_due(sunday() + timedelta(days=14), material).sent == 3
    assert sorted(mail["Subject"] for mail in mailbox.mails) == [
        "Our week: 16 to 22 November 2026",
        "Our week: 23 to 29 November 2026",
        "Our week: 30 November to 6 December 2026",
    ]


def test_after_a_long_outage_only_the_newest_go_out(mailbox: Mailbox, schedule: ReportSchedule) -> None:
    delete_schedule(schedule.id)
    daily = scheduled(mail_channel(mailbox), ReportKind.DAILY)
    assert send_due(MONDAY + timedelta(days=40, hours=8), material).sent == 7
    assert send_due(MONDAY + timedelta(days=40, hours=9), material).sent == 0
    assert get_schedule(daily.id).reported_until == MONDAY + timedelta(days=40)


def test_the_hour_is_that_of_the_zone(mailbox: Mailbox, schedule: ReportSchedule) -> None:
    delete_schedule(schedule.id)
    scheduled(
        mail_channel(mailbox), zone="America/New_York", send_at="08:30", reported_until=MONDAY + timedelta(hours=5)
    )
    assert send_due(MONDAY + timedelta(days=7, hours=13, minutes=29), material).sent == 0
    assert send_due(MONDAY + timedelta(days=7, hours=13, minutes=30), material).sent == 1


def test_recipients_stand_in_for_those_of_the_channel(mailbox: Mailbox, schedule: ReportSchedule) -> None:
    delete_schedule(schedule.id)
    scheduled(mail_channel(mailbox), recipients=("boss@example.com", "bee@example.com"))
    send_due(sunday(), material)
    assert sorted(mail["To"] for mail in mailbox.mails) == ["bee@example.com", "boss@example.com"]


def test_one_that_fails_stops_no_other_says_why_and_is_tried_again(schedule: ReportSchedule, mailbox: Mailbox) -> None:
    other = scheduled(
        mail_channel(mailbox), ReportKind.DAILY, name="Our day", reported_until=sunday(0) - timedelta(days=1)
    )

    def failing(edition: Edition) -> Material:
        if edition.kind is ReportKind.WEEKLY:
            raise InvalidInput("The numbers are not there.")
        return material(edition)

    began = now()
    done = send_due(sunday(), failing)
    assert (done.sent, done.failed) == (1, 1)
    counted = failures_between(began.replace(second=0, microsecond=0), now() + timedelta(minutes=1))
    assert ("send_reports", "InvalidInput") in {(each.function, each.error) for each in counted}
    assert get_schedule(schedule.id).last_error == "The numbers are not there."
    assert get_schedule(other.id).last_error is None
    assert send_due(sunday() + timedelta(minutes=5), material).sent == 1
    assert get_schedule(schedule.id).last_error is None
    assert [mail["Subject"].split(":")[0] for mail in mailbox.mails] == ["Our day", "Our week"]


def test_while_one_process_makes_it_another_does_not(schedule: ReportSchedule, mailbox: Mailbox) -> None:
    def slow(edition: Edition) -> Material:
        assert send_due(sunday() + timedelta(minutes=5), material).sent == 0
        return material(edition)

    assert send_due(sunday(), slow).sent == 1
    assert len(mailbox.mails) == 1


def test_who_fails_without_having_it_does_not_give_it_back(schedule: ReportSchedule) -> None:
    with leased(schedule.id, sunday()) as ours:
        assert ours is not None
        with pytest.raises(InvalidInput), leased(schedule.id, sunday()) as theirs:
            assert theirs is None
            raise InvalidInput("The numbers are not there.")
        assert lease(schedule.id, sunday()) is None
    assert get_schedule(schedule.id).last_error is None


EVERY = int(os.environ.get("KOMPO_KILL_EVERY", "4"))
"""At each how many-th line it is killed."""


def test_killed_at_any_line_it_is_mailed_once(schedule: ReportSchedule, mailbox: Mailbox) -> None:
    delete_schedule(schedule.id)
    for line in itertools.count(1, EVERY):
        one = scheduled(mail_channel(mailbox))
        survived = not killed_at(line, lambda: send_due(sunday(), material))
        later = sunday() + LEASE + timedelta(minutes=line)
        send_due(later, material)
        deliver_due(later)
        assert len(mailbox.mails) == 1, f"killed at line {line}"
        assert get_schedule(one.id).reported_until == MONDAY + timedelta(days=7)
        mailbox.mails.clear()
        delete_schedule(one.id)
        if survived:
            assert line > 25
            break


def killed_at(line: int, run: Callable[[], object]) -> bool:
    """Run, and die where the line-th line of the modules that send is about to be run first; whether it came to that."""
    folder, seen = str(Path(sending.__file__).parent), set[tuple[str, int]]()

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        if not frame.f_code.co_filename.startswith(folder) or Path(frame.f_code.co_filename).name not in (
            "sending.py",
            "stored.py",
        ):
            return None
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
            if len(seen) == line:
                raise Killed
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    except Killed:
        return True
    finally:
        sys.settrace(before)
    return False


def test_a_past_period_is_made_on_demand_and_changes_nothing_of_the_schedule(
    cloud: RunningCloud, schedule: ReportSchedule, mailbox: Mailbox
) -> None:
    made: StoredReport = run_once(schedule.id, "once", datetime(2026, 3, 4, tzinfo=UTC), at=sunday(), deliver=True)
    assert made.label == "23 February to 1 March 2026"
    assert run_once(schedule.id, "once", datetime(2026, 3, 4, tzinfo=UTC), at=sunday(), deliver=True) == made
    deliver_due(sunday())
    assert [mail["Subject"] for mail in mailbox.mails] == ["Our week: 23 February to 1 March 2026"]
    assert get_schedule(schedule.id).reported_until == MONDAY


def test_a_schedule_is_changed_and_deleted(schedule: ReportSchedule) -> None:
    changed = change_schedule(schedule.id, lambda one: one.model_copy(update={"enabled": False}))
    assert not changed.enabled
    assert send_due(sunday(), material).sent == 0
    delete_schedule(schedule.id)
    with pytest.raises(NotFound, match="There is no report schedule"):
        get_schedule(schedule.id)


def test_one_of_other_periods_or_switched_on_again_begins_with_the_one_that_is_going_on(
    schedule: ReportSchedule,
) -> None:
    later = MONDAY + timedelta(days=30)
    changes: list[dict[str, Any]] = [{"name": "New"}, {"enabled": False}, {"enabled": True}]
    untils = [replace_schedule(schedule.id, fields, later, by="ann").reported_until for fields in changes]
    assert untils == [MONDAY, MONDAY, later]
    daily = replace_schedule(schedule.id, {"kind": ReportKind.DAILY}, later + timedelta(hours=5), by="ann")
    [edition] = daily.due(later + timedelta(days=1, hours=12))
    assert edition.period.start <= later + timedelta(hours=5) < edition.period.end


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("zone", "Mars/Olympus", "/zone"),
        ("send_at", "25:00", "/sendAt"),
        ("recipients", ["not an address"], "/recipients/0"),
        ("cron", "0 7 * * 1", "/cron"),
        ("name", "", "/name"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(
    schedule: ReportSchedule, field: str, value: object, pointer: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_schedule({**schedule.model_dump(), field: value})
    assert [error.pointer for error in refused.value.errors] == [pointer]
