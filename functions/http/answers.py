"""Answers: models as JSON, ETags and their preconditions, lists with page tokens."""

from typing import Annotated

from flask import Response, make_response, request
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.core.errors import PreconditionFailed
from shared.core.ids import ID_PATTERN

Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=128)]


class WireModel(BaseModel):
    """A model of the wire: camelCase JSON, unknown fields refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class IdPath(WireModel):
    """A path with one id."""

    id: Id


class PageQuery(WireModel):
    """Which part of a list."""

    limit: int = Field(default=50, ge=1, le=200, description="Items in a page")
    page_token: str | None = Field(default=None, max_length=2048, description="`nextPageToken` of the page before")


def answer(model: BaseModel, status: int = 200, etag: str | None = None, **headers: str) -> Response:
    """`model` as JSON. With an `etag`, a GET that names it in If-None-Match gets 304."""
    if etag is not None and request.method in ("GET", "HEAD") and request.if_none_match.contains(etag):
        response = make_response("", 304)
    else:
        response = make_response(model.model_dump_json(by_alias=True), status)
        response.content_type = "application/json"
    if etag is not None:
        response.set_etag(etag)
    response.headers.update(headers)
    return response


def no_content() -> Response:
    """204."""
    return make_response("", 204)


class Precondition(BaseModel):
    """What If-Match and If-None-Match ask of the document that is about to be written."""

    must_be: frozenset[str] | None = None
    must_exist: bool = False
    must_not_exist: bool = False

    def check(self, current: str | None) -> None:
        """Raise PreconditionFailed unless the document (None: there is none) is as asked."""
        if self.must_not_exist and current is not None:
            raise PreconditionFailed("If-None-Match: * asks that nothing is here yet, but there is. Choose another id.")
        if self.must_exist and current is None:
            raise PreconditionFailed("If-Match asks for a document that is not here.")
        if self.must_be is not None and current not in self.must_be:
            raise PreconditionFailed(
                "Somebody saved this document after you read it. Read it again, apply your change, and send its new ETag."
            )


def precondition() -> Precondition:
    """The precondition of this request."""
    given = request.headers.get("If-Match")
    tags = request.if_match
    return Precondition(
        must_be=None if given is None or tags.star_tag else frozenset(tags.as_set(include_weak=True)),
        must_exist=given is not None,
        must_not_exist=request.if_none_match.star_tag,
    )
