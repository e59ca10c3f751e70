"""The whole of it: pictures, sound, package and sidecars of a film, by one process."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Literal, TypedDict, TypeVar

from shared.media.errors import RenderCancelled
from shared.media.ffmpeg import Ffmpeg
from shared.media.limits import time_left
from shared.media.partials import scratch
from shared.media.runner import RunResult
from shared.media.transcoding.packaging import package
from shared.media.transcoding.pictures import Encoded, encode_pictures
from shared.media.transcoding.plan import TranscodePlan
from shared.media.transcoding.sidecars import Sidecar, make_sidecars
from shared.media.transcoding.sound import encode_sound

_Made = TypeVar("_Made")
_PICTURES = 0.95
"""Of the whole, as progress tells it, that encoding pictures takes; sound and sidecars are made meanwhile."""


@dataclass(frozen=True)
class Transcoded:
    """`entry` is what is played; `files` are all that it consists of. `encoder`: what encoded the pictures, `decoder`: what
    decoded the source; `fell_back`: why it was not the GPU that was to do it. Seconds by the clock, and of processors while
    pictures and sound were encoded; bytes at the peak of encoding pictures; blocks that encoding read from and wrote to disks."""

    entry: Path
    files: tuple[Path, ...]
    sidecars: tuple[Sidecar, ...]
    encoder: Literal["cpu", "gpu"]
    decoder: Literal["cpu", "gpu"]
    fell_back: str | None
    wall_seconds: float
    cpu_seconds: float
    peak_memory: int
    disk_operations: int

    @property
    def size(self) -> int:
        """Bytes of what is played."""
        return sum(path.stat().st_size for path in self.files)


def transcode(
    source: Path,
    plan: TranscodePlan,
    folder: Path,
    *,
    encoder: Literal["cpu", "gpu"] = "cpu",
    decoder: Literal["cpu", "gpu"] = "cpu",
    on_progress: Callable[[float], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> Transcoded:
    """Make all that `plan` says of `source`, into the folder `folder`, which is there; nothing is there unless all is made.

    `on_progress` hears how far it is, from 0 to 1; `should_cancel` is asked from several threads. Raises what `run_graph`
    raises."""
    with scratch(folder) as aside:
        work = _Work(plan, source, aside, encoder, decoder, should_cancel, timeout, ffmpeg)
        encoded, sound, sidecars = _all_at_once(work, on_progress)
        files = package(plan, encoded.paths, sound.outputs[0] if sound else None, folder, **work.limits())
        beside = tuple(Sidecar(each.kind, each.path.replace(folder / each.path.name)) for each in sidecars)
    if on_progress is not None:
        on_progress(1.0)
    return Transcoded(
        entry=files[0],
        files=files,
        sidecars=beside,
        encoder=encoded.encoder,
        decoder=encoded.decoder,
        fell_back=encoded.fell_back,
        wall_seconds=monotonic() - work.started,
        cpu_seconds=encoded.result.cpu_seconds + (sound.cpu_seconds if sound else 0.0),
        peak_memory=encoded.result.peak_memory,
        disk_operations=encoded.result.disk_operations + (sound.disk_operations if sound else 0),
    )


class _Limits(TypedDict):
    should_cancel: Callable[[], bool]
    timeout: float | None
    ffmpeg: Ffmpeg | None


@dataclass(frozen=True)
class _Work:
    """What every part works with. When one fails, all stop."""

    plan: TranscodePlan
    source: Path
    scratch: Path
    encoder: Literal["cpu", "gpu"]
    decoder: Literal["cpu", "gpu"]
    should_cancel: Callable[[], bool] | None
    timeout: float | None
    ffmpeg: Ffmpeg | None
    started: float = field(default_factory=monotonic)
    failed: Event = field(default_factory=Event)

    def limits(self) -> _Limits:
        """What every run of FFmpeg keeps to. Raises `RenderTimeout` when there is no time for one."""
        left = time_left(self.timeout, self.started, "transcode")
        return {"should_cancel": self._stopped, "timeout": left, "ffmpeg": self.ffmpeg}

    def do(self, part: Callable[[], _Made]) -> _Made:
        """What `part` makes."""
        try:
            return part()
        except BaseException:
            self.failed.set()
            raise

    def _stopped(self) -> bool:
        return self.failed.is_set() or (self.should_cancel is not None and self.should_cancel())


def _all_at_once(
    work: _Work, on_progress: Callable[[float], None] | None
) -> tuple[Encoded, RunResult | None, tuple[Sidecar, ...]]:
    plan, source = work.plan, work.source

    def sound() -> RunResult | None:
        return encode_sound(plan, source, work.scratch / "sound", **work.limits()) if plan.sound else None

    def sidecars() -> tuple[Sidecar, ...]:
        folder = work.scratch / "beside"
        folder.mkdir()
        return make_sidecars(plan, source, folder, **work.limits())

    def pictures() -> Encoded:
        return encode_pictures(
            plan,
            source,
            range(plan.frames),
            work.scratch,
            encoder=work.encoder,
            decoder=work.decoder,
            on_progress=on_progress and (lambda fraction: on_progress(fraction * _PICTURES)),
            **work.limits(),
        )

    # It gives its classes their methods while it is imported, which several threads must not see.
    import_module("ffmpeg")
    with ThreadPoolExecutor(2) as pool:
        heard, beside = pool.submit(work.do, sound), pool.submit(work.do, sidecars)
        try:
            encoded = work.do(pictures)
        except RenderCancelled:
            for other in (heard, beside):
                other.result()  # Raises why, where that is why the pictures were stopped.
            raise
        return encoded, heard.result(), beside.result()
