"""/v1/assets/{id}/transcode and /v1/jobs/plan: a video in other sizes and codecs, and what that takes before it is asked for."""

from typing import Annotated, Any, Literal

from flask import Response
from pydantic import Field, JsonValue, RootModel

from functions.http.answers import Id, IdPath, WireModel, answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.jobs import Job
from functions.resources.performance import OperationPlan
from shared.media.transcoding import TranscodeRequest
from shared.performance import plan_operation
from shared.transcodes import PlannedTranscode, plan_for, request_transcode

api = resource("transcodes")


class TranscodeInputs(WireModel):
    """What of, and how."""

    asset_id: Id
    params: dict[str, JsonValue] = Field(default={}, description="As the body of POST /v1/assets/{id}/transcode")


class OperationInputs(WireModel):
    """Which operation, on which assets, and how."""

    operation: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    inputs: list[Id] = Field(min_length=1, max_length=100, description="Assets, in order")
    params: dict[str, JsonValue] = Field(default={}, description="As GET /v1/operations describes them")


class PlanTranscode(WireModel):
    """The transcode that would be started."""

    kind: Literal["transcode"]
    inputs: TranscodeInputs


class PlanOperation(WireModel):
    """The operation that would be started."""

    kind: Literal["operation"]
    inputs: OperationInputs


class PlanJob(RootModel[Annotated[PlanTranscode | PlanOperation, Field(discriminator="kind")]]):
    """The job that would be started."""


class PlannedRendition(WireModel):
    """One picture of the film. `max_kbps`: at most so many thousands of bits a second; null if only its quality is set."""

    name: str
    width: int
    height: int
    codec: str
    max_kbps: int | None


class JobPlan(WireModel):
    """What would be made, how long it takes and what it costs, from the speeds of your earlier jobs where there are any."""

    kind: Literal["transcode"]
    seconds: float = Field(description="From the request to the result")
    cost_usd: float
    tasks: int = Field(description="How many machines would work on it")
    chunks: int = Field(description="Into how many pieces it would be split")
    stages: dict[str, float] = Field(description="Seconds of each stage, in order")
    duration: float = Field(description="Seconds of the result")
    frames: int
    renditions: list[PlannedRendition]

    @classmethod
    def of(cls, planned: PlannedTranscode) -> "JobPlan":
        """The wire form of a plan."""
        plan = planned.plan
        fields: dict[str, Any] = {
            **planned.prediction.to_json(),
            "kind": "transcode",
            "duration": float(plan.seconds),
            "frames": plan.frames,
            "renditions": [
                PlannedRendition(
                    name=each.name, width=each.width, height=each.height, codec=each.codec, max_kbps=each.max_kbps
                )
                for each in plan.renditions
            ],
        }
        return cls.model_validate(fields)


class AnyPlan(RootModel[Annotated[JobPlan | OperationPlan, Field(discriminator="kind")]]):
    """The plan of a job, by its kind."""


@api.post("/v1/assets/<string:id>/transcode", responses={202: Job})
@idempotent
def transcode_asset(path: IdPath, body: TranscodeRequest) -> Response:
    """Transcode a video: into one file for a platform, or into a ladder for HLS and DASH; follow the job"""
    params = body.model_dump(mode="json", by_alias=True, exclude_unset=True)
    job = request_transcode(principal().uid, resource_id(), path.id, params, principal().plan)
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")


@api.post("/v1/jobs/plan", responses={200: AnyPlan})
def plan_job(body: PlanJob) -> Response:
    """What a job would make, take and cost; nothing is started"""
    asked = body.root
    if isinstance(asked, PlanOperation):
        wanted = asked.inputs
        operation = plan_operation(principal().uid, wanted.operation, wanted.inputs, wanted.params, below="/inputs")
        return answer(OperationPlan.of(operation))
    planned = plan_for(
        principal().uid, asked.inputs.asset_id, asked.inputs.params, principal().plan, below="/inputs/params"
    )
    return answer(JobPlan.of(planned))
