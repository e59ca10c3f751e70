"""/schemas: what documents of ours are made of, for validators and for people."""

import json
from collections.abc import Collection
from functools import cache
from typing import Any

from flask import Response, make_response

from functions.http.answers import WireModel
from functions.http.openapi import resource
from shared.core.errors import NotFound
from shared.events import EVENT_VERSIONS, event_schema
from shared.kompositions import SCHEMA_VERSION, komposition_schema

api = resource("schemas", signed_in=False)

CACHED = "public, max-age=3600"


class SchemaPath(WireModel):
    """Which version of the schema."""

    version: str


@api.get("/schemas/komposition/<string:version>.json", responses={200: None})
def get_komposition_schema(path: SchemaPath) -> Response:
    """The JSON Schema of the canonical komposition"""
    _check(path.version, (SCHEMA_VERSION,))
    return _told(_komposition_schema(path.version))


@api.get("/schemas/event/<string:version>.json", responses={200: None})
def get_event_schema(path: SchemaPath) -> Response:
    """The JSON Schema of an event as one version tells it"""
    _check(path.version, EVENT_VERSIONS)
    return _told(_event_schema(path.version))


def _check(version: str, known: Collection[str]) -> None:
    if version not in known:
        raise NotFound(f"There is no schema of version {version}. There is {', '.join(known)}; the newest comes last.")


def _told(schema: dict[str, Any]) -> Response:
    response = make_response(json.dumps(schema))
    response.content_type = "application/schema+json"
    response.headers["Cache-Control"] = CACHED
    return response


_komposition_schema = cache(komposition_schema)
_event_schema = cache(event_schema)
