"""Tables: typed columns, and rows that may come one by one from a generator."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from shared.exports.errors import InvalidTable
from shared.exports.figures import Kind, Value

Cell = Value
Row = Sequence[Cell]


@dataclass(frozen=True)
class Column:
    """One column: `name` for programs (CSV, JSON), `title` for people (XLSX, PDF, HTML), and what its values are.

    `zone` is the IANA zone that times are shown in to people; programs get them with their offset. `share` is the part
    of a page's width, 0 to 1; None lets the writer choose. Raises InvalidTable for a share that there is not."""

    name: str
    title: str
    kind: Kind = Kind.TEXT
    zone: str = "UTC"
    share: float | None = None

    def __post_init__(self) -> None:
        if self.share is not None and not 0 < self.share <= 1:
            raise InvalidTable(
                f"Column {self.name!r} has a share of {self.share} of the width: 0 to 1 is all there is."
            )

    @property
    def heading(self) -> str:
        """The title, and the zone of times."""
        return f"{self.title} ({self.zone})" if self.kind is Kind.TIME else self.title

    @property
    def tzinfo(self) -> ZoneInfo:
        """The zone that its times are shown in."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True)
class Table:
    """Rows under columns. `rows` is read once, from start to end: a generator serves for one writer."""

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    note: str | None = None
    """A sentence under it, e.g. what was left out."""

    def checked(self) -> Iterator[Row]:
        """The rows, each of them as long as there are columns. Raises InvalidTable naming the first that is not."""
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise InvalidTable(
                    f"Row {number} of {self.title!r} has {len(row)} cells for {len(self.columns)} columns."
                )
            yield row
