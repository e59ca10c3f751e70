"""Bucket: the models that a deployment has, for machines that have not brought them in their image."""

import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from google.api_core.exceptions import NotFound
from pydantic import ValidationError

from shared.core.clients import storage_client
from shared.core.settings import settings
from shared.transcripts.weights.folder import MANIFEST, BrokenWeights, Kind, Manifest, check_files, models_folder
from shared.transcripts.weights.placing import keeping, replace

if TYPE_CHECKING:
    from google.cloud.storage import Bucket

BUCKET = "models"


def models_in_bucket(kind: Kind) -> list[str]:
    """The names of the models of a kind that are in the models bucket."""
    found = storage_client().list_blobs(settings().bucket(BUCKET), prefix=f"{kind}/")
    paths = [PurePosixPath(blob.name) for blob in found]
    return sorted(path.parent.name for path in paths if path.name == MANIFEST and len(path.parts) == 3)


def bring_model(kind: Kind, name: str) -> None:
    """Copy a model from the bucket to where models are on this machine: whole and as its manifest says, or not at all.

    Raises `BrokenWeights` when the bucket has something else, `ModelsUnusable` when nothing can be kept here."""
    bucket = storage_client().bucket(settings().bucket(BUCKET))
    folder = models_folder() / kind / name
    arriving = folder.with_name(f".{name}.arriving")
    with keeping(folder):
        shutil.rmtree(arriving, ignore_errors=True)
        arriving.mkdir(parents=True)
        told = _arrive(bucket, f"{kind}/{name}", name, arriving)
        (arriving / MANIFEST).write_bytes(told)
        replace(arriving, folder)


def _arrive(bucket: "Bucket", prefix: str, name: str, arriving: Path) -> bytes:
    """The manifest, once all that it names has arrived."""
    where = f"gs://{bucket.name}/{prefix}"
    try:
        told: bytes = bucket.blob(f"{prefix}/{MANIFEST}").download_as_bytes()
        manifest = Manifest.model_validate_json(told)
        if manifest.outside is None:
            for path in manifest.files:
                (arriving / path).parent.mkdir(parents=True, exist_ok=True)
                bucket.blob(f"{prefix}/{path}").download_to_filename(str(arriving / path), checksum="crc32c")
        check_files(manifest, arriving)
    except NotFound as error:
        raise BrokenWeights(f"The model {name} in {where} is not whole: {error.message}. Upload it again.") from error
    except ValidationError as error:
        raise BrokenWeights(f"The {MANIFEST} in {where} says nothing usable. Upload the model again.") from error
    except BrokenWeights as error:
        raise BrokenWeights(f"The model {name} in {where} cannot be used. Upload it again. {error.detail}") from error
    return told
