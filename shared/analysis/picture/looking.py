"""`look_at`: scenes and faces of a film, from decodes at low size that leave out what they can."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from shared.analysis.media_analysis import FaceTrack
from shared.analysis.part import Span
from shared.analysis.picture.faces import INTERVAL, SIDE, FaceFinder
from shared.analysis.picture.frames import STAMP, Frames, Times
from shared.analysis.picture.scenes import WIDTH, Differences, first_frames, scenes_between
from shared.analysis.picture.settling import settle
from shared.media import StreamInfo, tap_graph
from shared.media.faces import find_detector

if TYPE_CHECKING:
    import numpy as np

_SPARING = ("-skip_loop_filter:v", "all", "-max_error_rate", "1")
"""Blocks are not smoothed: at this size nobody sees it. What cannot be decoded is passed over."""
_FIRST = 0.8
"""Share of the work that the first look takes."""
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
    differences = Differences()
    scene = _Sight("scene", stream, WIDTH, "bgr24", differences.look)
    sights = [scene]
    if faces:
        detector = find_detector(profiles=False)
        finder = FaceFinder(detector)
        sights.append(_Sight("face", stream, SIDE, detector.colors, finder.look, _NOW_AND_THEN))

    def settled(done: float) -> None:
        on_progress(_FIRST + done * (1 - _FIRST))

    _look(path, sights, duration, lambda done: on_progress(done * _FIRST), should_cancel, skipped="bidir")
    cuts = settle(path, stream, scene.size, differences.values, scene.times.seconds(), settled, should_cancel)
    if cuts is None:
        whole = Differences()
        scene = _Sight("scene", stream, WIDTH, "bgr24", whole.look)
        _look(path, [scene], duration, settled, should_cancel)
        times = scene.times.seconds()
        cuts = [times[number] for number in first_frames(whole.values) if number < len(times)]
    scenes = scenes_between(cuts, duration)
    return Seen(scenes, finder.tracks(sights[-1].times.seconds(), scenes) if faces else ())


def _look(
    path: Path,
    sights: Sequence[_Sight],
    duration: float,
    on_progress: Callable[[float], None],
    should_cancel: Callable[[], bool],
    *,
    skipped: str = "default",
) -> None:
    """One decode of a film, of which frames are `skipped` as FFmpeg names them, and what every sight has of it."""
    split = f"[0:{sights[0].stream.index}]split={len(sights)}" + "".join(f"[{sight.name}_in]" for sight in sights)
    graph = ";".join([split, *(sight.filters for sight in sights)])
    outputs = [argument for sight in sights for argument in sight.output]
    tap_graph(
        [*_SPARING, "-skip_frame:v", skipped, "-i", str(path.absolute()), "-filter_complex", graph, *outputs],
        dict(tap for sight in sights for tap in sight.taps()),
        duration=duration,
        on_progress=lambda progress: on_progress(progress.fraction),
        should_cancel=should_cancel,
    )
