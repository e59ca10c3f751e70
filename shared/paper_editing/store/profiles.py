"""The sound profiles of assets: files beside the recording, one for each of its versions."""

from collections.abc import Callable
from pathlib import Path

from shared.assets import Asset
from shared.core.clients import storage_client
from shared.media import MediaInfo
from shared.paper_editing.listening import listen
from shared.paper_editing.sound_profile import SoundProfile

_NAME = "sound-profile.gz"


def keep_profile(
    asset: Asset,
    path: Path,
    info: MediaInfo,
    *,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> SoundProfile:
    """Listen to the asset's file, which is at `path`, and keep its profile. Raises what `listen` raises."""
    profile = listen(path, info, on_progress=on_progress, should_cancel=should_cancel)
    store_profile(asset, profile)
    return profile


def store_profile(asset: Asset, profile: SoundProfile) -> None:
    """Keep the profile of the asset's file, for whoever listened to it for a reason of their own."""
    bucket, name = _place(asset)
    blob = storage_client().bucket(bucket).blob(name)
    blob.upload_from_string(profile.to_bytes(), content_type="application/gzip")


def load_profile(asset: Asset) -> SoundProfile | None:
    """The profile of the asset's newest version, or None where nobody has listened to it, or an older release did."""
    from google.api_core.exceptions import NotFound

    bucket, name = _place(asset)
    try:
        return SoundProfile.from_bytes(storage_client().bucket(bucket).blob(name).download_as_bytes())
    except (NotFound, ValueError):
        return None


def _place(asset: Asset) -> tuple[str, str]:
    """Where it is: deleted with the asset, whose objects all lie below what its own names begin with."""
    assert asset.stored is not None, "only assets that are ready are listened to"
    if asset.kind == "upload":
        folder = asset.stored.name.rsplit("/", 2)[0]
        return asset.stored.bucket, f"{folder}/features/v{asset.version}/{_NAME}"
    return asset.stored.bucket, f"{asset.folder or asset.stored.name}.{_NAME}"
