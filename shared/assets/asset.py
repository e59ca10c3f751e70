"""Asset: the documents `users/{uid}/assets/{id}` and their `versions/{n}`."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Any

from google.cloud.firestore import DocumentReference
from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel

MAX_UPLOAD_BYTES = 50 * 1024**3
"""The largest file that can be uploaded: 50 GiB."""
_OBJECT = re.compile(r"users/(?P<uid>[^/]+)/assets/(?P<asset>[^/]+)/v(?P<version>\d+)/(?P<filename>[^/]+)")


class AssetKind(StrEnum):
    """Where an asset comes from."""

    UPLOAD = "upload"
    RENDER = "render"


class AssetState(StrEnum):
    """Whether an asset can be used."""

    UPLOADING = "uploading"
    READY = "ready"
    FAILED = "failed"


class Problem(StoredModel):
    """Why a file cannot be used: a stable type and a sentence."""

    type: str
    detail: str


class StoredObject(StoredModel):
    """Where the bytes are. `generation` is the version that Cloud Storage gave them."""

    bucket: str
    name: str
    generation: int


class Sidecar(StoredModel):
    """A file that goes with a film, in the folder of its package."""

    kind: str
    filename: str


class Asset(StoredModel):
    """An asset with its newest version. `media` is shared.media.MediaInfo as JSON, once probed; `size` is in bytes.

    `folder`: of a package of many objects, how all their names begin; `stored` is then the one that is played."""

    id: str
    user_id: str
    kind: AssetKind = AssetKind.UPLOAD
    state: AssetState
    filename: str
    content_type: str
    size: int | None = Field(default=None, ge=0)
    version: int = Field(default=1, ge=1)
    stored: StoredObject | None = None
    folder: str | None = None
    sidecars: list[Sidecar] = Field(default_factory=list)
    media: dict[str, Any] | None = None
    sha256: str | None = None
    problem: Problem | None = None
    job_id: str | None = None
    created: datetime
    modified: datetime

    @property
    def reference(self) -> DocumentReference:
        """Where the document is."""
        return asset_reference(self.user_id, self.id)

    @property
    def object_name(self) -> str:
        """Where an upload of this version goes in the media bucket."""
        return f"users/{self.user_id}/assets/{self.id}/v{self.version}/{self.filename}"

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, with real timestamps."""
        return {**self.model_dump(by_alias=True), "kind": self.kind.value, "state": self.state.value}


class ObjectPath(StoredModel):
    """What the name of an uploaded object tells."""

    uid: str
    asset: str
    version: int
    filename: str


def parse_object_name(name: str) -> ObjectPath | None:
    """What the name of an object in the media bucket tells, or None when it is no upload of ours."""
    match = _OBJECT.fullmatch(name)
    return ObjectPath.model_validate(match.groupdict()) if match else None


def asset_reference(user_id: str, asset_id: str) -> DocumentReference:
    """Where an asset's document is."""
    return firestore_client().collection("users", user_id, "assets").document(asset_id)


def parse_asset(stored: dict[str, Any]) -> Asset:
    """An asset as Firestore has it."""
    return Asset.model_validate(stored)
