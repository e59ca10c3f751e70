"""Readiness: whether an asset can be worked on, and if not, why."""

from shared.assets.asset import Asset, AssetState


def why_unready(asset_id: str, asset: Asset | None) -> tuple[str, str] | None:
    """None if the asset can be read; else `missing`, `uploading` or `unusable`, and a sentence with the way out."""
    if asset is None:
        return "missing", f"There is no asset {asset_id}. Upload the file, or name another asset."
    if asset.state is AssetState.UPLOADING:
        return "uploading", f"Asset {asset_id} has not arrived yet. Finish its upload and wait until it is ready."
    if asset.state is AssetState.FAILED:
        reason = asset.problem.detail if asset.problem else "it cannot be read."
        return "unusable", f"Asset {asset_id} cannot be used: {reason}"
    return None
