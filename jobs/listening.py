"""Listening: a job that has an asset's file at hand keeps what cutting it by its words needs to know of its sound."""

from pathlib import Path

from shared.assets import Asset
from shared.jobs import Worker
from shared.media import MediaInfo, RenderCancelled, probe
from shared.paper_editing import SoundProfile
from shared.paper_editing.store import keep_profile, store_profile

STAGE = "listening"


def keep_sound(worker: Worker, asset: Asset, path: Path, known: SoundProfile | None = None) -> None:
    """Keep the sound profile of the asset's file, which may be known already; nothing where it has no sound.

    Raises Cancelled or LeaseLost when the job is no longer ours."""
    if known is not None:
        store_profile(asset, known)
        return
    info = MediaInfo.model_validate(asset.media) if asset.media is not None else probe(path)
    if info.audio is None:
        return
    try:
        keep_profile(
            asset,
            path,
            info,
            on_progress=lambda fraction: worker.report(fraction, STAGE),
            should_cancel=lambda: worker.stopped,
        )
    except RenderCancelled:
        worker.check()
        raise
