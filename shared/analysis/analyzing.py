"""`analyze_media`: what is seen and heard in a file."""

from collections.abc import Callable
from pathlib import Path

from shared.analysis.media_analysis import MediaAnalysis
from shared.analysis.part import Span
from shared.media import probe


def analyze_media(
    path: Path,
    *,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
    faces: bool = True,
) -> MediaAnalysis:
    """What is seen and heard in a file. Raises `UnreadableMedia`, and `RenderCancelled` when `should_cancel` says so."""
    info = probe(path, hashed=False)
    scenes = (Span(start=0, end=info.duration),) if info.kind == "video" else ()
    on_progress(1.0)
    return MediaAnalysis(duration=info.duration, scenes=scenes)
