"""Paging: cursors that clients hand back unread."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

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


def decode_cursor(token: str, length: int) -> Cursor:
    """The cursor of a page token, `length` values long. Raises InvalidInput on anything else."""
    try:
        cursor = json.loads(base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        cursor = None
    if (
        not isinstance(cursor, list)
        or len(cursor) != length
        or not all(isinstance(v, str | int | float) for v in cursor)
    ):
        raise _foreign_token()
    return cursor


def cursor_time(value: str | int | float) -> datetime:
    """The moment in a cursor. Raises InvalidInput."""
    try:
        return datetime.fromisoformat(str(value))
    except ValueError as error:
        raise _foreign_token() from error


def cut_page(found: list[T], limit: int, cursor_of: Callable[[T], Cursor]) -> Page[T]:
    """A page from up to `limit + 1` items found: the extra one only tells that there is more."""
    items = found[:limit]
    more = len(found) > limit
    return Page(items, encode_cursor(cursor_of(items[-1])) if more else None)


def _foreign_token() -> InvalidInput:
    return InvalidInput("This page token was not given out by this list. Start again without it.", pointer="/pageToken")
