"""The film: made in one run, or of the chunks that tasks have made, in the folder that becomes its package."""

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jobs.transcode_place import Workplace
from shared.assets import Sidecar
from shared.core.settings import settings
from shared.jobs import Worker
from shared.media import RenderCancelled
from shared.media.chunking import BrokenChunk, encode_speeds, join_chunks
from shared.media.transcoding import package, transcode
from shared.transcodes import ChunkKind, TranscodeChunk


@dataclass(frozen=True)
class Film:
    """`entry` is the file that is played, `best` its largest picture; all files are in one folder.

    `encoders` have encoded its pictures; `fell_back`: why one of them was not the GPU that was to do it. Seconds of encoding
    by the clock and of processors, all tasks together; bytes at the peak. `speeds`: what making it tells of later ones."""

    entry: Path
    best: Path
    sidecars: Sequence[Sidecar]
    encoders: frozenset[str]
    fell_back: str | None
    chunks: int
    wall_seconds: float
    cpu_seconds: float
    peak_memory: int
    speeds: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_package(self) -> bool:
        """Whether it is more than one file."""
        return any(path != self.entry for path in self.entry.parent.iterdir())


def film_of_one_run(place: Workplace, worker: Worker) -> Film:
    """Make the film from end to end in this process; nothing of it is kept on the way."""
    started, plan, folder = time.monotonic(), place.plan, _package_folder(place)
    try:
        made = transcode(
            place.source,
            plan,
            folder,
            encoder=place.encoder,
            on_progress=lambda done: worker.report(done, "encoding"),
            should_cancel=lambda: worker.stopped,
            timeout=settings().render_timeout,
            ffmpeg=place.ffmpeg,
        )
    except RenderCancelled:
        worker.check()
        raise
    sidecars = [Sidecar(kind=each.kind, filename=each.path.name) for each in made.sidecars]
    seconds = time.monotonic() - started
    speeds = encode_speeds(plan.renditions, plan.frames, seconds, gpu=made.encoder == "gpu")
    return Film(
        entry=made.entry,
        best=_best(place, made.entry),
        sidecars=sidecars,
        encoders=frozenset({made.encoder}),
        fell_back=made.fell_back,
        chunks=1,
        wall_seconds=made.wall_seconds,
        cpu_seconds=made.cpu_seconds,
        peak_memory=made.peak_memory,
        speeds=speeds,
    )


def film_of_chunks(place: Workplace, worker: Worker, chunks: Sequence[TranscodeChunk]) -> Film:
    """Join what all tasks have made. Raises Cancelled, LeaseLost and `UnreadableMedia`."""
    worker.report(0, "joining")
    fetching = time.monotonic()
    place.fetch_chunks(chunks)
    worker.check()
    joining, plan, folder = time.monotonic(), place.plan, _package_folder(place)
    pictures = sorted((each for each in chunks if each.kind is ChunkKind.PICTURES), key=lambda each: each.start)
    try:
        joined = _joined(place, worker, pictures)
        made = package(plan, joined, _sound(place, chunks), folder, should_cancel=lambda: worker.stopped)
    except RenderCancelled:
        worker.check()
        raise
    ended = time.monotonic()
    size = sum(file.size for chunk in chunks for file in chunk.files)
    return Film(
        entry=made[0],
        best=_best(place, made[0]),
        sidecars=_sidecars(place, chunks, folder),
        encoders=frozenset(each.encoder for each in pictures if each.encoder),
        fell_back=next((each.fell_back for each in pictures if each.fell_back), None),
        chunks=len(pictures),
        wall_seconds=sum(each.seconds or 0.0 for each in pictures),
        cpu_seconds=sum(each.cpu_seconds for each in pictures),
        peak_memory=max(each.peak_memory for each in pictures),
        speeds={
            **_speeds_of(place, chunks),
            "join": plan.frames * len(plan.renditions) / max(ended - joining, 0.001),
            "transfer": size / max(joining - fetching, 0.001),
        },
    )


def _best(place: Workplace, entry: Path) -> Path:
    """The file with the largest picture."""
    return entry if place.plan.package == "file" else entry.with_name(f"{place.plan.renditions[-1].name}.mp4")


def _package_folder(place: Workplace) -> Path:
    """An empty one."""
    folder = place.folder / "package"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _joined(place: Workplace, worker: Worker, chunks: Sequence[TranscodeChunk]) -> dict[str, Path]:
    """The whole picture of every rendition."""
    joined: dict[str, Path] = {}
    for number, rendition in enumerate(place.plan.renditions):
        paths = [place.path_of(chunk, file) for chunk in chunks for file in chunk.files if file.role == rendition.name]
        joined[rendition.name] = place.folder / f"{rendition.name}.mp4"
        path = joined[rendition.name]
        frames = join_chunks(paths, path, place.plan.frame_rate, should_cancel=lambda: worker.stopped)
        if frames != place.plan.frames:
            raise BrokenChunk(f"The joined film has {frames} frames where {place.plan.frames} were asked for.")
        worker.report((number + 1) / len(place.plan.renditions), "joining")
    return joined


def _sound(place: Workplace, chunks: Sequence[TranscodeChunk]) -> Path | None:
    return next((place.path_of(each, each.files[0]) for each in chunks if each.kind is ChunkKind.SOUND), None)


def _sidecars(place: Workplace, chunks: Sequence[TranscodeChunk], folder: Path) -> list[Sidecar]:
    """What was made beside the film, moved into the package."""
    files = [(chunk, file) for chunk in chunks if chunk.kind is ChunkKind.SIDECARS for file in chunk.files]
    for chunk, file in files:
        place.path_of(chunk, file).replace(folder / file.filename)
    return [Sidecar(kind=file.role, filename=file.filename) for _, file in files]


def _speeds_of(place: Workplace, chunks: Sequence[TranscodeChunk]) -> dict[str, float]:
    """What the chunks tell, by what encoded them."""
    plan, seconds = place.plan, float(place.plan.seconds)
    speeds: dict[str, float] = {}
    for encoder in ("cpu", "gpu"):
        of_it = [each for each in chunks if each.encoder == encoder and each.seconds]
        if of_it:
            frames, spent = sum(len(each.frames) for each in of_it), sum(each.seconds or 0 for each in of_it)
            speeds |= encode_speeds(plan.renditions, frames, spent, gpu=encoder == "gpu")
    for each in chunks:
        if each.kind is not ChunkKind.PICTURES and each.seconds:
            speeds[each.kind.value] = seconds / each.seconds
    return speeds
