"""Sidecar: subtitles that lie beside a recording, and so tell what is said in it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.core.errors import KompoError
from shared.transcripts import Transcript, decode_text, read_transcript

SUFFIXES = (".vtt", ".srt", ".sbv")
"""The better first: WebVTT can tell when each word is said."""
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z0-9]{2,8})*")
_SPOKEN = "-orig"
"""How yt-dlp names the language that is spoken, among those into which YouTube has translated it."""


@dataclass(frozen=True)
class Sidecar:
    """`transcript`: what it says, None where that cannot be used. `note`: a sentence on that, for the user."""

    transcript: Transcript | None
    note: str


def find_sidecar(video: Path) -> Sidecar | None:
    """What stands in `talk.vtt`, `talk.srt` or `talk.sbv` beside `talk.mp4`, or in `talk.en.vtt`, as downloaders call it, where
    all such are in one language; None where nothing of that is there."""
    stem = _alike(video.stem)
    beside = [file for file in sorted(video.parent.iterdir()) if file.suffix.lower() in SUFFIXES and file.is_file()]
    own = [file for file in beside if _alike(file.stem) == stem]
    if own:
        return _read(_best(own))
    tongues = _in_languages(beside, stem)
    if len(tongues) > 1:
        names = " and ".join(_best(files).name for files in tongues.values())
        return Sidecar(None, f"{names} are beside it. Name the one in the language that is spoken with --transcript.")
    return next((_read(_best(files), tongue) for tongue, files in tongues.items()), None)


def _in_languages(beside: Sequence[Path], stem: str) -> dict[str, list[Path]]:
    """The files that are called after the recording and a language; where one is told to be of what was said, only that."""
    found: dict[str, list[Path]] = {}
    for file in beside:
        name, _, tongue = _alike(file.stem).rpartition(".")
        if name == stem and _LANGUAGE.fullmatch(tongue):
            found.setdefault(tongue, []).append(file)
    spoken = {tongue.removesuffix(_SPOKEN): files for tongue, files in found.items() if tongue.endswith(_SPOKEN)}
    return spoken or found


def _best(files: Sequence[Path]) -> Path:
    return min(files, key=lambda file: SUFFIXES.index(file.suffix.lower()))


def _alike(stem: str) -> str:
    """A stem as it is compared: some systems write one letter as two characters."""
    return unicodedata.normalize("NFC", stem)


def _read(path: Path, language: str | None = None) -> Sidecar:
    """`language`: what the file's name tells, for one that does not tell itself."""
    try:
        told = read_transcript(decode_text(path.read_bytes()), filename=path.name)
    except KompoError as error:
        return Sidecar(None, f"{path.name} beside it cannot be used: {error.detail}")
    except OSError as error:
        return Sidecar(None, f"{path.name} beside it cannot be read: {error.strerror}.")
    if next(iter(told.words), None) is None:
        return Sidecar(None, f"{path.name} beside it says nothing, and was not used.")
    transcript = told.model_copy(update={"language": told.language or language})
    return Sidecar(
        transcript, f"What is said is taken from {path.name} beside it; --no-sidecar transcribes it instead."
    )
