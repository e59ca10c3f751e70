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
from shared.core.errors import FieldError, InvalidInput
from shared.media.transcoding import TranscodeRequest
from shared.performance import plan_operation
from shared.transcodes import PlannedTranscode, plan_for, request_transcode

api = resource("transcodes")


class PlanInputs(WireModel):
    """What of, and how: `assetId` for a transcode, `operation` and `inputs` for an operation."""

    asset_id: Id | None = Field(default=None, description="Of a transcode: the video")
    operation: str | None = Field(
        default=None, pattern=r"^[a-z][a-z0-9_]{0,63}$", description="Of an operation: its name"
    )
    inputs: list[Id] | None = Field(
        default=None, min_length=1, max_length=100, description="Of an operation: assets, in order"
    )
    params: dict[str, JsonValue] = Field(
        default={}, description="As the body of POST /v1/assets/{id}/transcode, or as GET /v1/operations describes them"
    )


class PlanJob(WireModel):
    """The job that would be started."""

    kind: Literal["transcode", "operation"]
    inputs: PlanInputs


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
    inputs = body.inputs
    if body.kind == "operation":
        if inputs.operation is None or inputs.inputs is None:
            raise _missing(operation=inputs.operation, inputs=inputs.inputs)
        operation = plan_operation(principal().uid, inputs.operation, inputs.inputs, inputs.params, below="/inputs")
        return answer(OperationPlan.of(operation))
    if inputs.asset_id is None:
        raise _missing(assetId=None)
    planned = plan_for(principal().uid, inputs.asset_id, inputs.params, principal().plan, below="/inputs/params")
    return answer(JobPlan.of(planned))


def _missing(**needed: object) -> InvalidInput:
    """What is needed and was not given."""
    names = [name for name, value in needed.items() if value is None]
    errors = [FieldError(f"/inputs/{name}", "This is needed for a plan of this kind.", "missing") for name in names]
    return InvalidInput(f"The plan needs {' and '.join(names)}.", errors=errors)
