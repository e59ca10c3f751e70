"""Scenes: from cut to cut, by the measure and the thresholds of PySceneDetect's adaptive detector, in presentation times.

A frame is compared with the one before it, and how much it differs with how much the frames around it do: counted, not timed.
What is found is told in the times of the frames themselves, so that a film whose frames come unevenly has its cuts where a player
shows them."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.analysis.part import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH = 128
"""Pixels of the longer side of the pictures that are compared: cuts show at any size."""
SHORTEST = Fraction(6, 10)
"""Seconds: what is shorter is no scene but a flash, and belongs to the one before."""
LEAST = 15.0
"""How much a frame that begins a scene differs at least from the one before it: mean of hue, saturation and value, of 255."""
TIMES = 3.0
"""How many times more it does so than the frames around it."""
AROUND = 2
"""Frames before it, and after it, that it is compared with."""
_MOST = 255.0


class Differences:
    """Is shown every frame in turn, as BGR; remembers how much each differs from the one before it, 0 to 255."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self._last: NDArray[np.uint8] | None = None

    def look(self, _number: int, frame: "np.ndarray") -> None:
        """Look at the next frame."""
        import cv2
        import numpy as np

        now = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2HSV), np.uint8)
        last, self._last = self._last, now
        self.values.append(0.0 if last is None else sum(cv2.mean(cv2.absdiff(now, last))[:3]) / 3)


def contrasts(differences: Sequence[float]) -> "NDArray[np.float64]":
    """How many times more each frame differs from the one before it than the frames around it do: 0 to 255, and 0 for those that
    have not enough frames around them."""
    import numpy as np

    own = np.asarray(differences, np.float64)
    found = np.zeros(len(own))
    if len(own) <= 2 * AROUND:
        return found
    windows = np.lib.stride_tricks.sliding_window_view(own, 2 * AROUND + 1)
    middle = windows[:, AROUND]
    mean = (windows.sum(axis=1) - middle) / (2 * AROUND)
    still = mean < 1e-5
    found[AROUND:-AROUND] = np.where(
        still, np.where(middle >= LEAST, _MOST, 0), np.minimum(middle / np.where(still, 1, mean), _MOST)
    )
    return found


def first_frames(differences: Sequence[float]) -> list[int]:
    """The numbers of the frames with which scenes begin, from how much every frame of the film differs from the one before it."""
    import numpy as np

    begins = (contrasts(differences) >= TIMES) & (np.asarray(differences, np.float64) >= LEAST)
    return [int(number) for number in np.flatnonzero(begins)]


def scenes_between(cuts: Sequence[Fraction], duration: float) -> tuple[Span, ...]:
    """What lies between the cuts, which are in order, without gaps, from 0 to `duration`."""
    starts = [Fraction(0)]
    for cut in cuts:
        if cut - starts[-1] >= SHORTEST:
            starts.append(cut)
    edges = [*(float(start) for start in starts if start < duration), duration]
    return tuple(Span(start=start, end=end) for start, end in pairwise(edges))
