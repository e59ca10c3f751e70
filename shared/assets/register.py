"""Registering an upload: the bucket says that an object is complete; we look inside and say whether it can be used."""

import logging
from contextlib import suppress
from typing import Any

from google.cloud import firestore

from shared.accounts import is_closed
from shared.assets.asset import (
    Asset,
    AssetState,
    ObjectPath,
    Problem,
    StoredObject,
    asset_reference,
    parse_asset,
    parse_object_name,
)
from shared.assets.uploads import open_stored
from shared.core import outbox
from shared.core.clients import firestore_client, storage_client
from shared.core.clock import now
from shared.events import (
    Event,
    EventType,
    FileType,
    Metrics,
    Operation,
    Platform,
    SizeCategory,
    event_messages,
)

log = logging.getLogger(__name__)


def register_upload(bucket: str, name: str, generation: int, size: int, content_type: str) -> Asset | None:
    """Probe the object and make its asset ready, or failed with the reason. Returns the asset, or None if it is no upload.

    Events may come twice and in any order: the newest generation wins, the same one changes nothing."""
    path = parse_object_name(name)
    if path is None:
        return None
    stored = StoredObject(bucket=bucket, name=name, generation=generation)
    asset = _waiting_for(path, stored)
    if asset is None:
        return None
    started = now()
    change = {"size": size, "contentType": content_type, **_look_inside(stored)}
    return _write(asset, stored, change, (now() - started).total_seconds() * 1000)


def register_deletion(bucket: str, name: str, generation: int) -> None:
    """The object is gone from the bucket: its asset says so, unless a newer generation has taken its place."""
    path = parse_object_name(name)
    if path is None:
        return
    asset = _read(path)
    if asset is None or asset.stored != StoredObject(bucket=bucket, name=name, generation=generation):
        return
    gone = Problem(type="deleted", detail="The file was deleted from storage. Upload it again.")
    asset.reference.update(
        {"state": AssetState.FAILED.value, "stored": None, "problem": gone.model_dump(by_alias=True), "modified": now()}
    )


def _read(path: ObjectPath) -> Asset | None:
    document = asset_reference(path.uid, path.asset).get().to_dict()
    return parse_asset(document) if document else None


def _waiting_for(path: ObjectPath, stored: StoredObject) -> Asset | None:
    """The asset, if this object is news for it."""
    asset = _read(path)
    if asset is None and is_closed(path.uid):
        _delete(stored)  # Its upload was under way when its owner had everything erased.
        return None
    if asset is None:
        log.warning("an upload without an asset", extra={"fields": {"object": stored.name}})
        return None
    if asset.version != path.version or (asset.stored and asset.stored.generation >= stored.generation):
        return None
    return asset


def _delete(stored: StoredObject) -> None:
    from google.api_core.exceptions import NotFound as Gone

    with suppress(Gone):
        storage_client().bucket(stored.bucket).blob(stored.name).delete()


def _look_inside(stored: StoredObject) -> dict[str, Any]:
    """The fields that probing gives: media and ready, or the problem and failed. Nothing of the file is kept here."""
    from shared.media import UnreadableMedia, probe

    with open_stored(stored) as file:
        try:
            info = probe(file)
        except UnreadableMedia as error:
            problem = Problem(type="unreadable-media", detail=error.detail)
            return {"state": AssetState.FAILED.value, "problem": problem.model_dump(by_alias=True), "media": None}
    return {"state": AssetState.READY.value, "media": info.to_json(), "sha256": info.sha256, "problem": None}


def _write(asset: Asset, stored: StoredObject, change: dict[str, Any], elapsed: float) -> Asset | None:
    """Write asset, version and the event of it together, if nothing newer has come meanwhile. `elapsed` is in milliseconds."""
    told = event_messages(asset.user_id, [_event(asset, stored, change, elapsed)])

    @firestore.transactional
    def write(transaction: firestore.Transaction) -> tuple[Asset | None, list[outbox.Message]]:
        document = asset.reference.get(transaction=transaction).to_dict()
        if document is None:
            return None, []
        current = parse_asset(document)
        if current.stored and current.stored.generation >= stored.generation:
            return current, []
        fields = {**change, "stored": stored.model_dump(by_alias=True), "modified": now()}
        registered = parse_asset({**document, **fields})
        transaction.update(asset.reference, fields)
        version = asset.reference.collection("versions").document(str(asset.version))
        transaction.set(version, registered.document())
        return registered, [outbox.enqueue(transaction, "events", message) for message in told]

    registered: Asset | None
    registered, messages = write(firestore_client().transaction())
    outbox.publish(*messages)
    return registered


def _event(asset: Asset, stored: StoredObject, change: dict[str, Any], elapsed: float) -> Event:
    """The upload as an event; its id follows from the object, so that a repeated registration counts once."""
    ready = change["state"] == AssetState.READY.value
    kind = str(change["contentType"]).partition("/")[0]
    return Event(
        event_id=f"upload-{asset.id}-{stored.generation}",
        timestamp=now(),
        platform=Platform.WEBAPP,
        event_type=EventType.OPERATION,
        operation=Operation(
            type="upload",
            source_file_type=FileType(kind) if kind in set(FileType) else FileType.OTHER,
            file_size=change["size"],
            file_size_category=SizeCategory.of(change["size"]),
        ),
        metrics=Metrics(
            success=ready, processing_time=elapsed, error_code=None if ready else change["problem"]["type"]
        ),
    )
