"""Tables and charts to write in tests."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from shared.exports import Chart, Column, Kind, Series, Table

START = datetime(2026, 11, 2, 22, 30, tzinfo=UTC)
COLUMNS = (
    Column("operation", "Operation"),
    Column("last", "Last seen", Kind.TIME, zone="Europe/Berlin"),
    Column("runs", "Runs", Kind.COUNT),
    Column("rate", "Success rate", Kind.RATIO),
    Column("cost", "Cost", Kind.USD),
)


def rows(count: int) -> Iterator[tuple[str, datetime, int, float, float]]:
    """That many rows, one by one."""
    for number in range(count):
        yield f"operation-{number}", START + timedelta(hours=number), number, number / count, number * 0.25


def table(count: int = 3) -> Table:
    """A table of that many rows."""
    return Table("Operations", COLUMNS, rows(count))


def chart(*values: float | None, title: str = "Success rate", target: float | None = None) -> Chart:
    """A line over days."""
    days = [START + timedelta(days=day) for day in range(len(values))]
    return Chart(title, Kind.RATIO, days, (Series("now", values),), target=target)
