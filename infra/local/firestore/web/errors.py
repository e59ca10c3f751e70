"""Errors as Google's JSON has them."""

from typing import Any

from aiohttp import web

from infra.local.firestore.errors import Code, FirestoreError

_HTTP = {
    Code.CANCELLED: 499,
    Code.INVALID_ARGUMENT: 400,
    Code.DEADLINE_EXCEEDED: 504,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.PERMISSION_DENIED: 403,
    Code.UNAUTHENTICATED: 401,
    Code.RESOURCE_EXHAUSTED: 429,
    Code.FAILED_PRECONDITION: 400,
    Code.ABORTED: 409,
    Code.UNIMPLEMENTED: 501,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
}
_CODES = {400: Code.INVALID_ARGUMENT, 404: Code.NOT_FOUND, 405: Code.UNIMPLEMENTED, 413: Code.INVALID_ARGUMENT}


class Internal(FirestoreError):
    """A bug here; its details are in the log."""

    def __init__(self) -> None:
        super().__init__("Internal error encountered.")


def error_body(error: FirestoreError) -> dict[str, Any]:
    """The JSON of an error."""
    return {"error": {"code": _HTTP[error.code], "message": error.message, "status": error.code.name}}


def error_response(error: FirestoreError, *, in_array: bool = False) -> web.Response:
    """The answer to a request that failed; `in_array` for the calls that answer arrays."""
    body = error_body(error)
    return web.json_response([body] if in_array else body, status=_HTTP[error.code])


def from_http(error: web.HTTPException) -> FirestoreError:
    """What aiohttp itself refuses, such as a body that is too large."""
    converted = FirestoreError(error.reason)
    converted.code = _CODES.get(error.status, Code.INTERNAL)
    return converted
