"""Work: what every sidecar is made with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from time import monotonic

from shared.media.errors import RenderTimeout
from shared.media.ffmpeg import Ffmpeg
from shared.media.runner import run_graph
from shared.media.transcoding.plan import TranscodePlan


@dataclass(frozen=True)
class Sidecar:
    """A file beside the film, and what it is."""

    kind: str
    path: Path


@dataclass(frozen=True)
class Work:
    """The film, and the folder into which its sidecars go."""

    plan: TranscodePlan
    source: Path
    folder: Path
    should_cancel: Callable[[], bool] | None = None
    timeout: float | None = None
    ffmpeg: Ffmpeg | None = None
    started: float = field(default_factory=monotonic)

    def run(
        self,
        arguments: list[str],
        seconds: Fraction,
        output: Path | tuple[Path, ...],
        on_progress: Callable[[float], None] | None = None,
    ) -> None:
        """Run FFmpeg. Raises what `run_graph` raises."""
        left = None if self.timeout is None else self.timeout - (monotonic() - self.started)
        if left is not None and left <= 0:
            raise RenderTimeout(f"The pictures beside the film took longer than {self.timeout:g} seconds.")
        run_graph(
            arguments,
            duration=seconds,
            output=output,
            on_progress=on_progress and (lambda progress: on_progress(progress.fraction)),
            should_cancel=self.should_cancel,
            timeout=left,
            ffmpeg=self.ffmpeg,
        )
