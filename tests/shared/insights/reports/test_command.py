"""`python -m shared.insights report`: the report of a past period as files, in the formats that their names ask for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.insights.__main__ import main
from shared.insights.reports.command import _moment
from tests.cloud import RunningCloud
from tests.shared.told import operation, tell

STARTS = {"pdf": b"%PDF-", "xlsx": b"PK", "html": b"<"}


@pytest.fixture
def day(cloud: RunningCloud, hour: datetime) -> str:
    """A day of the past on which something was done."""
    noon = hour.replace(hour=12, minute=0, second=0, microsecond=0)
    tell("ann", *(operation(noon + timedelta(minutes=n), success=n > 2) for n in range(12)))
    return f"{noon:%Y-%m-%d}"


def test_the_report_of_a_day_is_written_in_every_format(
    day: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = {tmp_path / f"report.{ending}": start for ending, start in STARTS.items()}
    outputs = [part for path in paths for part in ("-o", str(path))]
    assert main(["report", "--kind", "daily", "--until", day, *outputs]) == 0
    told = capsys.readouterr().err
    for path, start in paths.items():
        assert path.read_bytes().startswith(start)
        assert str(path) in told
    assert "Operations" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize("until", ["2026-11-07", "20261107", "2026-W45-6", "2026-11-08T00:00"])
def test_a_day_counts_as_a_whole_however_it_is_written(until: str) -> None:
    assert _moment(until, ZoneInfo("Europe/Berlin")) == datetime(2026, 11, 7, 23, tzinfo=UTC)


def test_a_period_that_is_not_over_is_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["report", "--kind", "monthly", "--until", "2999-12-31", "-o", str(tmp_path / "report.pdf")]
    assert main(asked) == 1
    assert "December 2999 is not over before 1 January 3000 00:00 (UTC)." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--until", "nonsense", "-o", "report.pdf"], "--until nonsense is neither a day"),
        (["--until", "", "-o", "report.pdf"], "is neither a day"),
        (["--until", "0001-01-01", "-o", "report.pdf"], "is neither a day"),
        (["--until", "9999-12-31", "-o", "report.pdf"], "is neither a day"),
        (["--cron", "0 7 * * 1", "-o", "report.pdf"], "no other kind has one"),
        (["--kind", "custom", "-o", "report.pdf"], "wants --cron"),
        (["-o", "nowhere/report.pdf"], "there is no folder nowhere"),
        (["-o", "report.doc"], "the file must end in .pdf"),
        (["--zone", "Mars", "-o", "report.pdf"], "Mars is no time zone"),
        (["--kind", "hourly", "-o", "report.pdf"], "choose from 'daily', 'weekly'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(
    wrong: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["report", *wrong])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err
