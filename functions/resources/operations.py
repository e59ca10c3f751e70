"""/v1/operations: what can be done to media."""

from functools import cache

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import Id, WireModel, answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.jobs import Job
from shared.assets import request_operation

api = resource("operations")

CACHED = "public, max-age=3600"


class NamedOperation(WireModel):
    """An operation: how many inputs it takes and what each must have, and the JSON Schema of its parameters.

    Every effect that kompositions can name is an operation too."""

    name: str
    title: str
    description: str
    family: str
    inputs: list[str] = Field(description="video, image, sound or media; further inputs are like the last")
    least: int = Field(description="Inputs, at least")
    most: int = Field(description="Inputs, at most")
    params: dict[str, JsonValue]
    media: list[str] = Field(description="Of an effect that kompositions can name: picture, sound or both; else empty")
    effect_params: dict[str, JsonValue] | None = Field(description="Of an effect: what kompositions can say of it")


class OperationList(WireModel):
    """Every operation there is."""

    items: list[NamedOperation]


class OperationPath(WireModel):
    """Which operation."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")


class RunOperation(WireModel):
    """On which assets, and how."""

    inputs: list[Id] = Field(min_length=1, max_length=100, description="Assets, in order")
    params: dict[str, JsonValue] = Field(default={}, description="As GET /v1/operations describes them")


@api.get("/v1/operations", responses={200: OperationList})
def list_operations() -> Response:
    """The operations there are, with their inputs, parameters, ranges and defaults"""
    response = answer(_operations())
    response.headers["Cache-Control"] = CACHED
    return response


@api.post("/v1/operations/<string:name>", responses={202: Job})
@idempotent
def run_operation(path: OperationPath, body: RunOperation) -> Response:
    """Run an operation on assets; its result becomes an asset; follow the job"""
    job = request_operation(principal().uid, resource_id(), path.name, body.inputs, body.params)
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")


@cache
def _operations() -> OperationList:
    from shared.media.effects import describe_effects
    from shared.media.operations import describe_operations

    effects = {each.name: each for each in describe_effects()}
    items = [
        NamedOperation(
            name=each.name,
            title=each.title,
            description=each.description,
            family=each.family,
            inputs=list(each.inputs),
            least=each.least,
            most=each.most,
            params=dict(each.params),
            media=list(effects[each.name].media) if each.name in effects else [],
            effect_params=dict(effects[each.name].params) if each.name in effects else None,
        )
        for each in describe_operations()
    ]
    return OperationList(items=items)
