"""Kept: what has been heard already, so that a transcription that was killed does not hear it again.

What is kept goes by its content: the sound itself, the engine, its model and the language, so it cannot be mistaken."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from shared.transcripts.engines import Engine, Heard

if TYPE_CHECKING:
    from shared.transcripts.engines.engine import Samples


class Kept(Protocol):
    """Texts by key, kept for as long as one transcription is not done. Keys are hexadecimal digits."""

    def read(self, key: str) -> str | None:
        """The text, or None."""
        ...

    def write(self, key: str, text: str) -> None:
        """Keep a text; it is there whole, or not at all."""
        ...


class Nothing:
    """Keeps nothing."""

    def read(self, key: str) -> str | None:
        """None."""

    def write(self, key: str, text: str) -> None:
        """Forgets it."""


class KeptInFolder:
    """Keeps texts as files of a folder, which is made when there is something to keep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, key: str) -> str | None:
        """The text, or None."""
        with suppress(OSError):
            return (self._folder / key).read_text()
        return None

    def write(self, key: str, text: str) -> None:
        """Keep a text."""
        self._folder.mkdir(parents=True, exist_ok=True)
        arriving = self._folder / f"{key}.arriving"
        arriving.write_text(text)
        arriving.replace(self._folder / key)

    def forget(self) -> None:
        """Remove the folder with all that is kept."""
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            path.unlink()
        with suppress(OSError):
            self._folder.rmdir()


def key_of(engine: Engine, language: str, pieces: Sequence["Samples"], *, guessed: bool) -> str:
    """The key of what this engine hears in these pieces."""
    digest = hashlib.sha256(json.dumps([engine.name, engine.model, engine.device, language, guessed]).encode())
    for piece in pieces:
        digest.update(len(piece).to_bytes(8, "little") + piece.tobytes())
    return digest.hexdigest()


def to_text(heard: Sequence[Sequence[Heard]]) -> str:
    """What was heard in some pieces, as it is kept."""
    return json.dumps([[[word.text, word.start, word.end, word.probability] for word in words] for words in heard])


def from_text(text: str) -> list[list[Heard]]:
    """The same again."""
    return [[Heard(*word) for word in words] for words in json.loads(text)]
