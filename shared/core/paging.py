"""Paging: cursors that clients hand back unread."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Generic, TypeVar

from shared.core.errors import InvalidInput

T = TypeVar("T")
Cursor = list[str | int | float]


@dataclass(frozen=True)
class Page(Generic[T]):
    """Part of a list. `next_page_token` is None on the last page."""

    items: list[T]
    next_page_token: str | None


def encode_cursor(cursor: Cursor) -> str:
    """The page token of a cursor."""
    return base64.urlsafe_b64encode(json.dumps(cursor, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(token: str, *kinds: type) -> list[Any]:
    """The cursor of a page token: a value of each of the kinds, which are str, int (not negative, of 64 bits), float (any finite
    number) and datetime. Raises InvalidInput on anything else."""
    try:
        cursor = json.loads(base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True))
        if not isinstance(cursor, list):
            raise _foreign_token()
        return [_value(value, kind) for value, kind in zip(cursor, kinds, strict=True)]
    except (binascii.Error, ValueError, OverflowError, RecursionError) as error:
        raise _foreign_token() from error


def _value(value: Any, kind: type) -> Any:
    """The value as that kind. Raises ValueError or OverflowError if it is none."""
    if kind is datetime:
        return datetime.fromisoformat(_value(value, str)).astimezone(UTC)
    if kind is str and isinstance(value, str):
        value.encode()  # JSON can tell half a character, which no document has.
        return value
    if kind is int and type(value) is int and 0 <= value < 2**63:
        return value
    if kind is float and type(value) in (int, float) and isfinite(value):
        return value
    raise ValueError


def cut_page(found: list[T], limit: int, cursor_of: Callable[[T], Cursor]) -> Page[T]:
    """A page from up to `limit + 1` items found: the extra one only tells that there is more."""
    items = found[:limit]
    more = len(found) > limit
    return Page(items, encode_cursor(cursor_of(items[-1])) if more else None)


def _foreign_token() -> InvalidInput:
    return InvalidInput("This page token was not given out by this list. Start again without it.", pointer="/pageToken")
