"""ClipFolder: what is kept of a recording beside its clips, so that a second run does only what the first one did not."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from shared.analysis import MediaAnalysis
from shared.clips.clip import Clip
from shared.clips.finding import Found, Hearing, Known
from shared.kompositions import Komposition
from shared.transcripts import KeptInFolder, Transcript, write_transcript

M = TypeVar("M", bound=BaseModel)
_LONGEST_NAME = 48
_OF_CLIPS = frozenset({".mp4", ".json", ".png"})
_BLOCK = 1 << 20


class _Origin(BaseModel):
    """`recording.json`: what the rest of the folder was made from. `given`: of the transcript that was given, its SHA-256; None
    where the recording was heard."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    name: str
    sha256: str
    engine: str | None = None
    language: str | None = None
    given: str | None = None


@dataclass(frozen=True)
class ClipFolder:
    """The folder of one recording: recording.json, transcript.json and .srt, analysis.json, clips.json, and for each clip a
    film, its komposition and its pictures."""

    path: Path

    def known(self, video: Path, hearing: Hearing, given: Transcript | None) -> Known:
        """What is given, and what an earlier run found out about this very file. The folder is this recording's from now on."""
        self.path.mkdir(parents=True, exist_ok=True)
        told = hashlib.sha256(given.model_dump_json().encode()).hexdigest() if given is not None else None
        origin = _Origin(
            name=video.name, sha256=_sha256(video), engine=hearing.engine, language=hearing.language, given=told
        )
        before = _read(self.path / "recording.json", _Origin)
        same = before is not None and before.sha256 == origin.sha256
        if not same:
            (self.path / "analysis.json").unlink(missing_ok=True)
            self.clear_others([])
            self.heard.forget()
        if before != origin:
            (self.path / "transcript.json").unlink(missing_ok=True)
        write_whole(self.path / "recording.json", origin.model_dump_json(by_alias=True, indent=1))
        return Known(
            transcript=given or _read(self.path / "transcript.json", Transcript),
            analysis=_read(self.path / "analysis.json", MediaAnalysis),
        )

    @property
    def heard(self) -> KeptInFolder:
        """What of the recording was heard so far, for a run that goes on after one that was killed."""
        return KeptInFolder(self.path / ".heard")

    def keep_analysis(self, analysis: MediaAnalysis) -> None:
        """Keep what is seen and heard."""
        write_whole(self.path / "analysis.json", analysis.model_dump_json(by_alias=True))

    def keep(self, found: Found) -> None:
        """Keep what was found out."""
        transcript = found.recording.transcript
        write_whole(self.path / "transcript.json", transcript.model_dump_json(by_alias=True, indent=1))
        write_whole(self.path / "transcript.srt", write_transcript(transcript, "srt"))
        self.keep_analysis(found.analysis)
        self.heard.forget()
        write_whole(self.path / "clips.json", found.selection.model_dump_json(by_alias=True, indent=1))

    def film(self, number: int, clip: Clip) -> Path:
        """Where the film of a clip is, the best clip first: `01-a-title.mp4`."""
        return self.path / f"{number:02}-{slug(clip.title)}.mp4"

    def has_film_of(self, film: Path, komposition: Komposition) -> bool:
        """Whether `film` was rendered, whole, from this very komposition."""
        beside = film.with_suffix(".json")
        return film.exists() and beside.exists() and beside.read_text(encoding="utf-8") == _written(komposition)

    def keep_komposition(self, film: Path, komposition: Komposition) -> None:
        """Put the komposition beside its film, once that is there."""
        write_whole(film.with_suffix(".json"), _written(komposition))

    def clear_others(self, films: list[Path]) -> None:
        """Take films of an earlier selection away, with what stands beside them."""
        kept = {film.stem for film in films}
        for old in self.path.glob("[0-9][0-9]-*"):
            if old.suffix in _OF_CLIPS and old.stem not in kept:
                old.unlink(missing_ok=True)


def slug(title: str) -> str:
    """A title as part of a file's name: letters and digits of any script, joined by `-`."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[\W_]+", "-", plain).strip("-")[:_LONGEST_NAME].rstrip("-") or "clip"


def write_whole(path: Path, text: str) -> None:
    """Write aside, then rename: nobody ever reads half of it. Raises OSError; then nothing of it stays."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def _read(path: Path, model: type[M]) -> M | None:
    try:
        return model.model_validate_json(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        return None


def _written(komposition: Komposition) -> str:
    import json

    return json.dumps(komposition.to_json(), indent=1, ensure_ascii=False) + "\n"


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        read: Callable[[], bytes] = lambda: file.read(_BLOCK)  # noqa: E731
        for block in iter(read, b""):
            digest.update(block)
    return digest.hexdigest()
