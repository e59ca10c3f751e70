"""Series: what a KPI reads at one evaluation after the other, in the notation of promtool's rule tests.

`1` is a value; `1+2x3` is 1, 3, 5, 7 (the first, and 3 more); `1-0.5x2` falls; `1x3` is 1 four times. `_` is an evaluation
without samples, `_x3` three of them; `stale`: the labels are not there any more; `error`: the rule cannot be evaluated."""

import math
import re
from collections.abc import Iterator
from enum import Enum

MOST = 100_000
"""Values of one series."""
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RUN = re.compile(rf"(?P<first>{_NUMBER})(?:(?P<step>[+-](?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)?x(?P<count>\d+))?")
_ENDLESS = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_BLANK = re.compile(r"_(?:x(?P<count>\d+))?")


class Absent(Enum):
    """An evaluation that gives no value."""

    NO_SAMPLES = "_"
    STALE = "stale"
    ERROR = "error"


Point = float | Absent


def parse_series(text: str) -> list[Point]:
    """The points of a series. Raises ValueError that names the token that makes no sense."""
    points: list[Point] = []
    for token in text.split():
        points.extend(_points(token))
        if len(points) > MOST:
            raise ValueError(f"a series has at most {MOST} values")
    return points


def _points(token: str) -> Iterator[Point]:
    if token in ("stale", "error"):
        yield Absent(token)
    elif blank := _BLANK.fullmatch(token):
        yield from [Absent.NO_SAMPLES] * _bounded(token, blank["count"] or "1")
    elif run := _RUN.fullmatch(token):
        first, step, count = float(run["first"]), float(run["step"] or 0), _bounded(token, run["count"] or "0")
        if not math.isfinite(first + step * count):
            raise ValueError(f"`{token}`: what a rule reads is finite")
        yield from (first + step * number for number in range(count + 1))
    else:
        raise ValueError(f"`{token}` is no value: {_why(token)}write 1, 1+0.5x10, 1x10, _, _x10, stale or error")


def _why(token: str) -> str:
    """What promtool reads, and is no reading of a rule."""
    if token.startswith("{{"):
        return "rules read numbers, no histograms; "
    return "what a rule reads is finite, or there are no samples (_); " if _ENDLESS.fullmatch(token) else ""


def _bounded(token: str, count: str) -> int:
    if len(count) > len(str(MOST)) or int(count) > MOST:
        raise ValueError(f"`{token}`: a series has at most {MOST} values")
    return int(count)
