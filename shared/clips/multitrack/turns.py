"""Turns: who is looked at when. One has the floor until another takes it: not by a word of assent, and not for a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from shared.clips.multitrack.levels import STEPS
from shared.clips.multitrack.talking import runs

if TYPE_CHECKING:
    from shared.clips.multitrack.talking import Talking

_TAKES = 1.0
"""Seconds that somebody must talk to take the floor."""
_TOGETHER = 2.5
"""Seconds that people must talk at once to be seen together."""
_LEAD = 0.15
"""Seconds that one is seen before being heard."""


@dataclass(frozen=True)
class Turn:
    """From `start` to `end`, seconds, these have the floor: their places among the microphones. Nobody yet: none."""

    start: float
    end: float
    speakers: tuple[int, ...]


def find_turns(talking: "Sequence[Talking]", *, shortest: float = 2.0) -> list[Turn]:
    """The turns of a conversation, one after the other without a gap, none shorter than `shortest` unless it is the only one."""
    if not talking or not len(talking[0]):
        return []
    floor = _floor([_long(each) for each in talking])
    turns, at = [], 0
    for speakers, steps in groupby(floor):
        length = len(list(steps))
        turns.append(Turn(at / STEPS, (at + length) / STEPS, speakers))
        at += length
    return _led(_merged(turns, shortest))


def _long(talking: "Talking") -> "Talking":
    """Without what does not take the floor."""
    kept = talking.copy()
    for begin, end in runs(talking):
        if end - begin < _TAKES * STEPS:
            kept[begin:end] = False
    return kept


def _floor(talking: "Sequence[Talking]") -> list[tuple[int, ...]]:
    """Who has the floor at each step."""
    import numpy as np

    all_of_them = np.array(talking)
    several = all_of_them.sum(axis=0) > 1
    together = np.zeros(len(several), bool)
    for begin, end in runs(several):
        together[begin:end] = end - begin >= _TOGETHER * STEPS
    floor: list[tuple[int, ...]] = []
    held: tuple[int, ...] = ()
    started = [-1] * len(talking)
    for step, now in enumerate(all_of_them.T):
        for place, talks in enumerate(now):
            started[place] = (started[place] if started[place] >= 0 else step) if talks else -1
        on = [place for place, talks in enumerate(now) if talks]
        if together[step] or len(on) == 1:
            held = tuple(on)
        elif on and not set(held) <= set(on):
            held = (max(on, key=lambda place: started[place]),)
        floor.append(held)
    return floor


def _merged(turns: list[Turn], shortest: float) -> list[Turn]:
    """Too short ones, the shortest first, go to the turn before, the first one to the next."""
    merged = list(turns)
    while len(merged) > 1:
        place = min(range(len(merged)), key=lambda n: merged[n].end - merged[n].start)
        if merged[place].end - merged[place].start >= shortest and merged[0].speakers:
            break
        if not merged[0].speakers:
            place = 0
        keeper = merged[place - 1] if place else merged[1]
        merged[place] = Turn(merged[place].start, merged[place].end, keeper.speakers)
        merged = [
            Turn(same[0].start, same[-1].end, speakers)
            for speakers, group in groupby(merged, key=attrgetter("speakers"))
            if (same := list(group))
        ]
    return merged


def _led(turns: Sequence[Turn]) -> list[Turn]:
    starts = [turn.start - _LEAD if number else turn.start for number, turn in enumerate(turns)]
    ends = [*starts[1:], turns[-1].end]
    return [Turn(start, end, turn.speakers) for start, end, turn in zip(starts, ends, turns, strict=True)]
