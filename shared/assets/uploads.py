"""Uploads: the bytes go from the client straight to the bucket; we only open the door."""

import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from shared.assets.asset import MAX_UPLOAD_BYTES, Asset, AssetState, StoredObject, parse_asset
from shared.core.clients import storage_client
from shared.core.clock import now
from shared.core.errors import Conflict, InvalidInput, TooLarge
from shared.core.settings import settings

if TYPE_CHECKING:
    from google.cloud.storage import Blob

_UNSAFE = re.compile(r"[^\w.() +@-]", re.ASCII)
_KINDS = ("video/", "image/", "audio/")


@dataclass(frozen=True)
class Upload:
    """An asset that waits for its bytes, and the resumable session URL to PUT them to."""

    asset: Asset
    url: str


def create_upload(
    user_id: str, asset_id: str, filename: str, content_type: str | None, size: int | None, origin: str | None
) -> Upload:
    """Make an asset and open a resumable upload session for it; `origin` lets a browser of that origin use it.

    The same id again opens a new session for the same asset as long as nothing has arrived. Raises InvalidInput or TooLarge
    for a file that could never be used, Conflict when the asset has its bytes."""
    from google.api_core.exceptions import AlreadyExists

    if size is not None and size > MAX_UPLOAD_BYTES:
        raise TooLarge(
            f"Files can have up to {MAX_UPLOAD_BYTES // 1024**3} GiB; this one has {size} bytes.", pointer="/size"
        )
    if size == 0:
        raise InvalidInput("This file is empty. Choose one with something in it.", pointer="/size")
    moment = now()
    asset = Asset(
        id=asset_id,
        user_id=user_id,
        state=AssetState.UPLOADING,
        filename=safe_filename(filename),
        content_type=_media_type(filename, content_type),
        size=size,
        created=moment,
        modified=moment,
    )
    try:
        asset.reference.create(asset.document())
    except AlreadyExists:
        asset = parse_asset(asset.reference.get().to_dict() or {})
        if asset.state is not AssetState.UPLOADING:
            raise Conflict(f"Asset {asset_id} has its file already.") from None
    blob = storage_client().bucket(settings().bucket("media")).blob(asset.object_name)
    # 0: only the first upload wins; a second one into the same session name is refused by the bucket.
    url: str = blob.create_resumable_upload_session(
        content_type=asset.content_type, size=size, origin=origin, if_generation_match=0
    )
    return Upload(asset, url)


def download_to(stored: StoredObject, path: Path) -> None:
    """Write the object to `path`, exactly the generation that was registered, its checksum verified."""
    _blob(stored).download_to_filename(str(path), checksum="crc32c")


def open_stored(stored: StoredObject) -> BinaryIO:
    """The object, open for reading at any position; what is asked for is fetched in pieces of a megabyte or more."""
    reader: BinaryIO = _blob(stored).open("rb", chunk_size=1 << 20)
    return reader


def safe_filename(name: str) -> str:
    """The last part of `name` with everything else than letters, digits and `. _ - ( ) + @` replaced; never empty."""
    last = re.split(r"[/\\]", name)[-1]
    cleaned = _UNSAFE.sub("_", last).strip(". ")[-120:]
    return cleaned or "file"


def _media_type(filename: str, given: str | None) -> str:
    guessed = given or mimetypes.guess_type(filename)[0] or "application/octet-stream"
    if guessed.startswith(_KINDS) or guessed in ("application/octet-stream", "application/mxf", "application/ogg"):
        return guessed
    raise InvalidInput(
        f"A file of type {guessed} is no footage. Upload video, images or audio.",
        pointer="/contentType" if given else "/filename",
    )


def _blob(stored: StoredObject) -> "Blob":
    bucket = storage_client().bucket(stored.bucket)
    return bucket.blob(stored.name, generation=stored.generation or None)
