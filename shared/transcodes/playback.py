"""Playback: a URL under which a private package plays whole, in any player, without a header.

The URL carries a pass: who plays what until when, signed. A package's files name each other by relative names, so under one
URL all of them are found: playlists are answered by the API, media by a redirect to a signed URL of the bucket. HLS playlists
name those URLs themselves: players keep a connection for the next segment, and some lose it over a redirect. No media byte
passes through a function."""

import base64
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from shared.assets import Asset, StoredObject, get_asset, object_url
from shared.core.clients import storage_client
from shared.core.clock import now
from shared.core.errors import Forbidden, NotFound
from shared.core.salts import Salt, salt_at, salts
from shared.core.settings import settings

VALID = timedelta(hours=6)
"""How long a URL plays, counted from the end of the film if it is watched at once."""
TEXTS = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mpd": "application/dash+xml",
    ".vtt": "text/vtt",
    ".json": "application/json",
}
"""What the API answers itself: small, and it names other files."""
_LARGEST_TEXT = 4 * 1024 * 1024
_NAMES = re.compile(r'^(?P<line>[^#\s].*)$|URI="(?P<attribute>[^"]+)"', re.MULTILINE)
"""In an HLS playlist: lines that are no tag, and the attribute of tags that name a file."""


@dataclass(frozen=True)
class PackageFile:
    """A file of a package: its text, or where it is fetched from. Good for `seconds` from now."""

    content_type: str
    seconds: int
    text: bytes | None = None
    url: str | None = None


def playback_url(asset: Asset, name: str | None = None) -> str | None:
    """The URL of a file of a package, of the one that is played if none is named; None for an asset that is no package."""
    if asset.folder is None or asset.stored is None:
        return None
    seconds = timedelta(seconds=float((asset.media or {}).get("duration", 0)))
    token = _pass(asset, now() + VALID + seconds)
    return f"{settings().public_url}/v1/playback/{token}/{name or asset.stored.name.removeprefix(asset.folder)}"


def package_file(token: str, name: str) -> PackageFile:
    """A file of the package that the pass `token` opens. Raises Forbidden when it is not valid any more, or NotFound."""
    user_id, asset_id, until = _checked(token)
    asset = get_asset(user_id, asset_id)
    if asset.folder is None or asset.stored is None:
        raise NotFound(f"Asset {asset_id} is no package.")
    blob = storage_client().bucket(asset.stored.bucket).get_blob(f"{asset.folder}{name}")
    if blob is None:
        raise NotFound(f"There is no file {name} in this package.")
    content_type = TEXTS.get(PurePosixPath(name).suffix)
    left = max(timedelta(seconds=1), until - now())
    seconds = int(left.total_seconds())
    if content_type is not None and blob.size <= _LARGEST_TEXT:
        text = blob.download_as_bytes()
        direct = _with_urls(text.decode(), asset, left).encode() if name.endswith(".m3u8") else text
        return PackageFile(content_type, seconds, text=direct)
    stored = StoredObject(bucket=blob.bucket.name, name=blob.name, generation=int(blob.generation))
    return PackageFile(blob.content_type, seconds, url=object_url(stored, left))


def _with_urls(playlist: str, asset: Asset, valid: timedelta) -> str:
    """The HLS playlist with the signed URL of every medium in the place of its name; each is signed once."""
    assert asset.stored is not None, "a package has a file that is played"
    bucket, signed = asset.stored.bucket, dict[str, str]()

    def url(found: re.Match[str]) -> str:
        name = found["line"] or found["attribute"]
        if PurePosixPath(name).suffix in TEXTS:
            return found[0]
        if name not in signed:
            signed[name] = object_url(StoredObject(bucket=bucket, name=f"{asset.folder}{name}", generation=0), valid)
        return signed[name] if found["line"] else f'URI="{signed[name]}"'

    return _NAMES.sub(url, playlist)


def _pass(asset: Asset, until: datetime) -> str:
    claims = [asset.user_id, asset.id, int(until.timestamp())]
    body = _encoded(json.dumps(claims, separators=(",", ":")).encode())
    return f"{body}.{_encoded(_signature(body, salt_at(now())))}"


def _checked(token: str) -> tuple[str, str, datetime]:
    body, _, signature = token.partition(".")
    if not any(hmac.compare_digest(_encoded(_signature(body, salt)), signature) for salt in salts()):
        raise Forbidden("This playback URL is not valid. Ask for the asset again to get a new one.")
    user_id, asset_id, until = json.loads(_decoded(body))
    expires = datetime.fromtimestamp(until, UTC)
    if expires <= now():
        raise Forbidden("This playback URL has expired. Ask for the asset again to get a new one.")
    return user_id, asset_id, expires


def _signature(body: str, salt: Salt) -> bytes:
    """With a salt of this deployment, which outlives every pass that is signed with it; no hash of a user can be one."""
    return salt.digest(f"\x00playback\x00{body}")


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> Any:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
