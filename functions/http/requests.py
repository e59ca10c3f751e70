"""Requests: what happens around every call — id, limits, authentication, a well-formed body, and one log line."""

import logging
import re
import time
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest

from functions.http.authentication import authenticate
from functions.http.problems import Kind, problem
from shared.accounts import spend, spend_for_address
from shared.core.errors import InvalidInput, Unauthenticated
from shared.core.ids import new_id
from shared.core.logs import log_context
from shared.core.settings import settings

log = logging.getLogger("kompo.api")

OPEN_PATHS = frozenset({"/", "/v1/status", "/docs", "/openapi.json"})
PLAYBACK = "/v1/playback/"
"""Below this path the next part is a pass, which is not for the log."""
OPEN_PREFIXES = ("/openapi", "/schemas/", PLAYBACK)
LARGE_BODIES = ("/v1/kompositions", "/v1/transcripts")
"""Below these paths a body may be as large as a komposition can be."""
EVENTS = "/v1/events"
BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})
SLOW_MS = 1000
_REQUEST_ID = re.compile(r"[\w.-]{8,64}")
_MALFORMED = Kind("malformed-json", "The body cannot be read", 400)
_NOT_JSON = Kind("unsupported-media-type", "The body is not JSON", 415)


def install(app: Flask) -> None:
    """Wrap every request of `app`."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_end)


def body_limit(path: str) -> int:
    """How many bytes the body of a request to `path` may have."""
    if path == EVENTS:
        return settings().max_events_bytes
    large = path in LARGE_BODIES or path.startswith(tuple(f"{each}/" for each in LARGE_BODIES))
    return settings().max_komposition_bytes if large else settings().max_body_bytes


def _begin() -> Response | None:
    g.started = time.perf_counter()
    request.max_content_length = body_limit(request.path)
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else new_id()
    trace = request.headers.get("X-Cloud-Trace-Context", "").partition("/")[0]
    g.log_context = log_context(requestId=g.request_id, **({"trace": trace} if trace else {}))
    g.log_context.__enter__()
    if request.path in OPEN_PATHS or request.path.startswith(OPEN_PREFIXES):
        return None
    try:
        authenticate()
    except Unauthenticated:
        g.budget = spend_for_address("address", request.remote_addr)  # So that guessing tokens has a price.
        raise
    g.budget = spend(f"user:{g.principal.uid}")
    return _refuse_bad_body() if request.method in BODY_METHODS else None


def _refuse_bad_body() -> Response | None:
    """Bodies are absent or JSON objects; what parses here is kept for the view."""
    if not request.get_data(cache=True):
        return None
    if encoding := request.content_encoding:
        return problem(
            _MALFORMED, f"The body is not whole, or not of Content-Encoding: {encoding}. Send gzip, or plain JSON."
        )
    if not request.is_json:
        detail = f"Send Content-Type: application/json, not {request.mimetype or 'nothing'}."
        return problem(_NOT_JSON, detail)
    try:
        body = request.get_json(cache=True)
    except (BadRequest, RecursionError):
        return problem(_MALFORMED, "The body is not valid JSON, names a field twice, or is nested too deeply.")
    if not isinstance(body, dict):
        raise InvalidInput("The body must be a JSON object.", pointer="")
    return None


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    if budget := g.get("budget"):
        response.headers["RateLimit-Limit"] = str(budget.limit)
        response.headers["RateLimit-Remaining"] = str(budget.remaining)
        response.headers["RateLimit-Reset"] = str(budget.reset)
    _log(response)
    return response


def _log(response: Response) -> None:
    elapsed = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    level = logging.ERROR if response.status_code >= 500 else logging.WARNING if elapsed > SLOW_MS else logging.INFO
    path = _loggable(request.path)
    fields: dict[str, Any] = {
        "httpRequest": {
            "requestMethod": request.method,
            "requestUrl": path,
            "status": response.status_code,
            "latency": f"{elapsed / 1000:.4f}s",
        }
    }
    log.log(level, "%s %s %d", request.method, path, response.status_code, extra={"fields": fields})


def _loggable(path: str) -> str:
    """The path without what lets its bearer in."""
    if not path.startswith(PLAYBACK):
        return path
    return f"{PLAYBACK}…/{path.removeprefix(PLAYBACK).partition('/')[2]}"


def _end(_error: BaseException | None) -> None:
    if context := g.pop("log_context", None):
        context.__exit__(None, None, None)
