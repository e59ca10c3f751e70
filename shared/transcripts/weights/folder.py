"""Folder: the weights of a model on this machine: `{models}/{kind}/{name}/`, with the hashes of all files in `model.json`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.core.errors import KompoError
from shared.core.settings import engine_settings

Kind = Literal["speech", "speakers"]
MANIFEST = "model.json"
_PIECE = 1 << 20


class BrokenWeights(KompoError):
    """A model's files are not those that its manifest names: they were cut short, changed, or mixed up."""


class ModelsUnusable(KompoError):
    """The folder that models are in cannot be read or written."""


class Manifest(BaseModel):
    """`model.json`: what the files of a model are. `files` are paths below the folder with their SHA-256."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    source: str | None = Field(default=None, max_length=300)
    files: dict[str, str] = Field(min_length=1, max_length=100)

    @property
    def outside(self) -> str | None:
        """The first of its files that is not below its folder; None if all are."""
        paths = ((path, PurePosixPath(path)) for path in self.files)
        return next((path for path, parts in paths if parts.is_absolute() or ".." in parts.parts), None)


@dataclass(frozen=True)
class Weights:
    """A model whose files are there and are what they should be."""

    name: str
    folder: Path


def models_folder() -> Path:
    """Where models are on this machine: `KOMPO_MODELS`, or a folder of the user's cache."""
    return Path(engine_settings().models).expanduser()


def weights_there(kind: Kind) -> list[str]:
    """The names of the models of a kind that lie on this machine, unchecked. What is still arriving is none."""
    found = (path.parent.name for path in (models_folder() / kind).glob(f"*/{MANIFEST}"))
    return sorted(name for name in found if not name.startswith("."))


def read_weights(kind: Kind, name: str) -> Weights:
    """The model, every file of it checked. Raises `BrokenWeights`, also when it is not there at all."""
    folder = models_folder() / kind / name
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise BrokenWeights(f"The model {name} is not on this machine: {folder} has no {MANIFEST}.") from error
    except OSError as error:
        raise BrokenWeights(
            f"The model {name} cannot be read: {folder / MANIFEST}: {error.strerror}. Let this user read the folder."
        ) from error
    except ValidationError as error:
        raise BrokenWeights(
            f"The model {name} has a {MANIFEST} in {folder} that says nothing usable. {_again(name)}"
        ) from error
    check_files(manifest, folder)
    return Weights(manifest.name, folder)


def check_files(manifest: Manifest, folder: Path) -> None:
    """Raises `BrokenWeights` naming the first file of the manifest that is missing or not what it should be, and where it is."""
    if manifest.outside is not None:
        raise BrokenWeights(f"The model {manifest.name} in {folder} names a file outside its folder. Do not use it.")
    for path, sha256 in manifest.files.items():
        file = folder / path
        try:
            found = sha256_of(file)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise BrokenWeights(
                f"The model {manifest.name} lacks its file {path} in {folder}. {_again(manifest.name)}"
            ) from error
        except OSError as error:
            raise BrokenWeights(
                f"The file {path} of the model {manifest.name} cannot be read: {file}: {error.strerror}. "
                "Let this user read it."
            ) from error
        if found != sha256.lower():
            raise BrokenWeights(
                f"The file {path} of the model {manifest.name} in {folder} is not what it should be: it was cut short "
                f"or changed. {_again(manifest.name)}"
            )


def _again(name: str) -> str:
    return f"Fetch it again (python -m shared.transcripts fetch {name}), or copy it there again."


def seal(name: str, folder: Path, source: str | None = None, files: Sequence[str] | None = None) -> Manifest:
    """Write the manifest of a folder's files, or of those named, as they are now: from now on they must stay so."""
    found = files or sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    hashes = {path: sha256_of(folder / path) for path in found if path != MANIFEST}
    manifest = Manifest(name=name, source=source, files=hashes)
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n")
    return manifest


def sha256_of(path: Path) -> str:
    """In hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
