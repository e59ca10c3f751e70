"""A weekly report of a history: the seconds of its text, its PDF and its workbook, against those of its queries alone.

Run inside the suite: `python -m infra.local exec --only bigquery,firestore,secrets -- python -m bench.reporting`. The baseline is
what no report can do without: every KPI over the week and over the week before. Beside it: a table of 50,000 rows as CSV, JSON,
XLSX and PDF, against the same rows written by Python's csv module alone."""

import argparse
import csv
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

from demo.history import History, load
from shared.exports import Column, Document, Kind, Table, csv_chunks, json_chunks, write_pdf, write_xlsx
from shared.insights import aggregate_metrics, kpis, measure
from shared.insights.reports import ReportKind, last_edition, write_files, write_report

ROWS = 50_000
COLUMNS = (
    Column("operation", "Operation"),
    Column("runs", "Runs", Kind.COUNT),
    Column("rate", "Success rate", Kind.RATIO),
    Column("seconds", "Time", Kind.SECONDS),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    given = parser.parse_args()
    history = History(events=given.events, users=max(given.events // 200, 50), days=21)
    load(history)
    aggregate_metrics(history.end, look_back=timedelta(days=history.days))
    print(f"{given.events:,} events, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    _report(history)
    _table()


def _report(history: History) -> None:
    edition = last_edition(ReportKind.WEEKLY, history.end, ZoneInfo("UTC"))
    with _timed("every KPI over both weeks (baseline)") as baseline:
        for period in (edition.before, edition.period):
            measure(tuple(kpis()), period)
    with _timed("text: what changed, why, what to do", baseline):
        report = write_report(edition)
    with _timed("PDF, with the rest of its queries", baseline):
        write_files(report, ["pdf"])
    with _timed("PDF again", baseline):
        write_files(report, ["pdf"])
    with _timed("workbook", baseline):
        write_files(report, ["xlsx"])


def _table() -> None:
    rows = [(f"operation {number}", number, number / ROWS, number * 0.37) for number in range(ROWS)]
    with _timed(f"{ROWS:,} rows by csv.writer (baseline)") as baseline:
        csv.writer(io.StringIO()).writerows(rows)
    table = Table("Operations", COLUMNS, rows)
    for name, chunks in (("CSV", csv_chunks), ("JSON", json_chunks)):
        with _timed(f"{ROWS:,} rows as {name}", baseline):
            for _ in chunks(table):
                pass
    for name, write in (("XLSX", write_xlsx), ("PDF", write_pdf)):
        with _timed(f"{ROWS:,} rows as {name}", baseline):
            write(Document("Operations", "", (table,)), io.BytesIO())


@contextmanager
def _timed(what: str, baseline: list[float] | None = None) -> Iterator[list[float]]:
    """Print the seconds of the block, and how many times those of the baseline they are."""
    taken: list[float] = []
    start = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - start)
    ratio = f"  {taken[0] / baseline[0]:6.2f} x" if baseline else ""
    print(f"{taken[0]:8.2f} s{ratio}  {what}", flush=True)


if __name__ == "__main__":
    main()
