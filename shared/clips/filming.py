"""Filming: a clip's komposition becomes a file, rendered on this machine like any other komposition."""

from collections.abc import Callable
from pathlib import Path

from shared.clips.composing import RECORDING
from shared.kompositions import Komposition, SourceMedia
from shared.kompositions.passes import RenderProgress, render
from shared.media import MediaInfo


def film(
    komposition: Komposition,
    video: Path,
    info: MediaInfo,
    output: Path,
    *,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> None:
    """Render the komposition of a clip of `video` to `output`, which appears once it is whole. Raises what `render` raises."""

    def tell(progress: RenderProgress) -> None:
        on_progress(progress.fraction)

    render(
        komposition,
        {RECORDING: SourceMedia(video, info)},
        [output],
        on_progress=tell,
        should_cancel=should_cancel,
    )
