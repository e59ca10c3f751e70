"""Inputs: the assets that a job was asked for with, and their files on this machine."""

from collections.abc import Sequence
from pathlib import Path

from shared.assets import Asset, download_to, input_assets
from shared.core.errors import Conflict
from shared.jobs import Worker


def asked_assets(worker: Worker) -> list[Asset]:
    """The job's inputs, in the versions that it was asked for with. Raises Conflict when one was replaced."""
    wanted = worker.job.inputs["inputs"]
    assets = input_assets(worker.job.user_id, [entry["assetId"] for entry in wanted])
    for place, (asset, entry) in enumerate(zip(assets, wanted, strict=True)):
        if asset.version != entry["version"]:
            detail = f"Asset {asset.id} was replaced while the job waited. Run the operation again."
            raise Conflict(detail, pointer=f"/inputs/{place}")
    return assets


def fetch(worker: Worker, assets: Sequence[Asset], folder: Path) -> list[Path]:
    """Every input as a local file; one that is named twice comes once. FFmpeg has no way to the network."""
    files: dict[str, Path] = {}
    total, done = sum(asset.size or 1 for asset in assets), 0
    for number, asset in enumerate(assets):
        worker.check()
        if asset.id not in files and asset.stored is not None:
            files[asset.id] = folder / f"input-{number}{Path(asset.filename).suffix}"
            download_to(asset.stored, files[asset.id])
        done += asset.size or 1
        worker.report(done / total, "downloading")
    return [files[asset.id] for asset in assets]
