"""Bucket: the models that a deployment has, for machines that have not brought them in their image."""

import shutil
from pathlib import PurePosixPath

from shared.core.clients import storage_client
from shared.core.settings import settings
from shared.transcripts.weights.folder import MANIFEST, Kind, Manifest, models_folder

BUCKET = "models"


def models_in_bucket(kind: Kind) -> list[str]:
    """The names of the models of a kind that are in the models bucket."""
    found = storage_client().list_blobs(settings().bucket(BUCKET), prefix=f"{kind}/")
    paths = [PurePosixPath(blob.name) for blob in found]
    return sorted(path.parent.name for path in paths if path.name == MANIFEST and len(path.parts) == 3)


def bring_model(kind: Kind, name: str) -> None:
    """Copy a model from the bucket to where models are on this machine. It is checked when it is read."""
    bucket = storage_client().bucket(settings().bucket(BUCKET))
    folder = models_folder() / kind / name
    arriving = folder.with_name(f".{name}.arriving")
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir(parents=True)
    told = bucket.blob(f"{kind}/{name}/{MANIFEST}").download_as_bytes()
    for path in Manifest.model_validate_json(told).files:
        (arriving / path).parent.mkdir(parents=True, exist_ok=True)
        bucket.blob(f"{kind}/{name}/{path}").download_to_filename(str(arriving / path), checksum="crc32c")
    (arriving / MANIFEST).write_bytes(told)
    shutil.rmtree(folder, ignore_errors=True)
    arriving.replace(folder)
