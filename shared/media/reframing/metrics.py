"""Metrics of a plan, from the plan and the faces alone: how restless it is, and whether its subjects are in the picture."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from shared.media.faces import FaceBox, FaceTrack
from shared.media.graph.scaling import Size
from shared.media.reframing.plan import PlannedShot, PlannedView, ReframeMetrics

_LINES = 1080
_STEP = 1 / 30
"""Seconds between the moments at which views are looked at."""
_STILL = 4.0
"""Pixels a second: slower is no motion that could turn round."""


def measure(shots: Sequence[PlannedShot], faces: Sequence[FaceTrack], shown: Size, scenes: int = 1) -> ReframeMetrics:
    """The metrics of shots of a picture of `shown` square pixels."""
    seconds = sum(shot.end - shot.start for shot in shots) or 1.0
    scale = (shown[0] / shown[1] * _LINES, float(_LINES))
    reversals, travel, fastest = 0, 0.0, 0.0
    for shot in shots:
        ways = [list(_speeds(view, shot, scale)) for view in shot.views]
        reversals += sum(_turns(speeds) for speeds in ways)
        # Two views that move are seen at once: their mean is what an eye has to follow.
        travel += sum(abs(speed) * _STEP for speeds in ways for speed in speeds) / max(1, len(ways))
        fastest = max([fastest, *(abs(speed) for speeds in ways for speed in speeds)])
    return ReframeMetrics(
        reversals_per_second=round(reversals / seconds, 4),
        travel_per_second=round(travel / seconds, 2),
        top_speed=round(fastest, 2),
        subject_in_frame=round(_in_frame(shots, faces), 4),
        jumps=max(0, len(shots) - scenes),
        scenes=scenes,
    )


def _speeds(view: PlannedView, shot: PlannedShot, scale: tuple[float, float]) -> Iterator[float]:
    """Pixels a second along the axis on which a view moves, with their sign."""
    axis = 0 if len({point.x for point in view.path}) > 1 else 1
    if len({(point.x, point.y) for point in view.path}) < 2:
        return
    count = max(2, round((shot.end - shot.start) / _STEP))
    places = [view.corner(shot.start + number * _STEP)[axis] * scale[axis] for number in range(count)]
    yield from ((after - before) / _STEP for before, after in pairwise(places))


def _turns(speeds: Sequence[float]) -> int:
    signs = [speed > 0 for speed in speeds if abs(speed) > _STILL]
    return sum(1 for before, after in pairwise(signs) if before != after)


def _in_frame(shots: Sequence[PlannedShot], faces: Sequence[FaceTrack]) -> float:
    inside = count = 0
    for shot in shots:
        for face in faces:
            if face.id not in shot.subjects:
                continue
            for box in face.boxes:
                if shot.start <= box.at < shot.end:
                    count += 1
                    inside += shot.layout == "fit" or any(_within(box, view) for view in shot.views)
    return inside / count if count else 1.0


def _within(box: FaceBox, view: PlannedView) -> bool:
    x, y = view.corner(box.at)
    return x <= box.x and y <= box.y and box.x + box.width <= x + view.width and box.y + box.height <= y + view.height
