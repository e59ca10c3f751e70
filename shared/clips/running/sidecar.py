"""Sidecar: subtitles that lie beside a recording, and so tell what is said in it."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from shared.core.errors import KompoError
from shared.transcripts import Transcript, decode_text, read_transcript

SUFFIXES = (".vtt", ".srt")
"""The better first: WebVTT can tell when each word is said."""


@dataclass(frozen=True)
class Sidecar:
    """`transcript`: what it says, None where that cannot be used. `note`: a sentence on that, for the user."""

    transcript: Transcript | None
    note: str


def find_sidecar(video: Path) -> Sidecar | None:
    """What stands in `talk.vtt` or `talk.srt` beside `talk.mp4`; None where neither is there."""
    stem = _alike(video.stem)
    beside = [file for file in sorted(video.parent.iterdir()) if _alike(file.stem) == stem and file.is_file()]
    found = (file for suffix in SUFFIXES for file in beside if file.suffix.lower() == suffix)
    path = next(found, None)
    return _read(path) if path is not None else None


def _alike(stem: str) -> str:
    """A stem as it is compared: some systems write one letter as two characters."""
    return unicodedata.normalize("NFC", stem)


def _read(path: Path) -> Sidecar:
    try:
        transcript = read_transcript(decode_text(path.read_bytes()), filename=path.name)
    except KompoError as error:
        return Sidecar(None, f"{path.name} beside it cannot be used: {error.detail}")
    except OSError as error:
        return Sidecar(None, f"{path.name} beside it cannot be read: {error.strerror}.")
    if next(iter(transcript.words), None) is None:
        return Sidecar(None, f"{path.name} beside it says nothing, and was not used.")
    return Sidecar(
        transcript, f"What is said is taken from {path.name} beside it; --no-sidecar transcribes it instead."
    )
