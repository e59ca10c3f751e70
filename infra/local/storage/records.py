"""What is recorded of an object, and the resource that the JSON API and the events show of it."""

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Settings(BaseModel):
    """What a caller may set on an object."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    content_type: str | None = None
    content_encoding: str | None = None
    content_disposition: str | None = None
    content_language: str | None = None
    cache_control: str | None = None
    custom_time: datetime | None = None
    storage_class: str | None = None
    event_based_hold: bool | None = None
    temporary_hold: bool | None = None
    metadata: dict[str, str] | None = None


class StoredObject(BaseModel):
    """One generation of an object. `content` is the id of its bytes; several objects may share them."""

    bucket: str
    name: str
    generation: int
    metageneration: int = 1
    live: bool = True
    content: str
    size: int
    crc32c: str
    md5: str | None
    component_count: int | None = None
    created: datetime
    updated: datetime
    deleted: datetime | None = None
    settings: Settings

    @property
    def etag(self) -> str:
        """Changes with every change of bytes or metadata."""
        return base64.b64encode(f"{self.generation}/{self.metageneration}".encode()).decode()

    @property
    def content_type(self) -> str:
        """The media type that downloads carry."""
        return self.settings.content_type or "application/octet-stream"

    def resource(self, base_url: str) -> dict[str, Any]:
        """The object as the JSON API shows it; links start with `base_url`. 64-bit numbers are strings."""
        path = f"/b/{self.bucket}/o/{quote(self.name, safe='')}"
        created = rfc3339(self.created)
        shown: dict[str, Any] = {
            "kind": "storage#object",
            "id": f"{self.bucket}/{self.name}/{self.generation}",
            "selfLink": f"{base_url}/storage/v1{path}",
            "mediaLink": f"{base_url}/download/storage/v1{path}?generation={self.generation}&alt=media",
            "name": self.name,
            "bucket": self.bucket,
            "generation": str(self.generation),
            "metageneration": str(self.metageneration),
            "storageClass": "STANDARD",
            "size": str(self.size),
            "md5Hash": self.md5,
            "crc32c": self.crc32c,
            "etag": self.etag,
            "componentCount": self.component_count,
            "timeCreated": created,
            "updated": rfc3339(self.updated),
            "timeStorageClassUpdated": created,
            "timeFinalized": created,
            "timeDeleted": rfc3339(self.deleted) if self.deleted else None,
        }
        settings = self.settings.model_dump(by_alias=True, exclude_none=True, mode="json")
        return {key: value for key, value in (shown | settings).items() if value is not None}


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """As Google writes times: UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
