"""The JSON that Google's REST APIs have in common: messages, errors, timestamps, durations, pages."""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

log = logging.getLogger(__name__)

T = TypeVar("T")
M = TypeVar("M", bound="Message")
Json = dict[str, Any]
"""An object of the wire, as its API defines it."""

HTTP_CODES = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "INTERNAL": 500,
}
_STATUSES = {400: "INVALID_ARGUMENT", 404: "NOT_FOUND", 405: "INVALID_ARGUMENT", 413: "INVALID_ARGUMENT"}
MAX_PAGE = 1000
_MAX_DURATION = 315_576_000_000


class GoogleError(Exception):
    """An answer that is an error: a canonical status (a key of HTTP_CODES) and a message for people."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@web.middleware
async def errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer every failure of a handler in Google's shape, from which the clients choose their exception class."""
    try:
        return await handler(request)
    except GoogleError as error:
        return _answer(HTTP_CODES[error.status], error.status, error.message)
    except web.HTTPException as error:
        return _answer(error.status, _STATUSES.get(error.status, "UNKNOWN"), f"{error.reason}: {request.path}")
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return _answer(500, "INTERNAL", "Internal error encountered.")


def _answer(code: int, status: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message, "status": status}}, status=code)


class Message(BaseModel):
    """A message in a request: camelCase there, snake_case here. What it does not name is kept as it came."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow", frozen=True)

    def as_json(self) -> Json:
        """The message as the wire has it, defaults included."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


async def read_message(request: web.Request, kind: type[M]) -> M:
    """The message in the body; one of defaults for an empty body. Raises GoogleError INVALID_ARGUMENT naming what is wrong."""
    try:
        value = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError) as error:
        raise GoogleError("INVALID_ARGUMENT", f"Invalid JSON payload received. {error}") from None
    return validated(kind, value)


def validated(kind: type[M], value: object) -> M:
    """A message. Raises GoogleError INVALID_ARGUMENT naming the fields that are wrong."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False))
        raise GoogleError("INVALID_ARGUMENT", f"Invalid value at {'; '.join(faults)}") from None


def rfc3339(seconds: float) -> str:
    """A timestamp, from seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def duration(seconds: float) -> str:
    """A duration, such as "3.5s"."""
    return f"{seconds:g}s" if seconds < 1e6 else f"{seconds:.0f}s"


def parse_duration(text: str) -> float:
    """The seconds of a duration such as "3.5s". Raises ValueError."""
    if not text.endswith("s"):
        raise ValueError(f"Illegal duration format; duration must end with 's': {text!r}")
    seconds = float(text[:-1])
    if not 0 <= seconds <= _MAX_DURATION:
        raise ValueError(f"Duration out of range: {text!r}")
    return seconds


def _checked_duration(text: str) -> str:
    parse_duration(text)
    return text


Duration = Annotated[str, AfterValidator(_checked_duration)]
"""A duration in a message, such as "3.5s"."""


def page(request: web.Request, items: Sequence[T]) -> tuple[Sequence[T], str]:
    """The page that `pageSize` and `pageToken` ask for, and the token of the next one ("" after the last)."""
    try:
        size = min(int(request.query.get("pageSize") or 0) or MAX_PAGE, MAX_PAGE)
        start = int(request.query.get("pageToken") or 0)
    except ValueError:
        raise GoogleError("INVALID_ARGUMENT", "The page size or the page token is invalid.") from None
    if size < 0 or start < 0:
        raise GoogleError("INVALID_ARGUMENT", "The page size or the page token is invalid.")
    end = start + size
    return items[start:end], str(end) if end < len(items) else ""
