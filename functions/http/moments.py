"""Moments: times in requests, written out with their zone, near enough to now that days and months can be counted from them."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LOST_PLUS = re.compile(r".*\d [\d:]{2,5}$")
"""What is left of +02:00 where a + means a blank, as in a query."""


def _written_out(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _DATE.match(value):
        raise ValueError("write the time as RFC 3339 with a zone: a number could be seconds or milliseconds")
    if _DATE.fullmatch(value):
        raise ValueError(f"write the time of the day and its zone, too, such as {value}T00:00:00Z")
    if "T" in value.upper() and _LOST_PLUS.match(value):
        raise ValueError("a + means a blank in a query: write the zone's as %2B, or the time in UTC with a Z")
    return value


def _near(value: datetime) -> datetime:
    if not EARLIEST <= value <= LATEST:
        raise ValueError(f"write a time of the years {EARLIEST.year} to {LATEST.year - 1}")
    return value


Moment = Annotated[
    AwareDatetime, BeforeValidator(_written_out, json_schema_input_type=AwareDatetime), AfterValidator(_near)
]
