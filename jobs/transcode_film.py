"""The film: made in one run, or of the chunks that tasks have made, in the folder that becomes its package."""

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jobs.gpu import gpu_use
from jobs.transcode_place import Workplace
from shared.assets import Sidecar
from shared.core.settings import settings
from shared.jobs import Worker
from shared.media import RenderCancelled
from shared.media.chunking import BrokenChunk, encode_speeds, join_chunks
from shared.media.transcoding import TranscodePlan, package, transcode
from shared.transcodes import ChunkKind, TranscodeChunk


@dataclass(frozen=True)
class Film:
    """`entry` is the file that is played, `best` its largest picture; all files are in one folder.

    `encoders` have encoded its pictures, `decoders` decoded the source; `fell_back`: why one of them was not the GPU that was to
    do it. Seconds of encoding by the clock and of processors, all tasks together; bytes at the peak; blocks read and written;
    percent of the time in which a GPU worked, where there was one. `speeds`: what making it tells of later ones."""

    entry: Path
    best: Path
    sidecars: Sequence[Sidecar]
    encoders: frozenset[str]
    decoders: frozenset[str]
    fell_back: str | None
    chunks: int
    wall_seconds: float
    cpu_seconds: float
    peak_memory: int
    disk_operations: int
    gpu_usage: float | None
    speeds: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_package(self) -> bool:
        """Whether it is more than one file."""
        return any(path != self.entry for path in self.entry.parent.iterdir())


def made_differently(plan: TranscodePlan, chunks: Sequence[TranscodeChunk]) -> list[TranscodeChunk]:
    """The chunks that a GPU has made, where others were made by processors and both do not fit into one film.

    H.264 carries the settings of each encoder along; the other codecs have one set of them for a whole film."""
    pictures = [each for each in chunks if each.kind is ChunkKind.PICTURES]
    if len({each.encoder for each in pictures}) < 2 or all(each.codec == "h264" for each in plan.renditions):
        return []
    return [each for each in pictures if each.encoder == "gpu"]


def film_of_one_run(place: Workplace, worker: Worker) -> Film:
    """Make the film from end to end in this process; nothing of it is kept on the way."""
    started, plan, folder = time.monotonic(), place.plan, _package_folder(place)
    try:
        with gpu_use() as gpu:
            made = transcode(
                place.source,
                plan,
                folder,
                encoder=place.encoder,
                decoder=place.decoder,
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
        decoders=frozenset({made.decoder}),
        fell_back=made.fell_back,
        chunks=1,
        wall_seconds=made.wall_seconds,
        cpu_seconds=made.cpu_seconds,
        peak_memory=made.peak_memory,
        disk_operations=made.disk_operations,
        gpu_usage=gpu.percent,
        speeds=speeds,
    )


def film_of_chunks(place: Workplace, worker: Worker, chunks: Sequence[TranscodeChunk]) -> Film:
    """Join what all tasks have made. Raises Cancelled, LeaseLost and `UnreadableMedia`."""
    worker.report(0, "joining")
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
    return Film(
        entry=made[0],
        best=_best(place, made[0]),
        sidecars=_sidecars(place, chunks, folder),
        encoders=frozenset(each.encoder for each in pictures if each.encoder),
        decoders=frozenset(each.decoder for each in pictures if each.decoder),
        fell_back=next((each.fell_back for each in pictures if each.fell_back), None),
        chunks=len(pictures),
        wall_seconds=sum(each.seconds or 0.0 for each in pictures),
        cpu_seconds=sum(each.cpu_seconds for each in pictures),
        peak_memory=max(each.peak_memory for each in pictures),
        disk_operations=sum(each.disk_operations for each in pictures),
        gpu_usage=_mean_use(pictures),
        speeds={
            **_speeds_of(place, chunks),
            "join": plan.frames * len(plan.renditions) / max(ended - joining, 0.001),
        },
    )


def _mean_use(pictures: Sequence[TranscodeChunk]) -> float | None:
    """Percent of the time in which GPUs worked, of all tasks that have one."""
    told = [(each.gpu_usage, each.seconds or 0.0) for each in pictures if each.gpu_usage is not None]
    seconds = sum(spent for _, spent in told)
    return round(sum(percent * spent for percent, spent in told) / seconds, 1) if seconds else None


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
    files = [(chunk, file) for chunk in chunks if chunk.kind.beside for file in chunk.files]
    for chunk, file in files:
        place.path_of(chunk, file).replace(folder / file.filename)
    return [Sidecar(kind=file.role, filename=file.filename) for _, file in files]


def _speeds_of(place: Workplace, chunks: Sequence[TranscodeChunk]) -> dict[str, float]:
    """What the chunks tell, by what encoded them."""
    plan, seconds = place.plan, float(place.plan.seconds)
    speeds = {"transfer": place.transfer} if place.transfer is not None else {}
    for encoder in ("cpu", "gpu"):
        of_it = [each for each in chunks if each.encoder == encoder and each.seconds]
        if of_it:
            frames, spent = sum(len(each.frames) for each in of_it), sum(each.seconds or 0 for each in of_it)
            speeds |= encode_speeds(plan.renditions, frames, spent, gpu=encoder == "gpu")
    for each in chunks:
        if each.kind is ChunkKind.STILLS and each.seconds:
            speeds[each.kind.value] = each.seconds
        elif each.kind is not ChunkKind.PICTURES and each.seconds:
            speeds[each.kind.value] = seconds / each.seconds
    return speeds
