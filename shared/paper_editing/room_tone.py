"""Room tone: how the place sounds when nobody speaks, for where the film shows something and its words are gone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.media.graph.counting import SAMPLE_RATE
from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.sound_profile import SILENT, STEP, SoundProfile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LENGTHS = (2 * SAMPLE_RATE, SAMPLE_RATE, SAMPLE_RATE // 2, SAMPLE_RATE // 5)
"""Samples. The longest that is about as still as the stillest: the longer, the less one hears it come again."""
_ABOUT = 12
"""Half decibels."""
_GUARD = SAMPLE_RATE // 20
"""Samples left out beside words, whose times are not that sure."""
_SEARCH = SAMPLE_RATE // 20
_HOLE = 40
"""Half decibels under the median of the quiet from which on the sound was switched off: that is not the room."""


@dataclass(frozen=True)
class RoomTone:
    """Samples `start` up to `end` of the recording, both at zero crossings."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """In samples."""
        return self.end - self.start


def find_room_tone(edit: PaperEdit, profile: SoundProfile) -> RoomTone | None:
    """The stillest stretch between words, of 2 s at the most and 0.2 s at the least; None where the talk leaves none.

    Stillest: whose loudest moment is the quietest."""
    levels = _room_levels(edit, profile)
    found = [(length, *best) for length in _LENGTHS if (best := _stillest(levels, length // STEP)) is not None]
    if not found:
        return None
    most = max(level for _, level, _ in found)
    length, _, step = next(each for each in found if each[1] >= most - _ABOUT)
    return _at_crossings(step * STEP, step * STEP + length, profile)


def _room_levels(edit: PaperEdit, profile: SoundProfile) -> "NDArray[np.uint8]":
    """The levels of the profile; 0, as loud as can be, where words are or may be, and where the sound was off."""
    import numpy as np

    told = np.frombuffer(profile.levels, np.uint8)
    levels = np.zeros_like(told)
    for start, end in edit.gaps:
        first, last = -(-(round(start * SAMPLE_RATE) + _GUARD) // STEP), (round(end * SAMPLE_RATE) - _GUARD) // STEP
        if first < last:
            levels[first:last] = told[first:last]
    quiet = levels[levels > 0]
    median = int(np.median(quiet)) if len(quiet) else SILENT
    if median < SILENT:
        levels[levels > median + _HOLE] = 0
    return levels


def _stillest(levels: "NDArray[np.uint8]", steps: int) -> tuple[int, int] | None:
    """The window of so many steps whose loudest is the quietest: that level, and its first step."""
    import numpy as np

    if len(levels) < steps:
        return None
    loudest, width = levels, 1
    while width * 2 <= steps:
        loudest = np.minimum(loudest[:-width], loudest[width:])
        width *= 2
    loudest = np.minimum(loudest[: len(levels) - steps + 1], loudest[steps - width :])
    step = int(loudest.argmax())
    return (int(loudest[step]), step) if loudest[step] > 0 else None


def _at_crossings(start: int, end: int, profile: SoundProfile) -> RoomTone:
    begins = profile.crossings(start, start + _SEARCH)
    ends = profile.crossings(end - _SEARCH, end)
    return RoomTone(begins[0] if begins else start, ends[-1] if ends else end)
