"""Inputs: the assets that a job was asked for with, and their files on this machine."""

from collections.abc import Sequence
from pathlib import Path

from shared.assets import Asset, download_to, get_asset, input_assets
from shared.core.errors import Conflict
from shared.jobs import Worker


def asked_asset(worker: Worker) -> Asset:
    """The job's one asset, in the version that it was asked for with. Raises NotFound, and Conflict when it was replaced."""
    asset = get_asset(worker.job.user_id, worker.job.inputs["assetId"])
    if asset.version != worker.job.inputs["version"]:
        raise Conflict(f"Asset {asset.id} was replaced while the job waited. Ask for it again.")
    return asset


def fetch_source(worker: Worker, asset: Asset, folder: Path) -> Path:
    """The asset as a local file. FFmpeg has no way to the network."""
    path = folder / f"source{Path(asset.filename).suffix}"
    if asset.stored is not None:
        download_to(asset.stored, path)
    worker.report(1.0, "downloading")
    return path


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
