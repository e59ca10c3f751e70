"""The application: flask-openapi3 with the shell around every resource, its OpenAPI 3.1 document and a docs page."""

from flask import Response, make_response, redirect
from flask_openapi3 import Info, OpenAPI, SecurityScheme
from google.api_core.exceptions import GoogleAPIError
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from functions.http import problems, requests
from functions.http.openapi import Api, Resource
from functions.http.strict_json import StrictJson
from shared.core.errors import KompoError

DESCRIPTION = """Kompositions, assets, jobs, events and insights of Kompo, the serverless video cloud.

Send a Firebase ID token as bearer. Errors are RFC 9457 problems. `Idempotency-Key` makes a POST safe to repeat; `ETag` and
`If-Match` keep two writers from losing each other's work; lists are paged by `limit` and `pageToken`."""


def create_application(resources: list[Resource]) -> OpenAPI:
    """The API made of `resources`."""
    application = Api(
        "kompo",
        info=Info(title="Kompo", version="1", description=DESCRIPTION),
        security_schemes={"firebase": SecurityScheme(type="http", scheme="bearer", bearerFormat="JWT")},
        validation_error_status=422,
        validation_error_model=problems.Problem,
        validation_error_callback=problems.from_validation,
        doc_prefix="/openapi",
        doc_url="/openapi.json",
    )
    application.json = StrictJson(application)
    requests.install(application)
    application.register_error_handler(KompoError, problems.from_domain)
    application.register_error_handler(ValidationError, problems.from_validation)
    application.register_error_handler(HTTPException, problems.from_http)
    application.register_error_handler(GoogleAPIError, problems.from_google)
    application.register_error_handler(Exception, problems.from_crash)
    for resource in resources:
        application.register_api(resource)
    application.add_url_rule("/openapi.json", "openapi_document", lambda: _document(application))
    application.add_url_rule("/docs", "docs", _docs)
    return application


def _document(application: OpenAPI) -> Response:
    return make_response(application.api_doc)


def _docs() -> AnyResponse:
    return redirect("/openapi/swagger")
