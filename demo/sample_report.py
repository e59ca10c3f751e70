"""The sample report of docs/reports: a week of a generated history in which everything was slow for a day, and alerts were rung.

Run inside the suite: `python -m infra.local exec --only bigquery,firestore,secrets -- python -m demo.sample_report`. It writes
`docs/reports/weekly.pdf`, the picture of its first page, and `docs/reports/weekly.xlsx`."""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from demo.history import History, load
from infra.manifest import ROOT
from shared.alerts import AlertManager, delete_rule
from shared.core.logs import configure_logs
from shared.insights import aggregate_metrics
from shared.insights.reports import ReportKind, make_report, write_files

FOLDER = ROOT / "docs" / "reports"
END = datetime(2026, 11, 23, tzinfo=UTC)
UNTIL = datetime(2026, 11, 16, tzinfo=UTC)
"""The week before this has the slow day and the failing operation."""
DAYS = 42
_BETWEEN = timedelta(hours=1)
_SCALE = 1.6
"""Pixels of the picture for each point of the page."""


def main() -> None:
    """Make them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=150_000)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    configure_logs()
    load(History(seed=1, events=given.events, users=given.events // 120, days=DAYS, end=END))
    aggregate_metrics(END, look_back=timedelta(days=DAYS))
    _watch()
    report = make_report(ReportKind.WEEKLY, UNTIL, ZoneInfo("UTC"))
    given.folder.mkdir(parents=True, exist_ok=True)
    files = write_files(report, ["pdf", "xlsx"])
    for ending, content in files.items():
        (given.folder / f"weekly.{ending}").write_bytes(content)
    _picture(files["pdf"], given.folder / "weekly.png")


def _watch() -> None:
    """Evaluate the rules that every deployment starts with, every hour of the week, as `evaluate_alerts` does every minute: what
    they see is marked on the charts. That the minutes between were skipped is no news here."""
    delete_rule("late-evaluation", "sample")
    manager = AlertManager()
    moment = UNTIL - timedelta(weeks=1)
    while moment < UNTIL:
        manager.check_alerts(moment)
        moment += _BETWEEN


def _picture(pdf: bytes, path: Path) -> None:
    """Draw the first page."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        document[0].render(scale=_SCALE).to_pil().quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    main()
