"""`look_at`: scenes and faces of a film, from one decode at low size."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from shared.analysis.media_analysis import FaceTrack
from shared.analysis.part import Span
from shared.analysis.picture.faces import INTERVAL, SIDE, FaceFinder
from shared.analysis.picture.frames import STAMP, Frames, Times
from shared.analysis.picture.scenes import WIDTH, SceneDetector
from shared.media import StreamInfo, tap_graph
from shared.media.faces import find_detector

if TYPE_CHECKING:
    import numpy as np

_SPARING = ("-skip_loop_filter:v", "all", "-max_error_rate", "1")
"""Blocks are not smoothed: at this size nobody sees it. What cannot be decoded is passed over."""
_NOW_AND_THEN = (
    f"select='isnan(prev_selected_t)+gt(floor(t/{float(INTERVAL)}),floor(prev_selected_t/{float(INTERVAL)}))',"
)
"""The first frame of every interval."""


@dataclass(frozen=True)
class Seen:
    """What is seen in a film."""

    scenes: tuple[Span, ...]
    faces: tuple[FaceTrack, ...]


@dataclass
class _Sight:
    """One way of looking at the film: small pictures of it, in a pipe of their own, and their times in another."""

    name: str
    stream: StreamInfo
    side: int
    format: str
    look: "Callable[[int, np.ndarray], None]"
    chosen: str = ""
    times: Times = field(default_factory=Times)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, the longer side `side`: as the film is seen, upright and in square pixels."""
        width, height = self.stream.display_size
        scale = self.side / max(width, height)
        return max(2, round(width * scale)), max(2, round(height * scale))

    @property
    def filters(self) -> str:
        width, height = self.size
        scaled = f"scale={width}:{height}:flags=fast_bilinear,format={self.format}"
        return f"[{self.name}_in]{self.chosen}{scaled}[{self.name}_out]"

    @property
    def output(self) -> tuple[str, ...]:
        told = ("-stats_enc_pre", f"{{{self.name}_times}}", "-stats_enc_pre_fmt", STAMP)
        return (
            "-map",
            f"[{self.name}_out]",
            "-fps_mode",
            "passthrough",
            *told,
            "-f",
            "rawvideo",
            f"{{{self.name}_frames}}",
        )

    def taps(self) -> Iterator[tuple[str, Callable[[bytes], None]]]:
        width, height = self.size
        shape = (height, width) if self.format == "gray" else (height, width, 3)
        yield f"{self.name}_frames", Frames(shape, self.look).read
        yield f"{self.name}_times", self.times.read


def look_at(
    path: Path,
    stream: StreamInfo,
    duration: float,
    *,
    faces: bool,
    on_progress: Callable[[float], None],
    should_cancel: Callable[[], bool],
) -> Seen:
    """What is seen in the moving pictures of a file. Raises as `tap_graph` and `find_detector`."""
    cuts = SceneDetector()
    sights = [_Sight("scene", stream, WIDTH, "bgr24", cuts.look)]
    if faces:
        detector = find_detector(profiles=False)
        finder = FaceFinder(detector)
        sights.append(_Sight("face", stream, SIDE, detector.colors, finder.look, _NOW_AND_THEN))
    split = f"[0:{stream.index}]split={len(sights)}" + "".join(f"[{sight.name}_in]" for sight in sights)
    graph = ";".join([split, *(sight.filters for sight in sights)])
    outputs = [argument for sight in sights for argument in sight.output]
    tap_graph(
        [*_SPARING, "-i", str(path.absolute()), "-filter_complex", graph, *outputs],
        dict(tap for sight in sights for tap in sight.taps()),
        duration=duration,
        on_progress=lambda progress: on_progress(progress.fraction),
        should_cancel=should_cancel,
    )
    scenes = cuts.scenes(sights[0].times.seconds(), duration)
    return Seen(scenes, finder.tracks(sights[1].times.seconds(), scenes) if faces else ())
