"""Asking for a transcode: what is wrong is found, and what it will take is told, while the user is still there to hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from shared.assets import Asset, get_asset, why_unready
from shared.core.errors import Conflict, FieldError
from shared.jobs import Job, JobKind, create_job, priority_of
from shared.media import MediaInfo
from shared.media.chunking import Prediction
from shared.media.machines import machine_of
from shared.media.transcoding import InvalidTranscode, TranscodePlan, plan_transcode, read_request
from shared.transcodes.forecast import foresee
from shared.transcodes.speeds import known_speeds

MOST_TASKS_FREE = 4
"""How many tasks may work on one job of a user who pays nothing. Others get as many as the machine's table says."""
_PARAMS = "/params"


@dataclass(frozen=True)
class PlannedTranscode:
    """What would be made of an asset, and what that takes."""

    asset: Asset
    plan: TranscodePlan
    prediction: Prediction


def plan_for(user_id: str, asset_id: str, params: Mapping[str, Any], tier: str, *, below: str = "") -> PlannedTranscode:
    """What a transcode of the asset would be; nothing is queued. `tier`: the user's plan, `free` or `premium`.
    `below`: the JSON pointer of where the parameters are in the request.

    Raises NotFound, Conflict when the asset is not ready, and `InvalidTranscode` with a pointer for each parameter."""
    asset = get_asset(user_id, asset_id)
    unready = why_unready(asset_id, asset)
    if unready is not None:
        raise Conflict(unready[1])
    if asset.media is None:
        raise InvalidTranscode(f"Asset {asset_id} is no media file. Choose a video.")
    try:
        plan = plan_transcode(MediaInfo.model_validate(asset.media), read_request(params))
    except InvalidTranscode as error:
        raise _moved_below(below, error) from error
    return PlannedTranscode(asset, plan, foresee(plan, known_speeds(user_id), most_tasks(tier)))


def most_tasks(tier: str) -> int:
    """How many tasks may work on one job of a user of this plan."""
    most = machine_of(JobKind.TRANSCODE).most_tasks
    return most if tier == "premium" else min(MOST_TASKS_FREE, most)


def request_transcode(user_id: str, job_id: str, asset_id: str, params: Mapping[str, Any], tier: str) -> Job:
    """Queue a transcode of an asset. The same job id again returns the same job. Raises as `plan_for`."""
    planned = plan_for(user_id, asset_id, params, tier)
    asset, prediction = planned.asset, planned.prediction
    inputs: dict[str, JsonValue] = {
        "assetId": asset.id,
        "version": asset.version,
        "params": dict(params),
        "plan": planned.plan.to_json(),
        "chunks": prediction.chunks,
        "prediction": prediction.to_json(),
    }
    size = asset.size or 0
    return create_job(user_id, JobKind.TRANSCODE, inputs, priority_of(size), job_id, tasks=prediction.tasks)


def _moved_below(below: str, error: InvalidTranscode) -> InvalidTranscode:
    """The same with pointers to parameters that are found below `below`; what is wrong with the source points nowhere."""

    def moved(pointer: str) -> str:
        return below + pointer.removeprefix(_PARAMS) if pointer.startswith(_PARAMS) else ""

    errors = [FieldError(moved(entry.pointer), entry.detail, entry.code) for entry in error.errors]
    return InvalidTranscode(errors[0].detail if errors else error.detail, errors=errors)
