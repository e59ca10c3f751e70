"""Tracking: the same face from picture to picture.

A box goes on the track that it lies on best, by overlap, or by nearness where a face moves quickly. A track ends at a cut and
when its face is not seen for a while; one that was seen seldom was no face."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot

from shared.media.faces.boxes import FaceBox, FaceTrack, SeenFaces

MISSED_SECONDS = 1.0
"""A face that is not found for longer begins a new track."""
CONFIRMATIONS = 3
"""Boxes that make a track."""
_LEAST_FOUND = 0.4
"""Of the pictures between a track's first and last box: with fewer it is a pattern that now and then looks like a face."""
_LEAST_OVERLAP = 0.2
_REACH = 0.75
"""Of its size: how far a face may have gone between two pictures without any overlap."""
_GROWTH = 1.6
"""Times as large or as small a face may be in the next picture."""


def track_faces(seen: Sequence[SeenFaces], cuts: Sequence[float] = ()) -> tuple[FaceTrack, ...]:
    """The tracks in order of their beginning. `cuts` are the moments, in order, at which another scene begins."""
    live: list[_Track] = []
    ended: list[_Track] = []
    scene = 0
    for picture in seen:
        here = bisect_right(cuts, picture.at)
        live, over = _parted(live, picture.at, same_scene=here == scene)
        ended += over
        scene = here
        _assign(live, picture)
    kept = sorted((track for track in (*ended, *live) if track.is_face), key=lambda track: track.boxes[0].at)
    return tuple(FaceTrack(number, tuple(track.boxes)) for number, track in enumerate(kept))


@dataclass(eq=False)
class _Track:
    boxes: list[FaceBox]
    looked: int = 1
    """Pictures since it began."""
    found_at: int = field(default=1)
    """`looked` when it was last found."""

    @property
    def is_face(self) -> bool:
        return len(self.boxes) >= CONFIRMATIONS and len(self.boxes) >= _LEAST_FOUND * self.found_at

    def fit(self, box: FaceBox) -> float:
        """How well a box goes on: 0 not at all, above 1 with overlap."""
        last = self.boxes[-1]
        if max(last.area, box.area) > _GROWTH**2 * min(last.area, box.area):
            return 0.0
        if (overlap := last.overlap(box)) >= _LEAST_OVERLAP:
            return 1 + overlap
        missed = self.looked - self.found_at
        away = hypot(
            (box.center[0] - last.center[0]) / max(last.width, box.width),
            (box.center[1] - last.center[1]) / max(last.height, box.height),
        )
        return max(0.0, 1 - away / (_REACH * missed)) if missed else 0.0


def _parted(tracks: list[_Track], at: float, *, same_scene: bool) -> tuple[list[_Track], list[_Track]]:
    """Those that go on, and those that have ended."""
    live = [track for track in tracks if same_scene and at - track.boxes[-1].at <= MISSED_SECONDS]
    return live, [track for track in tracks if track not in live]


def _assign(tracks: list[_Track], picture: SeenFaces) -> None:
    """Every box to the track that it fits best, the best pair first; what is left over begins tracks."""
    for track in tracks:
        track.looked += 1
    pairs = sorted(
        ((fit, place, track) for place, box in enumerate(picture.boxes) for track in tracks if (fit := track.fit(box))),
        key=lambda pair: -pair[0],
    )
    placed: set[int] = set()
    found: list[_Track] = []
    for _, place, track in pairs:
        if place not in placed and track not in found:
            track.boxes.append(picture.boxes[place])
            track.found_at = track.looked
            placed.add(place)
            found.append(track)
    tracks += [_Track([box]) for place, box in enumerate(picture.boxes) if place not in placed]
