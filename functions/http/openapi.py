"""What the OpenAPI document says of all resources alike."""

from http import HTTPStatus
from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from functions.http.problems import CONTENT_TYPE

SIGNED_IN: list[dict[str, list[str]]] = [{"firebase": []}]
"""The operation needs a Firebase ID token."""

_PROBLEMS = {
    400: "The request cannot be read",
    401: "No valid ID token",
    403: "Not allowed",
    404: "Nothing is here, or it is somebody else's",
    405: "This method is not offered here",
    409: "The state of the resource does not allow this",
    412: "The document has changed",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "The request is not valid; `errors` says where",
    429: "Too many requests; see Retry-After",
    503: "A service does not answer; try again",
}


def resource(name: str, *, signed_in: bool = True) -> APIBlueprint:
    """The blueprint of a resource: its tag, its security, and the problems that each of its operations can answer with."""
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: dict[str | int | HTTPStatus, Any] = {
        status: {"description": text, "content": content} for status, text in _PROBLEMS.items()
    }
    security = SIGNED_IN if signed_in else []
    return APIBlueprint(name, __name__, abp_tags=[Tag(name=name)], abp_security=security, abp_responses=responses)
