"""api: the whole REST API as one HTTP function."""

from http import HTTPStatus
from io import BytesIO

import flask
import functions_framework
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from functions.http.application import create_application
from functions.http.compression import inflate
from functions.http.requests import body_limit
from functions.resources import RESOURCES
from shared.core.failing import count_failure
from shared.core.logs import configure_logs

configure_logs()
application = create_application(RESOURCES)


@functions_framework.http
def api(request: flask.Request) -> Response:
    """Hand the request to the application.

    functions-framework reads the body again after the call, so the application gets a copy of the environment with the
    body, bounded, inflated, in memory. Of a body over the limit it gets the length alone, and answers 413."""
    # One byte more than the limit: a body without a Content-Length is cut there, silently, and must not pass for whole.
    one_over = request.max_content_length = body_limit(request.path) + 1
    environ = dict(request.environ)
    try:
        body = request.get_data()
        if request.content_encoding and (inflated := inflate(body, request.content_encoding, one_over)) is not None:
            body = inflated
            del environ["HTTP_CONTENT_ENCODING"]
        length = len(body)
    except RequestEntityTooLarge:
        body, length = b"", one_over
    environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(length)}
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    response = Response.from_app(application, environ)
    if response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
        count_failure("api", "InternalServerError")
    return response
