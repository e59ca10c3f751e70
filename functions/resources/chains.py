"""/v1/chains: operations one after the other that users keep for themselves, and run as one job."""

from datetime import datetime
from typing import Any

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.jobs import Job
from shared import chains
from shared.chains import MAX_STEPS, ChainService, batch_of, request_chain, wire

api = resource("chains")
service = ChainService()


class ChainStep(WireModel):
    """An operation, with those of its parameters that are not as usual."""

    operation: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    params: dict[str, JsonValue] = Field(default={}, description="As GET /v1/operations describes them")


class CopiedFrom(WireModel):
    """The template of the system that a chain was copied from, and which version of it."""

    template_id: str
    version: int
    workflow_type: str | None


class ChainSummary(WireModel):
    """A chain of yours."""

    id: str
    name: str
    description: str
    version: int
    steps: list[ChainStep]
    origin: CopiedFrom | None
    created: datetime
    modified: datetime

    @classmethod
    def of(cls, chain: chains.Chain) -> "ChainSummary":
        """The wire form."""
        fields: dict[str, Any] = chain.model_dump(include=set(ChainSummary.model_fields))
        return cls.model_validate(fields)


class OwnChain(ChainSummary):
    """A chain of yours with what it takes."""

    needs: list[str] = Field(description="What each input must have, in order: video, image, sound or media")
    batch: dict[str, JsonValue] = Field(
        description="As `python -m shared.media batch` reads it, with files for INPUT_1 …"
    )

    @classmethod
    def of(cls, chain: chains.Chain) -> "OwnChain":
        """The wire form."""
        told = dict(ChainSummary.of(chain))
        return cls.model_validate({**told, "needs": list(wire(chain.steps).needs), "batch": batch_of(chain.steps)})


class ChainList(WireModel):
    """A page of your chains, the last changed first."""

    items: list[ChainSummary]
    next_page_token: str | None


class ChangedChain(WireModel):
    """A chain to save."""

    name: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=5000)
    steps: list[ChainStep] = Field(min_length=1, max_length=MAX_STEPS)


class RunChain(WireModel):
    """On which assets, and with which parameters instead of the chain's, step by step."""

    inputs: list[Id] = Field(min_length=1, max_length=100, description="Assets, in the order of `needs`")
    params: list[dict[str, JsonValue]] = Field(default=[], max_length=MAX_STEPS)


@api.get("/v1/chains", responses={200: ChainList})
def list_chains(query: PageQuery) -> Response:
    """Your chains, the last changed first"""
    page = service.list_chains(principal().uid, query.limit, query.page_token)
    items = [ChainSummary.of(each) for each in page.items]
    return answer(ChainList(items=items, next_page_token=page.next_page_token))


@api.get("/v1/chains/<string:id>", responses={200: OwnChain})
def get_chain(path: IdPath) -> Response:
    """A chain of yours"""
    return _told(service.get_chain(principal().uid, path.id))


@api.put("/v1/chains/<string:id>", responses={200: OwnChain, 201: OwnChain})
def put_chain(path: IdPath, body: ChangedChain) -> Response:
    """Create the chain or save it anew; send If-Match so that nobody's work is lost"""
    steps = [chains.ChainStep(operation=step.operation, params=step.params) for step in body.steps]
    saved = service.save_chain(
        principal().uid,
        path.id,
        steps,
        name=body.name,
        description=body.description,
        check=precondition().check,
    )
    return _told(saved, 201 if saved.version == 1 else 200)


@api.delete("/v1/chains/<string:id>", responses={204: None})
def delete_chain(path: IdPath) -> Response:
    """Delete a chain; what it has made stays"""
    service.delete_chain(principal().uid, path.id, precondition().check)
    return no_content()


@api.post("/v1/chains/<string:id>/run", responses={202: Job})
@idempotent
def run_chain(path: IdPath, body: RunChain) -> Response:
    """Run a chain of yours on assets, as one job; follow the job"""
    uid = principal().uid
    chain = service.get_chain(uid, path.id)
    job = request_chain(uid, resource_id(), chain.steps, body.inputs, changes=body.params, origin=chain.run_of)
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")


def _told(chain: chains.Chain, status: int = 200) -> Response:
    return answer(OwnChain.of(chain), status, etag=chain.etag)
