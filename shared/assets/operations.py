"""Asking for an operation on assets: all that can be wrong is found while the user is still there to hear of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from shared.assets.asset import Asset
from shared.assets.readiness import why_unready
from shared.assets.service import get_assets
from shared.core.errors import FieldError
from shared.jobs import Job, JobKind, create_job, priority_of
from shared.media import MediaInfo
from shared.media.operations import InvalidOperation, Request, check_operation


def request_operation(
    user_id: str, job_id: str, name: str, asset_ids: Sequence[str], params: Mapping[str, JsonValue]
) -> Job:
    """Queue an operation on assets of the user. The same job id again returns the same job.

    Raises `UnknownOperation`, or `InvalidOperation` with a pointer for each asset and parameter that does not fit."""
    assets = input_assets(user_id, asset_ids)
    check_assets(name, assets, params)
    versions = [{"assetId": asset.id, "version": asset.version} for asset in assets]
    inputs: dict[str, Any] = {"operation": name, "inputs": versions, "params": dict(params)}
    size = sum(asset.size or 0 for asset in assets)
    return create_job(user_id, JobKind.OPERATION, inputs, priority_of(size), job_id)


def check_assets(name: str, assets: Sequence[Asset], params: Mapping[str, Any]) -> Request:
    """What is asked for, if it can be done on these. Raises `UnknownOperation` and `InvalidOperation`."""
    return check_operation(name, [MediaInfo.model_validate(asset.media) for asset in assets], params)


def input_assets(user_id: str, asset_ids: Sequence[str], *, below: str = "/inputs") -> list[Asset]:
    """The assets, which are there and ready. Raises `InvalidOperation` pointing at the place `below` of each that is not."""
    found = get_assets(user_id, list(asset_ids))
    errors = []
    for place, asset_id in enumerate(asset_ids):
        problem = _problem(asset_id, found.get(asset_id))
        if problem is not None:
            code, detail = problem
            errors.append(FieldError(f"{below}/{place}", detail, code))
    if errors:
        raise InvalidOperation(f"{len(errors)} input(s) cannot be used. {errors[0].detail}", errors=errors)
    return [found[asset_id] for asset_id in asset_ids]


def _problem(asset_id: str, asset: Asset | None) -> tuple[str, str] | None:
    unready = why_unready(asset_id, asset)
    if unready is not None:
        return f"asset-{unready[0]}", unready[1]
    return None if asset and asset.media is not None else ("asset-no-media", f"Asset {asset_id} is no media file.")
