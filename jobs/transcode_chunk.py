"""Making one chunk: encoded, checked, kept, and only then said to be done."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from jobs.transcode_place import Workplace
from shared.core.errors import KompoError
from shared.core.settings import settings
from shared.jobs import JobError, judge
from shared.media import RenderCancelled
from shared.media.chunking import BrokenChunk, check_chunk
from shared.media.transcoding import encode_pictures, encode_sound, make_sidecars
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


def _make(place: Workplace, chunk: TranscodeChunk, hold: ChunkHold, stopped: Callable[[], bool]) -> Made:
    started, folder = time.monotonic(), place.folder_of(chunk)
    encoder, fell_back = None, None
    match chunk.kind:
        case ChunkKind.PICTURES:
            files, encoder, fell_back = _pictures(place, chunk, hold, stopped, folder)
        case ChunkKind.SOUND:
            files = _sound(place, hold, stopped, folder)
        case ChunkKind.SIDECARS:
            files = _sidecars(place, hold, stopped, folder)
    seconds = time.monotonic() - started
    return Made(keep_files(place.job, chunk, files), seconds, encoder, fell_back)


def _pictures(
    place: Workplace, chunk: TranscodeChunk, hold: ChunkHold, stopped: Callable[[], bool], folder: Path
) -> tuple[dict[str, Path], str, str | None]:
    encoded = encode_pictures(
        place.plan,
        place.fetch_source(),
        chunk.frames,
        folder,
        encoder=place.encoder,
        on_progress=hold.report,
        should_cancel=stopped,
        timeout=settings().render_timeout,
        ffmpeg=place.ffmpeg,
    )
    for name, path in encoded.paths.items():
        size = place.plan.rendition(name).size
        check_chunk(path, size, len(chunk.frames), place.plan.frame_rate, should_cancel=stopped, ffmpeg=place.ffmpeg)
    return dict(encoded.paths), encoded.encoder, encoded.fell_back


def _sound(place: Workplace, hold: ChunkHold, stopped: Callable[[], bool], folder: Path) -> dict[str, Path]:
    path = folder / "sound.mp4"
    encode_sound(
        place.plan,
        place.fetch_source(),
        path,
        on_progress=hold.report,
        should_cancel=stopped,
        timeout=settings().render_timeout,
        ffmpeg=place.ffmpeg,
    )
    return {"sound": path}


def _sidecars(place: Workplace, hold: ChunkHold, stopped: Callable[[], bool], folder: Path) -> dict[str, Path]:
    made = make_sidecars(
        place.plan,
        place.fetch_source(),
        folder,
        on_progress=hold.report,
        should_cancel=stopped,
        timeout=settings().render_timeout,
        ffmpeg=place.ffmpeg,
    )
    return {sidecar.kind: sidecar.path for sidecar in made}


def _told(chunk: TranscodeChunk, error: KompoError) -> JobError:
    """The error as the owner of the job reads it."""
    what = f"frames {chunk.start} to {chunk.stop}" if chunk.kind is ChunkKind.PICTURES else f"the {chunk.kind.value}"
    return JobError(type=type(error).__name__, detail=f"Making {what} failed: {error.detail}")
