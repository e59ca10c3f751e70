"""Files that filters read. Their names tell their contents, so that graphs may share a folder."""

from hashlib import sha256
from pathlib import Path


def write_file(folder: Path, suffix: str, text: str) -> Path:
    """A file of this text in `folder`, written unless it is there."""
    data = text.encode(errors="replace")
    path = folder / f"{sha256(data).hexdigest()[:16]}{suffix}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return path
