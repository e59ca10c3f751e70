"""Scenes: from cut to cut, by PySceneDetect's adaptive detector, in presentation times.

The detector compares every frame with the ones around it, counted, not timed; what it finds is told in the times of the frames
themselves, so that a film whose frames come unevenly has its cuts where a player shows them."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.analysis.part import Span

if TYPE_CHECKING:
    import numpy as np

WIDTH = 128
"""Pixels of the longer side of the pictures that are compared: cuts show at any size."""
SHORTEST = Fraction(6, 10)
"""Seconds: what is shorter is no scene but a flash, and belongs to the one before."""
_RATE = 25


class SceneDetector:
    """Is shown every frame in turn, as BGR."""

    def __init__(self) -> None:
        from scenedetect import AdaptiveDetector

        self._detector = AdaptiveDetector(min_scene_len=0)
        self._cuts: list[int] = []

    def look(self, number: int, frame: "np.ndarray") -> None:
        """Look at the next frame."""
        from scenedetect import FrameTimecode

        found = self._detector.process_frame(FrameTimecode(number, fps=float(_RATE)), frame)
        self._cuts += [cut.frame_num for cut in found]

    def scenes(self, times: Sequence[Fraction], duration: float) -> tuple[Span, ...]:
        """What lies between the cuts, without gaps, from 0 to `duration`. `times`: of all frames that were looked at."""
        starts = [Fraction(0)]
        for cut in self._cuts:
            if cut < len(times) and times[cut] - starts[-1] >= SHORTEST:
                starts.append(times[cut])
        edges = [*(float(start) for start in starts if start < duration), duration]
        return tuple(Span(start=start, end=end) for start, end in pairwise(edges))
