"""Making one chunk: encoded, checked, kept, and only then said to be done."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from jobs.gpu import gpu_use
from jobs.transcode_place import Workplace
from shared.core.errors import KompoError
from shared.core.settings import settings
from shared.jobs import JobError, judge
from shared.media import RenderCancelled, RunResult
from shared.media.chunking import BrokenChunk, check_chunk
from shared.media.transcoding import SidecarPiece, encode_pictures, encode_sound, make_sidecars
from shared.transcodes import Board, ChunkHold, ChunkKind, Made, TranscodeChunk, keep_files

TRIES = 3
"""A chunk that is not as it should be is made again, by whoever takes it, so often in all."""


def make_chunk(place: Workplace, board: Board, chunk: TranscodeChunk, stopped: Callable[[], bool]) -> None:
    """Make a chunk that this task has claimed, and say on the board how it went.

    When `stopped` says so it is left to others. Raises JobOver or ChunkLost, or the error for which it cannot be made: by
    anyone, or if that is transient by this task now."""
    hold = ChunkHold(place.job, chunk)
    try:
        with hold.beating():
            made = _make(place, chunk, hold, lambda: hold.stopped or stopped())
    except RenderCancelled:
        hold.check()
        board.release(chunk)
    except BrokenChunk as error:
        if chunk.attempts >= TRIES:
            board.fail(chunk, _told(chunk, error))
            raise
        board.release(chunk)
    except KompoError as error:
        if judge(error).transient:
            board.release(chunk)
        else:
            board.fail(chunk, _told(chunk, error))
        raise
    else:
        board.finish(chunk, made)
    finally:
        shutil.rmtree(place.folder_of(chunk), ignore_errors=True)


@dataclass(frozen=True)
class _Work:
    """What was made: files by their roles, by what, and what it cost."""

    files: Mapping[str, Path]
    cost: RunResult | None = None
    encoder: str | None = None
    decoder: str | None = None
    fell_back: str | None = None


def _make(place: Workplace, chunk: TranscodeChunk, hold: ChunkHold, stopped: Callable[[], bool]) -> Made:
    started, folder = time.monotonic(), place.folder_of(chunk)
    with gpu_use() as gpu:
        work = _worked(place, chunk, hold, stopped, folder)
    seconds = time.monotonic() - started
    return Made(
        keep_files(place.job, chunk, work.files),
        seconds,
        work.encoder,
        work.decoder,
        work.fell_back,
        cpu_seconds=work.cost.cpu_seconds if work.cost else 0.0,
        peak_memory=work.cost.peak_memory if work.cost else 0,
        disk_operations=work.cost.disk_operations if work.cost else 0,
        gpu_usage=gpu.percent,
    )


def _worked(
    place: Workplace, chunk: TranscodeChunk, hold: ChunkHold, stopped: Callable[[], bool], folder: Path
) -> _Work:
    match chunk.kind:
        case ChunkKind.PICTURES:
            return _pictures(place, chunk, hold, stopped, folder)
        case ChunkKind.SOUND:
            return _sound(place, hold, stopped, folder)
        case ChunkKind.STILLS | ChunkKind.SPRITES | ChunkKind.WAVEFORM:
            return _sidecars(place, hold, stopped, folder, cast("SidecarPiece", chunk.kind.value))


def _pictures(
    place: Workplace, chunk: TranscodeChunk, hold: ChunkHold, stopped: Callable[[], bool], folder: Path
) -> _Work:
    encoded = encode_pictures(
        place.plan,
        place.fetch_source(),
        chunk.frames,
        folder,
        encoder="cpu" if chunk.software else place.encoder,
        decoder=place.decoder,
        on_progress=hold.report,
        should_cancel=stopped,
        timeout=settings().render_timeout,
        ffmpeg=place.ffmpeg,
    )
    for name, path in encoded.paths.items():
        check_chunk(
            path,
            place.plan.rendition(name).size,
            len(chunk.frames),
            place.plan.frame_rate,
            sums=encoded.sums[name],
            decode="all" if encoded.encoder == "gpu" else "keys",
            should_cancel=stopped,
            ffmpeg=place.ffmpeg,
        )
    return _Work(encoded.paths, encoded.result, encoded.encoder, encoded.decoder, encoded.fell_back)


def _sound(place: Workplace, hold: ChunkHold, stopped: Callable[[], bool], folder: Path) -> _Work:
    path = folder / "sound"
    cost = encode_sound(
        place.plan,
        place.fetch_source(),
        path,
        on_progress=hold.report,
        should_cancel=stopped,
        timeout=settings().render_timeout,
        ffmpeg=place.ffmpeg,
    )
    return _Work({"sound": path}, cost)


def _sidecars(
    place: Workplace, hold: ChunkHold, stopped: Callable[[], bool], folder: Path, piece: SidecarPiece
) -> _Work:
    made = make_sidecars(
        place.plan,
        place.fetch_source(),
        folder,
        pieces=(piece,),
        on_progress=hold.report,
        should_cancel=stopped,
        timeout=settings().render_timeout,
        ffmpeg=place.ffmpeg,
    )
    return _Work({sidecar.kind: sidecar.path for sidecar in made})


def _told(chunk: TranscodeChunk, error: KompoError) -> JobError:
    """The error as the owner of the job reads it."""
    what = f"frames {chunk.start} to {chunk.stop}" if chunk.kind is ChunkKind.PICTURES else f"the {chunk.kind.value}"
    return JobError(type=type(error).__name__, detail=f"Making {what} failed: {error.detail}")
