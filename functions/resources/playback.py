"""/v1/playback: the files of a private package, for players, which send no headers. The URL itself is the pass."""

from flask import Response, g, make_response, redirect, request
from pydantic import Field

from functions.http.answers import WireModel
from functions.http.openapi import resource
from shared.accounts import spend_for_address
from shared.transcodes import package_file

api = resource("playback", signed_in=False)

_LONGEST_CACHED = 3600


class PackagePath(WireModel):
    """Which pass, and which file of its package."""

    token: str = Field(pattern=r"^[\w-]+\.[\w-]+$", max_length=1000)
    file: str = Field(pattern=r"^[\w-]+(\.[\w-]+)*(/[\w-]+(\.[\w-]+)*)*$", max_length=300)


@api.get("/v1/playback/<string:token>/<path:file>", responses={200: None, 302: None})
def get_package_file(path: PackagePath) -> Response:
    """A playlist of a package, or a redirect to its media; the URL of the first is an asset's `playbackUrl`"""
    g.budget = spend_for_address("playback", request.remote_addr)
    found = package_file(path.token, path.file)
    response = make_response(redirect(found.url) if found.url else found.text or b"")
    response.content_type = found.content_type
    response.headers["Cache-Control"] = f"private, max-age={min(found.seconds, _LONGEST_CACHED)}"
    return response
