"""`python -m shared.insights report`: write the report of a period to files; their endings say in which formats."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from shared.core.clock import now
from shared.core.errors import KompoError
from shared.insights.reports.edition import midnight
from shared.insights.reports.files import FORMATS, write_files
from shared.insights.reports.kinds import ReportKind
from shared.insights.reports.report import make_report

_FIRST_YEAR = 1970


def main(arguments: Sequence[str]) -> int:
    """Write it, read once for all files. Returns 0, or 1 with a sentence if that is not possible."""
    parser = argparse.ArgumentParser(prog="python -m shared.insights report", description=__doc__)
    parser.add_argument("--kind", choices=[kind.value for kind in ReportKind], default=ReportKind.WEEKLY.value)
    parser.add_argument(
        "--cron", help="for --kind custom: its periods lie between the moments that this expression names"
    )
    parser.add_argument("--zone", default="UTC", help="IANA zone whose days are meant (UTC)")
    parser.add_argument(
        "--until", help="a day, which counts as a whole, or an ISO time: the last period over by then; now without it"
    )
    parser.add_argument(
        "-o",
        "--output",
        dest="outputs",
        action="append",
        required=True,
        type=Path,
        metavar="FILE",
        help="report.pdf, report.xlsx or report.html; several, one -o each, have the same figures",
    )
    given = parser.parse_args(arguments)
    outputs: dict[Path, str] = {path: path.suffix.removeprefix(".").lower() for path in given.outputs}
    if not set(outputs.values()) <= set(FORMATS):
        parser.error(f"the file must end in {', '.join('.' + known for known in FORMATS)}")
    if given.zone not in available_timezones():
        parser.error(f"{given.zone} is no time zone of IANA's")
    kind, zone = ReportKind(given.kind), ZoneInfo(given.zone)
    if (given.cron is not None) != (kind is ReportKind.CUSTOM):
        parser.error("--kind custom wants --cron, and no other kind has one")
    for path in outputs:
        if not path.absolute().parent.is_dir():
            parser.error(f"there is no folder {path.parent} to write {path.name} to")
    try:
        until = _moment(given.until, zone) if given.until is not None else now()
    except (ValueError, OverflowError):
        parser.error(f"--until {given.until} is neither a day such as 2026-11-22 nor an ISO time, of 1970 to 9999")
    try:
        report = make_report(kind, until, zone, given.cron)
        files = write_files(report, set(outputs.values()))
        for path, ending in outputs.items():
            path.write_bytes(files[ending])
    except (KompoError, OSError) as error:
        sys.stderr.write(f"{error.detail if isinstance(error, KompoError) else error}\n")
        return 1
    sys.stderr.write(f"{report.title}, {report.edition.label}: {', '.join(map(str, outputs))}\n")
    return 0


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """The end of that day in the zone, or the moment. Raises ValueError, OverflowError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        at = datetime.fromisoformat(text)
        moment = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    else:
        moment = midnight(day + timedelta(days=1), zone)
    if moment.year < _FIRST_YEAR:
        raise ValueError(f"{text} is before there was anything to report")
    return moment
