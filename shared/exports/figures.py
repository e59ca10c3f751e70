"""Figures: how a value is written for people, by its kind. 0.953 is `95.3 %`, 262 seconds are `4.4 min`."""

import math
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

NOTHING = "–"
"""What stands for a value that is not there."""


class Kind(StrEnum):
    """What the values of a column or an axis are, and so how they are written and aligned."""

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    RATIO = "ratio"
    """0 to 1, written in percent."""
    PERCENT = "percent"
    """0 to 100."""
    POINTS = "points"
    """A difference of two ratios, -1 to 1, written in percentage points."""
    SECONDS = "seconds"
    USD = "usd"
    MEGABYTES = "megabytes"
    TIME = "time"
    DATE = "date"
    FLAG = "flag"

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self not in _NOT_NUMBERS

    @property
    def suffix(self) -> str:
        """What an axis of these values is measured in; empty for plain numbers."""
        return _SUFFIXES.get(self, "")


@dataclass(frozen=True)
class Figure:
    """A number of a kind of its own, in a column of numbers that are not all alike. `change`: it is written with its sign."""

    value: float | None
    kind: Kind
    change: bool = False


Value = str | int | float | bool | datetime | date | Figure | None

_NOT_NUMBERS = frozenset({Kind.TEXT, Kind.TIME, Kind.DATE, Kind.FLAG})
_SUFFIXES = {
    Kind.RATIO: "%",
    Kind.PERCENT: "%",
    Kind.POINTS: "percentage points",
    Kind.SECONDS: "s",
    Kind.USD: "USD",
    Kind.MEGABYTES: "MB",
}
_MINUTES_FROM, _HOURS_FROM, _DAYS_FROM = 120, 7200, 172_800


def written(value: Value, kind: Kind, zone: tzinfo | None = None) -> str:
    """The value as a person reads it; `NOTHING` for None, NaN and the infinities. Times are told in `zone`, or in their own."""
    if isinstance(value, Figure):
        return (signed if value.change else written)(value.value, value.kind)
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return NOTHING
    if isinstance(value, datetime):
        local = value.astimezone(zone) if zone else value
        return f"{local:%Y-%m-%d}" if kind is Kind.DATE else f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _number(value, kind) if isinstance(value, int | float) else value


def signed(value: float | None, kind: Kind) -> str:
    """The value as `written`, with a plus before what is above zero: a change."""
    text = written(value, kind)
    return f"+{text}" if value is not None and value > 0 and any(digit in text for digit in "123456789") else text


def _number(value: float, kind: Kind) -> str:
    text = _magnitude(abs(value), kind)
    return f"−{text}" if value < 0 and any(digit in text for digit in "123456789") else text


def _magnitude(value: float, kind: Kind) -> str:
    if kind is Kind.RATIO:
        return f"{_percent(value * 100)} %"
    if kind is Kind.PERCENT:
        return f"{_percent(value)} %"
    if kind is Kind.POINTS:
        return f"{_percent(value * 100)} points"
    if kind is Kind.SECONDS:
        return _duration(value)
    if kind is Kind.USD:
        return (
            f"${value:,.0f}" if value >= 10_000 else f"${value:,.2f}" if value >= 0.1 or value == 0 else f"${value:.4f}"
        )
    if kind is Kind.MEGABYTES:
        return f"{value / 1024:,.1f} GB" if value >= 1024 else f"{_short(value)} MB"
    if kind is Kind.COUNT:
        return f"{value:,.0f}" if float(value).is_integer() or value >= 1000 else _short(value)
    return _short(value)


def _percent(value: float) -> str:
    """One decimal, and two where one would hide what is left to 100 or above 0."""
    close = 0 < value < 1 or 99 < value < 100
    return f"{value:,.2f}".removesuffix("0") if close else f"{value:,.1f}"


def _duration(seconds: float) -> str:
    if seconds >= _DAYS_FROM:
        return f"{seconds / 86_400:,.1f} days"
    if seconds >= _HOURS_FROM:
        return f"{seconds / 3600:,.1f} h"
    if seconds >= _MINUTES_FROM:
        return f"{seconds / 60:,.1f} min"
    return f"{_short(seconds)} s"


def _short(value: float) -> str:
    """About three digits that count."""
    if value >= 1000:
        return f"{value:,.0f}"
    decimals = 1 if value >= 10 else 2 if value >= 1 or value == 0 else 3
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if value == round(value) else text
