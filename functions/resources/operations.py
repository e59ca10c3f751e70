"""/v1/operations and /schemas: what kompositions can be made of."""

import json
from functools import cache

from flask import Response, make_response
from pydantic import JsonValue

from functions.http.answers import WireModel, answer
from functions.http.openapi import resource
from shared.core.errors import NotFound
from shared.kompositions import SCHEMA_VERSION, Komposition

api = resource("operations")
schemas = resource("schemas", signed_in=False)

CACHED = "public, max-age=3600"


class NamedEffect(WireModel):
    """An effect that kompositions can name: what it works on, and the JSON Schema of its parameters."""

    name: str
    title: str
    description: str
    family: str
    media: list[str]
    params: dict[str, JsonValue]


class OperationList(WireModel):
    """Every effect there is."""

    items: list[NamedEffect]


class SchemaPath(WireModel):
    """Which version of the schema."""

    version: str


@api.get("/v1/operations", responses={200: OperationList})
def list_operations() -> Response:
    """The effects that kompositions can name, with their parameters, ranges and defaults"""
    response = answer(_operations())
    response.headers["Cache-Control"] = CACHED
    return response


@schemas.get("/schemas/komposition/<string:version>.json", responses={200: None})
def get_schema(path: SchemaPath) -> Response:
    """The JSON Schema of the canonical komposition"""
    if path.version != SCHEMA_VERSION:
        raise NotFound(f"There is no schema of version {path.version}. The newest is {SCHEMA_VERSION}.")
    response = make_response(_schema())
    response.content_type = "application/schema+json"
    response.headers["Cache-Control"] = CACHED
    return response


@cache
def _operations() -> OperationList:
    from shared.media.effects import describe_effects

    items = [
        NamedEffect(
            name=each.name,
            title=each.title,
            description=each.description,
            family=each.family,
            media=list(each.media),
            params=dict(each.params),
        )
        for each in describe_effects()
    ]
    return OperationList(items=items)


@cache
def _schema() -> str:
    return json.dumps(
        {"$id": f"/schemas/komposition/{SCHEMA_VERSION}.json", **Komposition.model_json_schema(by_alias=True)}
    )
