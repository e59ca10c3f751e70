"""/v1/status: whether the API is up."""

from flask import Response

from functions.http.answers import WireModel, answer
from functions.http.openapi import resource
from shared.core.settings import settings

api = resource("status", signed_in=False)


class Status(WireModel):
    """The API answers."""

    status: str
    project: str


@api.get("/v1/status", responses={200: Status})
def get_status() -> Response:
    """Whether the API is up; needs no token"""
    return answer(Status(status="ok", project=settings().project))
