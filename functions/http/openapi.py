"""The OpenAPI document: what it says of all resources alike, and when it is written.

The schemas of all models take half of the time in which the API starts, so they are made when somebody first reads the
document, not when a request wakes the function."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from threading import Lock
from typing import Any

from flask_openapi3 import APIBlueprint, OpenAPI, Tag
from flask_openapi3.models import Schema
from flask_openapi3.utils import parse_parameters

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


class Schemas(dict[str, Schema]):
    """Schemas by the name of their model. Raises `TypeError` when another model already has the name: each would be told as
    the other."""

    def update(self, *others: Any, **named: Schema) -> None:
        """Take all of `named`."""
        for name, schema in dict(*others, **named).items():
            if self.setdefault(name, schema) != schema:
                raise TypeError(f"Two models of the API are named {name}: rename one.")


class Resource(APIBlueprint):
    """A blueprint that describes its operations when it is asked to."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.components_schemas = Schemas()
        self._untold: list[Callable[[], object]] = []

    def _collect_openapi_info(self, rule: str, func: Callable[..., Any], **told: Any) -> Any:
        self._untold.append(partial(super()._collect_openapi_info, rule, func, **told))
        return parse_parameters(func, doc_ui=False)

    def describe(self) -> None:
        """Fill `tags`, `paths` and `components_schemas`."""
        for tell in self._untold:
            tell()
        self._untold.clear()


class Api(OpenAPI):
    """An application of resources whose document is written when it is first read."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.components_schemas = Schemas()
        self._writing = Lock()

    @property
    def api_doc(self) -> dict[str, Any]:
        """The document; requests that ask for it while it is written wait."""
        with self._writing:
            if not self.spec_json:
                for each in self.blueprints.values():
                    if isinstance(each, Resource):
                        self._add(each)
            return dict(super().api_doc)

    def _add(self, described: Resource) -> None:
        described.describe()
        self.tags += [tag for tag in described.tags if tag.name not in self.tag_names]
        self.tag_names = [tag.name for tag in self.tags]
        self.paths.update(described.paths)
        self.components_schemas.update(**described.components_schemas)


def resource(name: str, *, signed_in: bool = True) -> Resource:
    """The blueprint of a resource: its tag, its security, and the problems that each of its operations can answer with."""
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: dict[str | int | HTTPStatus, Any] = {
        status: {"description": text, "content": content} for status, text in _PROBLEMS.items()
    }
    security = SIGNED_IN if signed_in else []
    return Resource(name, __name__, abp_tags=[Tag(name=name)], abp_security=security, abp_responses=responses)
