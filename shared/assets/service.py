"""Reading, handing out and deleting assets, as their owner may."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from google.cloud.firestore import FieldFilter

from shared.assets.asset import Asset, AssetState, StoredObject, asset_reference, parse_asset
from shared.core.clients import firestore_client, storage_client
from shared.core.documents import newest_first
from shared.core.errors import NotFound
from shared.core.links import VALID, link_to
from shared.core.paging import Page
from shared.core.versions import delete_with


def get_asset(user_id: str, asset_id: str) -> Asset:
    """An asset of the user. Raises NotFound."""
    document = asset_reference(user_id, asset_id).get().to_dict()
    if document is None:
        raise NotFound(f"There is no asset {asset_id}.")
    return parse_asset(document)


def get_assets(user_id: str, asset_ids: list[str]) -> dict[str, Asset]:
    """Those of the assets that exist, by id, in one round trip."""
    references = [asset_reference(user_id, asset_id) for asset_id in dict.fromkeys(asset_ids)]
    snapshots = firestore_client().get_all(references) if references else []
    return {snapshot.id: parse_asset(snapshot.to_dict() or {}) for snapshot in snapshots if snapshot.exists}


def list_assets(
    user_id: str, limit: int, page_token: str | None = None, state: AssetState | None = None
) -> Page[Asset]:
    """The user's assets, newest first."""
    query: Any = firestore_client().collection("users", user_id, "assets")
    if state is not None:
        query = query.where(filter=FieldFilter("state", "==", state.value))
    return newest_first(query, parse_asset, limit, page_token)


def download_url(asset: Asset) -> str | None:
    """A signed URL of the file, good for 15 minutes; None while there is none."""
    if asset.stored is None or asset.state is not AssetState.READY:
        return None
    return object_url(asset.stored, filename=asset.filename)


def object_url(stored: StoredObject, valid: timedelta = VALID, *, filename: str | None = None) -> str:
    """A signed URL of an object in exactly its generation (0: whichever is there); a browser saves it under `filename`."""
    blob = storage_client().bucket(stored.bucket).blob(stored.name)
    return link_to(blob, valid, filename=filename, shown="inline", generation=stored.generation or None)


def delete_asset(user_id: str, asset_id: str) -> None:
    """Delete an asset with all its versions and files. Deleting what is not there is no error."""
    reference = asset_reference(user_id, asset_id)
    document = reference.get().to_dict()
    if document is None:
        return
    asset = parse_asset(document)
    # Files first: a process killed here leaves a document that can be deleted again, never a file without one.
    bucket = storage_client().bucket(asset.stored.bucket) if asset.stored else None
    if bucket is not None and asset.stored is not None:
        prefix = asset.stored.name.rsplit("/", 2)[0] if asset.kind == "upload" else asset.folder or asset.stored.name
        for blob in list(bucket.list_blobs(prefix=prefix)):
            blob.delete()
    for feature in reference.collection("features").stream():
        _delete_object(StoredObject.model_validate(feature.get("stored")))
        feature.reference.delete()
    delete_with(reference)


def _delete_object(stored: StoredObject) -> None:
    from google.api_core.exceptions import NotFound as Gone

    with suppress(Gone):  # It went with the asset's other files.
        storage_client().bucket(stored.bucket).blob(stored.name).delete()
