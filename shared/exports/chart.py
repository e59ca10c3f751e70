"""Charts: series over time or over categories, with their unit, a target and a forecast's band."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from shared.exports.errors import InvalidTable
from shared.exports.figures import Kind


class Shape(StrEnum):
    """How a chart shows its series."""

    LINE = "line"
    BAR = "bar"
    """Upright bars, one a category."""
    RANKING = "ranking"
    """Lying bars with their values beside them, the first on top; one series."""


@dataclass(frozen=True)
class Series:
    """One value for each x; None is a gap. A `secondary` series, e.g. the prior period, is drawn lighter."""

    title: str
    values: Sequence[float | None]
    secondary: bool = False

    @property
    def shows_something(self) -> bool:
        """Whether it has a value."""
        return any(value is not None for value in self.values)


@dataclass(frozen=True)
class Band:
    """A forecast's interval: `low` and `high` for each x, None where there is none."""

    title: str
    low: Sequence[float | None]
    high: Sequence[float | None]


@dataclass(frozen=True)
class Annotation:
    """Something that happened at one x, e.g. an alert that fired."""

    x: "datetime | date | str"
    text: str


@dataclass(frozen=True)
class Chart:
    """Series over `x`: all times, all dates or all names. Raises InvalidTable if a series is not as long as `x`."""

    title: str
    kind: Kind
    x: Sequence[datetime] | Sequence[date] | Sequence[str]
    series: tuple[Series, ...]
    shape: Shape = Shape.LINE
    target: float | None = None
    band: Band | None = None
    annotations: tuple[Annotation, ...] = ()
    x_title: str = ""
    zone: str = "UTC"
    caption: str = field(default="")
    """What it shows in a sentence: the text in place of the picture for who cannot see it."""

    def __post_init__(self) -> None:
        rows = [(series.title, series.values) for series in self.series]
        if self.band:
            rows += [(self.band.title, self.band.low), (self.band.title, self.band.high)]
        for title, values in rows:
            if len(values) != len(self.x):
                raise InvalidTable(
                    f"{title!r} of chart {self.title!r} has {len(values)} values for {len(self.x)} places."
                )

    @property
    def shows_something(self) -> bool:
        """Whether any of its series has a value."""
        return any(series.shows_something for series in self.series)

    @property
    def over_time(self) -> bool:
        """Whether its x axis is time."""
        return bool(self.x) and isinstance(self.x[0], date)

    @property
    def axis_title(self) -> str:
        """What the y axis is measured in."""
        return self.kind.suffix

    @property
    def described(self) -> str:
        """The text in place of the picture."""
        return self.caption or self.title
