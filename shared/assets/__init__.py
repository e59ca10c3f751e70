"""Assets: footage and results — uploaded straight to the bucket, probed, versioned, handed out by signed URLs."""

from shared.assets.asset import Asset, AssetKind, AssetState, Problem, Sidecar, StoredObject
from shared.assets.operations import check_assets, input_assets, request_operation
from shared.assets.readiness import why_unready
from shared.assets.register import register_deletion, register_upload
from shared.assets.results import result_asset, upload_package, upload_result
from shared.assets.service import delete_asset, download_url, get_asset, get_assets, list_assets, object_url
from shared.assets.uploads import Upload, create_upload, download_to

__all__ = [
    "Asset",
    "AssetKind",
    "AssetState",
    "Problem",
    "Sidecar",
    "StoredObject",
    "Upload",
    "check_assets",
    "create_upload",
    "delete_asset",
    "download_to",
    "download_url",
    "get_asset",
    "get_assets",
    "input_assets",
    "list_assets",
    "object_url",
    "register_deletion",
    "register_upload",
    "request_operation",
    "result_asset",
    "upload_package",
    "upload_result",
    "why_unready",
]
