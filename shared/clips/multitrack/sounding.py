"""Sounding: which recordings are heard, and how loud when."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.clips.multitrack.levels import STEPS
from shared.clips.multitrack.pieces import Piece
from shared.clips.multitrack.recording import Placed, RecordingRole
from shared.clips.multitrack.talking import runs
from shared.kompositions.model import Keyframe, Time
from shared.kompositions.model.time import Unit

if TYPE_CHECKING:
    from shared.clips.multitrack.talking import Talking

_DOWN = 0.2
"""The volume of a microphone whose owner listens."""
_OPENS, _CLOSES, _RAMP = 0.25, 0.6, 0.1
"""Seconds that it is open before and after its owner talks, and that it takes."""
_MOST = 480
"""Keyframes, four for each time that it opens."""


def sounding(placed: Sequence[Placed]) -> set[str]:
    """The ids of the recordings that are heard. A screen or a mix that has everybody's voice once more is not."""
    own = {
        each.recording.id for each in placed if each.recording.role is RecordingRole.SPEAKER and each.recording.heard
    }
    others = {
        each.recording.id
        for each in placed
        if each.recording.role is not RecordingRole.SPEAKER and each.recording.heard and not (own and each.sync.found)
    }
    return own | others


def automixed(piece: Piece, talking: "Talking", rate: Fraction) -> float | list[Keyframe]:
    """The volume of a piece: down while its owner listens."""
    begin, end = float(piece.first / rate), float(piece.end / rate)
    spoken = [(start / STEPS - _OPENS, stop / STEPS + _CLOSES) for start, stop in runs(talking)]
    heard = _apart([(start - begin, stop - begin) for start, stop in spoken if stop > begin and start < end])
    if not heard:
        return _DOWN
    frames: list[tuple[float, float]] = []
    for start, stop in heard:
        frames += [(start - _RAMP, _DOWN), (start, 1.0), (stop, 1.0), (stop + _RAMP, _DOWN)]
    return [Keyframe(at=_millis(at), value=value) for at, value in _from_zero(frames)]


def _apart(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans with time for two ramps between them, the closest ones joined until they are few enough."""
    joined = list(spans)
    while len(joined) > 1:
        gaps = [after[0] - before[1] for before, after in pairwise(joined)]
        place = min(range(len(gaps)), key=gaps.__getitem__)
        if gaps[place] > 4 * _RAMP and 4 * len(joined) <= _MOST:
            break
        joined[place : place + 2] = [(joined[place][0], max(joined[place][1], joined[place + 1][1]))]
    return joined


def _from_zero(frames: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Keyframes none of which is before 0: what is there at 0 is said there."""
    before = [value for at, value in frames if at <= 0]
    later = [(at, value) for at, value in frames if at > 0]
    return [(0.0, before[-1]), *later] if before else later


def _millis(at: float) -> Time:
    return Time(Fraction(round(at * 1000), 1000), Unit.SECONDS)
