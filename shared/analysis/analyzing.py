"""`analyze_media`: what is seen and heard in a file."""

from collections.abc import Callable
from pathlib import Path

from shared.analysis.media_analysis import MediaAnalysis
from shared.analysis.picture import look_at
from shared.analysis.sound import listen_to
from shared.media import probe

_SOUND = 0.2
"""Share of the work that listening takes where there are moving pictures as well."""


def analyze_media(
    path: Path,
    *,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
    faces: bool = True,
) -> MediaAnalysis:
    """What is seen and heard in a file. What cannot be decoded of it is passed over; memory grows little with its length.

    `on_progress` is told 0 to 1; `should_cancel` is asked ten times a second, and `RenderCancelled` raised when it says so.
    Raises `UnreadableMedia`."""
    info = probe(path, hashed=False)
    video = info.video if info.kind == "video" else None
    share = (_SOUND if video else 1.0) if info.audio else 0.0
    analysis = MediaAnalysis(duration=info.duration)
    if info.audio is not None:
        heard = listen_to(
            path,
            info.audio,
            info.duration,
            on_progress=lambda done: _tell(on_progress, done * share),
            should_cancel=should_cancel,
        )
        analysis = analysis.model_copy(update=vars(heard))
    if video is not None:
        seen = look_at(
            path,
            video,
            info.duration,
            faces=faces,
            on_progress=lambda done: _tell(on_progress, share + done * (1 - share)),
            should_cancel=should_cancel,
        )
        analysis = analysis.model_copy(update=vars(seen))
    on_progress(1.0)
    return analysis


def _tell(on_progress: Callable[[float], object], done: float) -> None:
    on_progress(done)
