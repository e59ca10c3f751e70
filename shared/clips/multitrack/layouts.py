"""Layouts: what is seen while somebody has the floor, by who and what is recorded then."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from shared.clips.multitrack.look import MultitrackLook
from shared.clips.multitrack.recording import Placed, RecordingRole
from shared.clips.multitrack.turns import Turn
from shared.kompositions.model import Layout, Time
from shared.kompositions.model.time import Unit

MAX_LAYOUTS = 1000
"""As many as a komposition may have."""
_MOST_AT_ONCE = 9


def layouts_of(
    turns: Sequence[Turn], placed: Sequence[Placed], look: MultitrackLook, rate: Fraction, frames: int
) -> list[Layout]:
    """The layouts of a film of so many frames, one after the other. `turns` speak of the speakers in `placed`, in order."""
    speakers = [each for each in placed if each.recording.role is RecordingRole.SPEAKER]
    told: list[tuple[int, Layout | None]] = []
    for first, turn in _cut(turns, placed, rate, frames):
        moment = (first + Fraction(1, 2)) / rate
        on = [speakers[place] for place in turn.speakers]
        layout = _layout(on, [each for each in placed if _there(each, moment)], look)
        if not told or layout != told[-1][1]:
            told.append((first, layout))
    ends = [*(first for first, _ in told[1:]), frames]
    return [
        layout.model_copy(update={"start": _at(first), "end": _at(end)})
        for (first, layout), end in zip(told, ends, strict=True)
        if layout is not None
    ]


def _cut(turns: Sequence[Turn], placed: Sequence[Placed], rate: Fraction, frames: int) -> Iterator[tuple[int, Turn]]:
    """The first frame of every stretch in which the same turn goes on and the same recordings are there, and the turn."""
    starts = [round(Fraction(turn.start) * rate) for turn in turns]
    edges = {round(edge * rate) for each in placed for edge in (each.start, each.end)}
    firsts = sorted({0, *starts, *edges, frames})
    place = 0
    for first, _ in pairwise(edge for edge in firsts if 0 <= edge <= frames):
        while place + 1 < len(turns) and starts[place + 1] <= first:
            place += 1
        yield first, turns[place] if turns else Turn(0, 0, ())


def _there(placed: Placed, moment: Fraction) -> bool:
    return placed.recording.seen and placed.start <= moment < placed.end


def _layout(on: Sequence[Placed], there: Sequence[Placed], look: MultitrackLook) -> Layout | None:
    """What is seen while `on` have the floor and `there` are recorded; None: nothing is."""
    tall = look.height > look.width
    people = [each.recording.id for each in there if each.recording.role is RecordingRole.SPEAKER]
    screens = [each.recording.id for each in there if each.recording.role is RecordingRole.SCREEN]
    anything = [each.recording.id for each in there if each.recording.role is not RecordingRole.SCREEN] or screens
    talking = [each.recording.id for each in on if each.recording.id in people]
    if look.arrangement == "grid":
        return _together([*screens, *people] or anything, tall=tall)
    if screens and look.arrangement == "screen":
        return Layout(kind="full", tracks=screens[:1])
    if screens and look.arrangement == "auto":
        if not talking:
            return Layout(kind="full", tracks=screens[:1])
        if tall:
            return Layout(kind="split", direction="vertical", tracks=[screens[0], talking[0]])
        return Layout(kind="pip", tracks=[screens[0], *talking[:2]], size=0.22)
    return _together(talking or people or anything, tall=tall)


def _together(tracks: Sequence[str], *, tall: bool) -> Layout | None:
    seen = list(tracks[:_MOST_AT_ONCE])
    if not seen:
        return None
    if len(seen) == 1:
        return Layout(kind="full", tracks=seen)
    if len(seen) == 2:
        return Layout(kind="split", direction="vertical" if tall else "horizontal", tracks=seen)
    return Layout(kind="grid", tracks=seen, columns=1 if tall and len(seen) == 3 else None)


def _at(frame: int) -> Time:
    return Time(Fraction(frame), Unit.FRAMES)
