"""Fetching: the weights of a Whisper model, once, because somebody asked for them."""

import errno
import shutil
from contextlib import suppress
from pathlib import Path

from shared.core.errors import InvalidInput, Unavailable
from shared.transcripts.weights.folder import BrokenWeights, Weights, models_folder, read_weights, seal, sha256_of
from shared.transcripts.weights.placing import keeping, replace

MODELS = {
    "tiny": "Systran/faster-whisper-tiny",
    "base": "Systran/faster-whisper-base",
    "small": "Systran/faster-whisper-small",
    "medium": "Systran/faster-whisper-medium",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "large-v3": "Systran/faster-whisper-large-v3",
}
"""Whisper's models as CTranslate2 reads them, the smallest first, and the Hugging Face repository of each."""
FETCH_LINE = "For better words fetch Whisper's weights, once: python -m shared.transcripts fetch small"
_OF_DISKS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOTDIR, errno.EIO})
_FILES = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*")


def fetch_weights(name: str) -> Weights:
    """Fetch a model of `MODELS` into the models folder, where it is found from then on. What is whole is not fetched again, and
    what arrived before a fetch broke off is not either.

    Large files must have the hashes that the repository tells of them. Raises InvalidInput for another name, Unavailable
    when the repository does not answer, `BrokenWeights` when something else came, `ModelsUnusable` when it cannot be kept."""
    if name not in MODELS:
        raise InvalidInput(f"There is no model {name}; there are {', '.join(MODELS)}.")
    with suppress(BrokenWeights):
        return read_weights("speech", name)
    folder = models_folder() / "speech" / name
    arriving = folder.with_name(f".{name}.arriving")
    with keeping(folder):
        arriving.mkdir(parents=True, exist_ok=True)
    revision = _download(MODELS[name], arriving)
    with keeping(folder):
        shutil.rmtree(arriving / ".cache", ignore_errors=True)
        seal(name, arriving, f"{MODELS[name]}@{revision}")
        replace(arriving, folder)
    return Weights(name, folder)


def _download(repository: str, folder: Path) -> str:
    """The files of a repository as it is now; its revision."""
    from httpx2 import HTTPError
    from huggingface_hub import HfApi, snapshot_download

    try:
        told = HfApi().model_info(repository, files_metadata=True)
        snapshot_download(repository, revision=told.sha, local_dir=folder, allow_patterns=list(_FILES))
    except (HTTPError, OSError) as error:
        if isinstance(error, OSError) and error.errno in _OF_DISKS:
            with keeping(folder):
                raise
        detail = f"The weights of {repository} cannot be fetched now ({type(error).__name__}). Try again later."
        raise Unavailable(f"{detail} What has arrived in {folder} is not fetched again.") from error
    for sibling in told.siblings or ():
        path = folder / sibling.rfilename
        if sibling.lfs is not None and path.is_file() and sha256_of(path) != sibling.lfs.sha256:
            path.unlink()
            raise BrokenWeights(
                f"The file {path.name} of {repository} did not arrive as it left, and was removed. Fetch it again."
            )
    return str(told.sha)
