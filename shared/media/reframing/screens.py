"""Screens: recordings of a screen with the one who speaks small in a corner."""

from collections.abc import Sequence

from shared.media.faces import FaceTrack
from shared.media.reframing.interest import Interest
from shared.media.reframing.watching import Watched

_LARGEST = 0.2
"""Of the picture's height: a face in a corner is no larger."""
_BESIDE, _ABOVE = 0.26, 0.34
"""Of the picture: how near to a corner the middle of the face is, across and down."""
_WANDERS = 0.12
_THERE = 0.5
"""Of the scene that the face is seen."""
_FLAT = 0.5
"""Of a screen that is of one colour with its neighbourhood."""
_FAR = 2.5
"""Widths of the face: what is further aside does not belong to the one who speaks."""
_DRAWN, _WIDELY = 0.01, 0.4
"""Of a column that is the edge of a line or a letter where there is one; of the columns far from the face that have them."""


def find_speaker(watched: Watched, scene: tuple[float, float], subjects: Sequence[FaceTrack]) -> FaceTrack | None:
    """Who speaks in the corner of a screen; None when this is no such scene."""
    if len(subjects) != 1:
        return None
    speaker = subjects[0]
    x, y = speaker.middle
    in_corner = min(x, 1 - x) < _BESIDE and min(y, 1 - y) < _ABOVE
    stays = speaker.end - speaker.start >= _THERE * (scene[1] - scene[0]) and max(speaker.wander) < _WANDERS
    if not (in_corner and stays and speaker.size[1] <= _LARGEST):
        return None
    seen = [each for each in watched.interest if scene[0] <= each.at < scene[1]]
    return speaker if seen and all(_is_screen(each, speaker) for each in seen) else None


def _is_screen(seen: Interest, speaker: FaceTrack) -> bool:
    """Whether a picture is even where nothing is drawn, and has lines and letters far from the one who speaks."""
    import numpy as np

    at = (np.arange(len(seen.sharp)) + 0.5) / len(seen.sharp)
    far = seen.sharp[np.abs(at - speaker.middle[0]) > _FAR * speaker.size[0]]
    return seen.flat >= _FLAT and far.size > 0 and float((far >= _DRAWN).mean()) >= _WIDELY
