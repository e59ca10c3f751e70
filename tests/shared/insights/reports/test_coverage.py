"""What began in the middle of the period before is compared with nothing: it would seem to have doubled."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.events import Event, event_messages, ingest
from shared.exports import Figure, Table, Tiles, write_html
from shared.insights.reports import Report, ReportKind, make_report
from shared.insights.reports.layout import letter_document
from tests.cloud import RunningCloud
from tests.shared.told import operation

DAY = timedelta(days=1)
FIRST = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - 900 * DAY
"""Long before anything that other tests tell of."""


@pytest.fixture(scope="module")
def _begun(cloud: RunningCloud) -> None:
    """Forty people begin at noon of the first day; from then on they do as much in each hour as in any other."""
    hours = [FIRST + timedelta(hours=12 + 4 * number) for number in range(15)]
    for who in range(40):
        told_then(f"new-{who}", [operation(hour + timedelta(minutes=who)) for hour in hours])


def told_then(user: str, events: list[Event]) -> None:
    """Take events in as if it were the time at which they happened: they are too old to be told of today."""
    for message in event_messages(user, events):
        rows = [{**row, "received_at": row["occurred_at"]} for row in json.loads(message)["events"]]
        assert ingest(json.dumps({"events": rows}).encode()).invalid == 0


def daily(number: int) -> Report:
    """The report of the first day (0), the second, …"""
    return make_report(ReportKind.DAILY, FIRST + (number + 1) * DAY, ZoneInfo("UTC"))


def changes_shown(report: Report) -> list[object]:
    """Of the tiles, and of the table of figures."""
    blocks = letter_document(report).blocks
    tables = [row for block in blocks if isinstance(block, Table) for row in block.rows]
    figures: list[object] = [cell.value for row in tables for cell in row if isinstance(cell, Figure) and cell.change]
    return figures + [tile.change for block in blocks if isinstance(block, Tiles) for tile in block.tiles]


@pytest.mark.usefixtures("_begun")
def test_a_period_that_is_only_partly_covered_is_named_and_not_compared_with() -> None:
    report = daily(1)
    [said] = report.uncovered
    since = f"{FIRST.day} {FIRST:%B %Y} 12:00"
    assert said.text == (
        f"The period before is only partly covered: its 120 events begin on {since}. So nothing is compared with it."
    )
    assert said in report.sentences
    assert report.changes == ()
    assert set(changes_shown(report)) == {None}
    letter = write_html(letter_document(report), str)
    assert said.text in letter
    assert "not compared with the period before" in letter
    assert "Nothing moved" not in letter


@pytest.mark.usefixtures("_begun")
def test_the_next_period_is_compared_again() -> None:
    report = daily(2)
    assert report.uncovered == ()
    assert 0.0 in changes_shown(report)


@pytest.mark.usefixtures("_begun")
def test_the_first_period_of_all_says_that_there_is_none_before() -> None:
    [said] = daily(0).uncovered
    assert said.text == "There are 0 events of the period before, so nothing is compared with it."
