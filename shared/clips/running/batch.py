"""Batch: clips of many recordings, one after the other, told in one report. One that fails does not stop the others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from shared.clips.clip import Selection
from shared.clips.running.folder import ClipFolder, slug
from shared.clips.running.recording import MadeClip, Order, run_recording
from shared.clips.stage import Stage
from shared.core.errors import KompoError

SUFFIXES = frozenset(
    {".mp4", ".mov", ".mkv", ".webm", ".m4v", ".avi", ".ts", ".mts", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp"}
)
"""Files of a folder that are taken for recordings."""
SOUNDS = frozenset({".mp3", ".m4a", ".wav", ".flac", ".ogg", ".opus", ".aac", ".aiff", ".wma"})
"""So are these, but for the sound of a film that lies beside it under the same name."""


@dataclass(frozen=True)
class Ended:
    """How a recording ended: with its clips, or with the reason why there are none."""

    video: Path
    folder: Path
    selection: Selection | None = None
    clips: Sequence[MadeClip] = ()
    problem: str | None = None


@dataclass
class Batch:
    """What a run made, recording by recording."""

    order: Order
    ended: list[Ended] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether any recording gave no clips because something went wrong."""
        return any(each.problem is not None for each in self.ended)


def run_batch(
    recordings: Iterable[Path],
    order: Order,
    output: Path,
    *,
    on_stage: Callable[[Path, Stage, float], object] = lambda *_: None,
    on_ended: Callable[[Ended], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> Batch:
    """Make clips of every recording: of one in `output` itself, of several each in a folder of its own there."""
    videos = list(recordings)
    folders = [output] if len(videos) == 1 else _folders(videos, output)
    batch = Batch(order)
    for video, folder in zip(videos, folders, strict=True):
        if should_cancel():
            break
        ended = _end(video, folder, order, partial(on_stage, video), should_cancel)
        batch.ended.append(ended)
        on_ended(ended)
    return batch


def recordings_in(paths: Iterable[Path]) -> list[Path]:
    """The files among `paths`, and those in folders among them that are recordings, by name."""
    found: list[Path] = []
    for path in paths:
        found += sorted(_recordings(path)) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def _recordings(folder: Path) -> Iterable[Path]:
    files = [file for file in folder.iterdir() if not file.name.startswith(".") and file.is_file()]
    films = [file for file in files if file.suffix.lower() in SUFFIXES]
    taken = {file.stem for file in films}
    return films + [file for file in files if file.suffix.lower() in SOUNDS and file.stem not in taken]


def _folders(videos: Sequence[Path], output: Path) -> list[Path]:
    """A folder for each: named like the file, and numbered where two would be named alike."""
    slugs = [slug(video.stem) for video in videos]
    names: list[str] = []
    for name in slugs:
        numbered = (f"{name}-{number}" for number in count(1))
        free = (each for each in numbered if each not in names and each not in slugs)
        names.append(name if slugs.count(name) == 1 else next(free))
    return [output / name for name in names]


def _end(
    video: Path,
    folder: Path,
    order: Order,
    on_stage: Callable[[Stage, float], object],
    should_cancel: Callable[[], bool],
) -> Ended:
    try:
        selection, clips = run_recording(
            video, order, ClipFolder(folder), on_stage=on_stage, should_cancel=should_cancel
        )
    except (KompoError, OSError) as error:
        return Ended(video, folder, problem=why(error))
    return Ended(video, folder, selection, clips)


def why(error: KompoError | OSError) -> str:
    """An error as a sentence; one of the system with the file that it is about."""
    if isinstance(error, KompoError):
        return error.detail
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."
