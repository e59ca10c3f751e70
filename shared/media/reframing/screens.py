"""Screens: recordings of a screen with the one who speaks small in a corner."""

from collections.abc import Sequence

from shared.media.reframing.subjects import Subject
from shared.media.reframing.watching import Watched

_LARGEST = 0.24
"""Of the picture's height: a face in a corner is no larger."""
_OUTSIDE = 0.3
"""Of the picture: how near to a corner the face is."""
_WANDERS = 0.12
_THERE = 0.5
"""Of the scene that the face is seen."""
_FLAT = 0.5
"""Of the picture that is of one colour with its neighbourhood, on a screen."""


def find_speaker(watched: Watched, scene: tuple[float, float], subjects: Sequence[Subject]) -> Subject | None:
    """Who speaks in the corner of a screen; None when this is no such scene."""
    if len(subjects) != 1:
        return None
    speaker = subjects[0]
    x, y = speaker.middle
    in_corner = min(x, 1 - x) < _OUTSIDE and min(y, 1 - y) < _OUTSIDE
    stays = speaker.end - speaker.start >= _THERE * (scene[1] - scene[0]) and max(speaker.wander) < _WANDERS
    if not (in_corner and stays and speaker.size[1] <= _LARGEST):
        return None
    flat = [each.flat for each in watched.interest if scene[0] <= each.at < scene[1]]
    return speaker if flat and sum(flat) / len(flat) >= _FLAT else None
