"""/v1/assets: footage and results. The bytes go straight between the client and the bucket."""

from flask import Response, request
from pydantic import Field, JsonValue

from functions.http.answers import IdPath, PageQuery, WireModel, answer, no_content
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from shared import assets
from shared.assets import AssetKind, AssetState
from shared.transcodes import playback_url

api = resource("assets")


class AssetProblem(WireModel):
    """Why a file cannot be used."""

    type: str
    detail: str


class Sidecar(WireModel):
    """A file that goes with a film. The URL needs no sign-in and is good for hours."""

    kind: str = Field(description="poster, thumbnails, sprites, waveform …")
    filename: str
    url: str


class Asset(WireModel):
    """An asset. `media` says what is inside once it is probed: duration, streams, codecs, sizes, frame rates."""

    id: str
    kind: AssetKind
    state: AssetState
    filename: str
    content_type: str
    size: int | None = Field(description="Bytes")
    version: int
    media: dict[str, JsonValue] | None
    sha256: str | None
    problem: AssetProblem | None
    job_id: str | None
    created: str
    modified: str
    download_url: str | None = Field(default=None, description="Signed, good for 15 minutes; only on a single asset")
    playback_url: str | None = Field(
        default=None,
        description="Of a transcode with several files: plays without sign-in for hours; only on a single asset",
    )
    sidecars: list[Sidecar] = Field(default=[], description="Only on a single asset")

    @classmethod
    def of(cls, asset: assets.Asset) -> "Asset":
        """The wire form of an asset."""
        return cls.model_validate(asset.model_dump(mode="json", include=set(cls.model_fields) - {"sidecars"}))

    @classmethod
    def whole(cls, asset: assets.Asset) -> "Asset":
        """With the URLs of its files."""
        sidecars = [
            Sidecar(kind=each.kind, filename=each.filename, url=playback_url(asset, each.filename) or "")
            for each in asset.sidecars
        ]
        urls = {"download_url": assets.download_url(asset), "playback_url": playback_url(asset), "sidecars": sidecars}
        return cls.of(asset).model_copy(update=urls)


class AssetList(WireModel):
    """A page of assets, newest first."""

    items: list[Asset]
    next_page_token: str | None


class AssetsQuery(PageQuery):
    """Which assets."""

    state: AssetState | None = None


class NewAsset(WireModel):
    """The file that is about to be uploaded."""

    filename: str = Field(min_length=1, max_length=500)
    content_type: str | None = Field(default=None, max_length=200, pattern=r"^[\w.+-]+/[\w.+-]+$")
    size: int | None = Field(default=None, ge=0, le=2**53, description="Bytes; the bucket then refuses any other size")


class UploadTicket(WireModel):
    """Where to send the bytes: one PUT, or several with Content-Range (a resumable upload session of Cloud Storage)."""

    asset: Asset
    upload_url: str
    method: str = "PUT"


@api.post("/v1/assets", responses={201: UploadTicket})
@idempotent
def create_asset(body: NewAsset) -> Response:
    """Announce a file and get the URL to upload it to"""
    upload = assets.create_upload(
        principal().uid, resource_id(), body.filename, body.content_type, body.size, request.headers.get("Origin")
    )
    ticket = UploadTicket(asset=Asset.of(upload.asset), upload_url=upload.url)
    return answer(ticket, 201, Location=f"/v1/assets/{upload.asset.id}")


@api.get("/v1/assets", responses={200: AssetList})
def list_assets(query: AssetsQuery) -> Response:
    """Your assets, newest first"""
    page = assets.list_assets(principal().uid, query.limit, query.page_token, query.state)
    return answer(AssetList(items=[Asset.of(asset) for asset in page.items], next_page_token=page.next_page_token))


@api.get("/v1/assets/<string:id>", responses={200: Asset})
def get_asset(path: IdPath) -> Response:
    """An asset, with a signed URL to download it, or to play it if it is a ladder"""
    return answer(Asset.whole(assets.get_asset(principal().uid, path.id)))


@api.delete("/v1/assets/<string:id>", responses={204: None})
def delete_asset(path: IdPath) -> Response:
    """Delete an asset and its files"""
    assets.delete_asset(principal().uid, path.id)
    return no_content()
