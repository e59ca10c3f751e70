"""Asking for an analysis: what is wrong is found while the user is still there to hear of it."""

from pydantic import Field

from shared.analysis.errors import NothingToAnalyze
from shared.assets import get_asset, why_unready
from shared.core.documents import Part
from shared.core.errors import Conflict
from shared.jobs import Job, JobKind, create_job, priority_of
from shared.media import MediaInfo


class AnalyzeRequest(Part):
    """What to find out."""

    faces: bool = Field(default=True, description="Look for faces, which takes most of the time")


def request_analysis(user_id: str, job_id: str, asset_id: str, request: AnalyzeRequest) -> Job:
    """Queue the analysis of an asset. The same job id again returns the same job.

    Raises NotFound, Conflict when the asset is not ready, `NothingToAnalyze`."""
    asset = get_asset(user_id, asset_id)
    unready = why_unready(asset_id, asset)
    if unready is not None:
        raise Conflict(unready[1])
    if asset.media is None or MediaInfo.model_validate(asset.media).kind == "image":
        raise NothingToAnalyze(f"Asset {asset_id} neither moves nor sounds. Choose a video or a recording.")
    inputs = {
        "assetId": asset.id,
        "version": asset.version,
        "params": request.model_dump(mode="json", by_alias=True, exclude_unset=True),
    }
    return create_job(user_id, JobKind.ANALYZE, inputs, priority_of(asset.size or 0), job_id)
