"""Problems: every error of the API as RFC 9457 `application/problem+json` with a stable type."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, g, has_request_context, make_response, request
from google.api_core.exceptions import (
    Aborted,
    DeadlineExceeded,
    GoogleAPIError,
    RetryError,
    ServiceUnavailable,
    TooManyRequests,
)
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import HTTPException

from shared.core import errors
from shared.core.places import place_in

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
TYPE_BASE = "https://kompo.dev/problems/"
MAX_FIELD_ERRORS = 100


class FieldProblem(BaseModel):
    """One thing wrong: `pointer` (RFC 6901) into the body, or `parameter` for the path, the query or a header."""

    pointer: str | None = None
    parameter: str | None = None
    detail: str
    code: str


class ConflictKept(BaseModel):
    """Where the content of a save that came too late is kept."""

    id: str
    url: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(description="Stable URI of the kind of problem")
    title: str
    status: int
    detail: str = Field(description="What is wrong with this request and what to do about it")
    instance: str = Field(description="The request id; name it when you ask for help")
    errors: list[FieldProblem] = []
    conflict: ConflictKept | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the last part of its type, its title and its HTTP status."""

    slug: str
    title: str
    status: int


KINDS: dict[type[errors.KompoError], Kind] = {
    errors.InvalidInput: Kind("invalid-input", "The request is not valid", 422),
    errors.Unauthenticated: Kind("unauthenticated", "Sign in first", 401),
    errors.Forbidden: Kind("forbidden", "You may not do this", 403),
    errors.NotFound: Kind("not-found", "Nothing is here", 404),
    errors.Conflict: Kind("conflict", "The state of the resource does not allow this", 409),
    errors.PreconditionFailed: Kind("precondition-failed", "The document has changed", 412),
    errors.TooLarge: Kind("too-large", "Too large", 413),
    errors.RateLimited: Kind("rate-limited", "Too many requests", 429),
    errors.Unavailable: Kind("unavailable", "A service does not answer", 503),
}
"""Which problem a class of the domain's errors is; a subclass without a line of its own is what its parent is."""


def problem(
    kind: Kind, detail: str, fields: list[FieldProblem] | None = None, conflict: ConflictKept | None = None
) -> Response:
    """The response for a problem."""
    body = Problem(
        type=TYPE_BASE + kind.slug,
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=f"urn:request:{g.request_id}" if has_request_context() and "request_id" in g else "urn:request:none",
        errors=(fields or [])[:MAX_FIELD_ERRORS],
        conflict=conflict,
    )
    response = make_response(body.model_dump_json(exclude_none=True), kind.status)
    response.content_type = CONTENT_TYPE
    return response


def from_domain(error: errors.KompoError) -> Response:
    """The response for an error of the domain."""
    kind = next(KINDS[cls] for cls in type(error).__mro__ if cls in KINDS)
    fields = [FieldProblem(pointer=field.pointer, detail=field.detail, code=field.code) for field in error.errors]
    response = problem(kind, error.detail, fields)
    if isinstance(error, errors.RateLimited):
        response.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if isinstance(error, errors.Unauthenticated):
        response.headers["WWW-Authenticate"] = 'Bearer realm="kompo"'
    return response


def from_http(error: HTTPException) -> Response:
    """The response for an error that Flask or werkzeug raises (unknown path, wrong method, body too large …)."""
    if error.response is not None:  # abort(response): already a problem.
        return make_response(error.response)
    status = error.code or 500
    title = HTTPStatus(status).phrase
    slug = {413: "too-large", 404: "not-found"}.get(status, title.lower().replace(" ", "-"))
    response = problem(Kind(slug, title, status), error.description or title)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def from_google(error: GoogleAPIError) -> Response:
    """The response for an error of Google's clients: a service that does not answer is worth another try, all else is ours."""
    passing = (ServiceUnavailable, DeadlineExceeded, RetryError, Aborted, TooManyRequests)
    if not isinstance(error, passing):
        return from_crash(error)
    log.warning("a service does not answer: %s", error)
    response = from_domain(errors.Unavailable("A service behind the API does not answer. Send the request again."))
    response.headers["Retry-After"] = "1"
    return response


def from_crash(error: Exception) -> Response:
    """The response for a defect of ours: logged with its traceback, told without it."""
    log.exception("unhandled error", exc_info=error)
    kind = Kind("internal", "A defect in Kompo", 500)
    return problem(kind, "This is our mistake and it has been logged. Trying again later may work.")


def from_validation(error: ValidationError) -> Response:
    """The response for a request that does not fit its models. A model named …Path, …Query or …Header is not the body's."""
    location = next((word for word in ("Path", "Query", "Header") if error.title.endswith(word)), None)
    body = request.get_json(silent=True) if location is None else None
    fields = [field_problem(details, body, in_body=location is None) for details in error.errors(include_url=False)]
    if location == "Path":
        return from_domain(errors.NotFound("Nothing is here: this path holds an id that cannot exist."))
    where = ", ".join(sorted({field.pointer or field.parameter or "/" for field in fields})[:5])
    kind = KINDS[errors.InvalidInput]
    return problem(kind, f"{len(fields)} problem(s) in the request, at {where}.", fields)


def field_problem(details: Any, body: object = None, *, in_body: bool = True) -> FieldProblem:
    """A pydantic error as one of ours, pointing into `body` if that is given."""
    place = details["loc"]
    if body is not None:
        place = place_in(body, place, missing=details["type"] == "missing")
    steps = [str(step) for step in place]
    message = str(details["msg"]).removeprefix("Value error, ")
    if details["type"] == "extra_forbidden":
        message = "This field is not known here. Remove it or check its spelling."
    if not in_body:
        return FieldProblem(parameter=".".join(steps), detail=message, code=details["type"])
    return FieldProblem(pointer=json_pointer(steps), detail=message, code=details["type"])


def json_pointer(steps: list[str]) -> str:
    """RFC 6901."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
