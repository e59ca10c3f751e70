"""The files that a render job makes: the film in all its outputs with its captions, or a preview."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from jobs.results import ResultFile
from shared.core.settings import settings
from shared.jobs import Worker
from shared.kompositions import Komposition, RenderMode
from shared.kompositions.drawing import caption_sidecar
from shared.kompositions.passes import (
    CloudCache,
    Rendered,
    RenderOptions,
    frames_in,
    preview_frame,
    preview_sheet,
    proxy_of,
    render,
)
from shared.kompositions.timing import plan_timeline
from shared.media import RenderCancelled, find_ffmpeg
from shared.media.graph import SourceMedia

WINDOW_SECONDS = 90.0
"""What one run of FFmpeg may take before its work is kept: so much is lost at most when a worker is killed."""


@dataclass(frozen=True)
class Made:
    """Everything that was made. `rendered` tells how, when it is a film."""

    mode: RenderMode
    files: Sequence[ResultFile]
    cache: CloudCache
    rendered: Rendered | None = None


def make_files(
    worker: Worker,
    komposition: Komposition,
    media: Mapping[str, SourceMedia],
    folder: Path,
    title: str,
    on_progress: Callable[[float], None],
) -> Made:
    """Write what the job asks for into `folder`. Raises Cancelled or LeaseLost when it is no longer ours, and KompoErrors."""
    mode = RenderMode(worker.job.inputs.get("mode", RenderMode.FINAL))
    try:
        match mode:
            case RenderMode.FRAME | RenderMode.SHEET:
                return _still(worker, komposition, media, folder, title, mode)
            case RenderMode.PROXY:
                return _film(worker, proxy_of(komposition, media), media, folder, title, on_progress, mode)
            case RenderMode.FINAL:
                return _film(worker, komposition, media, folder, title, on_progress, mode)
    except RenderCancelled:
        worker.check()
        raise


def _film(
    worker: Worker,
    komposition: Komposition,
    media: Mapping[str, SourceMedia],
    folder: Path,
    title: str,
    on_progress: Callable[[float], None],
    mode: RenderMode,
) -> Made:
    suffix = f" ({mode.value})" if mode is RenderMode.PROXY else ""
    names = [f"{output.name or title}{suffix}" for output in komposition.outputs]
    paths = [
        folder / f"render{f'-{index}' if index else ''}.{output.container}"
        for index, output in enumerate(komposition.outputs)
    ]
    cache = CloudCache(worker.job.user_id, paths)
    rendered = render(
        komposition,
        media,
        paths,
        cache=cache,
        options=RenderOptions(most_frames=frames_in(WINDOW_SECONDS, komposition.outputs, cache.speeds())),
        on_progress=lambda progress: on_progress(progress.fraction),
        should_cancel=lambda: worker.stopped,
        timeout=settings().render_timeout,
        ffmpeg=find_ffmpeg(),
    )
    files = [ResultFile.of(path, f"{name}{path.suffix}") for path, name in zip(paths, names, strict=True)]
    return Made(mode, [*files, *_captions(komposition, media, folder, title)], cache, rendered)


def _captions(
    komposition: Komposition, media: Mapping[str, SourceMedia], folder: Path, title: str
) -> Sequence[ResultFile]:
    """The captions that go beside the film, if there are any."""
    text = caption_sidecar(komposition, plan_timeline(komposition), media)
    if text is None:
        return []
    path = folder / "captions.vtt"
    path.write_text(text, encoding="utf-8")
    return [ResultFile.of(path, f"{title}.vtt")]


def _still(
    worker: Worker,
    komposition: Komposition,
    media: Mapping[str, SourceMedia],
    folder: Path,
    title: str,
    mode: RenderMode,
) -> Made:
    path = folder / f"{mode.value}.png"

    def stopped() -> bool:
        return worker.stopped

    if mode is RenderMode.FRAME:
        at = Fraction(str(worker.job.inputs.get("at", 0)))
        preview_frame(komposition, media, at, path, should_cancel=stopped, ffmpeg=find_ffmpeg())
    else:
        preview_sheet(komposition, media, path, should_cancel=stopped, ffmpeg=find_ffmpeg())
    return Made(mode, [ResultFile.of(path, f"{title} ({mode.value}).png")], CloudCache(worker.job.user_id))
