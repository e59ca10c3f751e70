"""Camera: how a view follows its subject along one axis. It rests if it can, and moves as a hand on a tripod would.

Lengths are fractions of the picture along the axis. The plan is made knowing what comes: a move can begin before its cause."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from statistics import median

from shared.media.graph.framing import Pace
from shared.media.reframing.plan import Camera

DEAD_ZONE = 0.25
"""Of the view: how far a subject may go without being followed."""
STILL_ZONE = 0.5
"""Of the view: a subject that stays within so much of it for the whole shot is not followed at all."""
TOP_SPEED = 0.8
"""Views a second."""
CONFIRMATIONS = 3
"""Times that a subject must be seen elsewhere before the camera goes there."""
COOL_DOWN = 1.0
"""Seconds from one move to the next."""
_SMOOTHED = 5
"""Times of which the median counts as where a subject is."""
_JUMP = 0.6
"""Of the view: what goes further at once is cut to, not panned to."""
_PAN_ERROR = 0.125
"""Of the view: how far from an even move a subject may be that is followed by one."""
MOST_REVERSALS = 0.13
"""Times a second that a camera may turn round: the best figure that is known."""
_NOTHING, _INVISIBLE = 1e-4, 3e-3
"""Of the picture: a move that is none, and one that nobody sees."""
_TICK = 0.1


@dataclass(frozen=True)
class Seen:
    """The middle of a subject at a moment, and how much of the axis it needs around itself."""

    at: float
    place: float
    need: float = 0.0


@dataclass(frozen=True)
class Step:
    """The middle of the view at a moment, and how it goes on."""

    at: float
    place: float
    pace: Pace = "linear"


@dataclass(frozen=True)
class Leg:
    """What the camera does without a cut, from `start` on."""

    start: float
    camera: Camera
    steps: tuple[Step, ...]


def follow(seen: Sequence[Seen], start: float, view: float) -> list[Leg]:
    """The legs of a view of this length from `start` on. `seen`, in order of time, is not empty."""
    legs: list[Leg] = []
    for part in _without_jumps(_smooth(seen), view):
        leg = _leg(part, part[0].at if legs else start, view)
        if legs and abs(leg.steps[0].place - legs[-1].steps[-1].place) < 1e-6 and len(leg.steps) == 1:
            continue
        legs.append(leg)
    return legs


def _smooth(seen: Sequence[Seen]) -> list[Seen]:
    half = _SMOOTHED // 2
    return [
        replace(each, place=median(other.place for other in seen[max(0, place - half) : place + half + 1]))
        for place, each in enumerate(seen)
    ]


def _without_jumps(seen: Sequence[Seen], view: float) -> Iterator[list[Seen]]:
    """What was seen, cut where the subject is suddenly elsewhere and stays there."""
    begin = 0
    for place in range(1, len(seen)):
        ahead = seen[place : place + CONFIRMATIONS]
        far = all(abs(each.place - seen[place - 1].place) > _JUMP * view for each in ahead)
        waited = seen[place].at - seen[begin].at >= COOL_DOWN
        if far and waited and len(ahead) == CONFIRMATIONS:
            yield list(seen[begin:place])
            begin = place
    yield list(seen[begin:])


def _leg(seen: Sequence[Seen], start: float, view: float) -> Leg:
    places = [each.place for each in seen]
    low, high = min(places), max(places)
    room = max(DEAD_ZONE * view, min(STILL_ZONE * view, view - max(each.need for each in seen)))
    if high - low <= room:
        return Leg(start, "stationary", (Step(start, _kept((low + high) / 2, view)),))
    if pan := _pan(seen, view):
        return Leg(start, "pan", pan)
    return Leg(start, "track", _eased(_limited(_thinned(_calm(seen, view, room)), TOP_SPEED * view)))


def _calm(seen: Sequence[Seen], view: float, room: float) -> list[Step]:
    """The way after the subject with the least dead zone that makes it turn round as rarely as people can bear."""
    seconds = seen[-1].at - seen[0].at
    steps: list[Step] = []
    for zone in (DEAD_ZONE * view, (DEAD_ZONE * view + room) / 2, room):
        steps = _taut(seen, view, zone)
        if _turns(steps) <= MOST_REVERSALS * seconds:
            break
    return steps


def _turns(steps: Sequence[Step]) -> int:
    ways = [after.place - before.place for before, after in pairwise(steps)]
    moves = [way > 0 for way in ways if abs(way) > _NOTHING]
    return sum(1 for before, after in pairwise(moves) if before != after)


def _kept(place: float, view: float) -> float:
    """The middle of a view that lies in the picture."""
    return min(max(place, view / 2), 1 - view / 2)


def _pan(seen: Sequence[Seen], view: float) -> tuple[Step, ...]:
    """An even move from the first to the last place, if the subject goes so."""
    moments = [each.at for each in seen]
    middle, mean = sum(moments) / len(seen), sum(each.place for each in seen) / len(seen)
    spread = sum((at - middle) ** 2 for at in moments)
    if not spread:
        return ()
    speed = sum((each.at - middle) * (each.place - mean) for each in seen) / spread
    if abs(speed) > TOP_SPEED * view:
        return ()
    if any(abs(mean + speed * (each.at - middle) - each.place) > _PAN_ERROR * view for each in seen):
        return ()
    return _clipped([Step(at, mean + speed * (at - middle)) for at in (moments[0], moments[-1])], view)


def _clipped(steps: Sequence[Step], view: float) -> tuple[Step, ...]:
    """Straight ways that end where the picture does, at the moment at which they come there."""
    low, high = view / 2, 1 - view / 2
    clipped = []
    for one, other in pairwise(steps):
        clipped.append(Step(one.at, _kept(one.place, view)))
        for edge in (low, high) if other.place > one.place else (high, low):
            if min(one.place, other.place) < edge < max(one.place, other.place):
                way = (edge - one.place) / (other.place - one.place)
                clipped.append(Step(one.at + (other.at - one.at) * way, edge))
    clipped.append(Step(steps[-1].at, _kept(steps[-1].place, view)))
    return tuple(clipped)


def _taut(seen: Sequence[Seen], view: float, zone: float) -> list[Step]:
    """The shortest way that never leaves the subject's zone: a string drawn taut through it. It rests where it can."""
    tube = [(each.at, _kept(each.place - zone / 2, view), _kept(each.place + zone / 2, view)) for each in seen]
    steps = [Step(tube[0][0], _first(tube))]
    place = 1
    while place < len(tube):
        place, at, here = _pulled(tube, place, steps[-1].at, steps[-1].place)
        if len(steps) > 1 and abs(here - steps[-1].place) < _NOTHING and abs(here - steps[-2].place) < _NOTHING:
            steps.pop()
        steps.append(Step(at, here))
    return steps


def _first(tube: Sequence[tuple[float, float, float]]) -> float:
    """Where the string begins: where it can lie still for longest."""
    low, high = tube[0][1:]
    for _, floor, ceiling in tube[1:]:
        if floor > high:
            return high
        if ceiling < low:
            return low
        low, high = max(low, floor), min(high, ceiling)
    return (low + high) / 2


def _pulled(tube: Sequence[tuple[float, float, float]], place: int, at: float, here: float) -> tuple[int, float, float]:
    """The next place at which the string touches the tube, and the number of the one after it."""
    least, most = float("-inf"), float("inf")
    low_at = high_at = place
    for index in range(place, len(tube)):
        moment, floor, ceiling = tube[index]
        rise, fall = (floor - here) / (moment - at), (ceiling - here) / (moment - at)
        if rise > most:
            return high_at + 1, tube[high_at][0], tube[high_at][2]
        if fall < least:
            return low_at + 1, tube[low_at][0], tube[low_at][1]
        if rise >= least:
            least, low_at = rise, index
        if fall <= most:
            most, high_at = fall, index
    if least > 0:
        return low_at + 1, tube[low_at][0], tube[low_at][1]
    if most < 0:
        return high_at + 1, tube[high_at][0], tube[high_at][2]
    return len(tube), tube[-1][0], here


def _limited(steps: Sequence[Step], fastest: float) -> Sequence[Step]:
    """The way without more speed than this: where it has, the camera starts earlier and arrives later."""
    if all(abs(after.place - before.place) <= fastest * (after.at - before.at) for before, after in pairwise(steps)):
        return steps
    count = max(2, ceil((steps[-1].at - steps[0].at) / _TICK) + 1)
    tick = (steps[-1].at - steps[0].at) / (count - 1)
    places = [place_at(steps, steps[0].at + number * tick) for number in range(count)]
    ahead, behind = _held_back(places, fastest * tick), _held_back(places[::-1], fastest * tick)[::-1]
    middle = [
        Step(steps[0].at + number * tick, (a + b) / 2) for number, (a, b) in enumerate(zip(ahead, behind, strict=True))
    ]
    return _thinned(middle)


def _held_back(places: Sequence[float], most: float) -> list[float]:
    """Places that follow these, by so much from one to the next at most."""
    held = [places[0]]
    for place in places[1:]:
        held.append(held[-1] + min(max(place - held[-1], -most), most))
    return held


def _thinned(steps: Sequence[Step]) -> list[Step]:
    """The fewest of the steps with which the way is the same to the eye (Ramer, Douglas and Peucker)."""
    kept = {0, len(steps) - 1}
    pieces = [(0, len(steps) - 1)]
    while pieces:
        begin, end = pieces.pop()
        farthest = max(range(begin + 1, end), key=lambda place: _away(steps, begin, end, place), default=begin)
        if farthest > begin and _away(steps, begin, end, farthest) > _INVISIBLE:
            kept.add(farthest)
            pieces += [(begin, farthest), (farthest, end)]
    return [steps[place] for place in sorted(kept)]


def _away(steps: Sequence[Step], begin: int, end: int, place: int) -> float:
    """How far a step is from the straight way between two others."""
    first, last, step = steps[begin], steps[end], steps[place]
    way = (step.at - first.at) / (last.at - first.at)
    return abs(first.place + (last.place - first.place) * way - step.place)


def _eased(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The way with moves from rest to rest that begin and end slowly."""
    rests = [abs(after.place - before.place) < _NOTHING for before, after in pairwise(steps)]
    around = [True, *rests, True]
    eased = [
        replace(step, pace="smooth") if around[number] and around[number + 2] and not rests[number] else step
        for number, step in enumerate(steps[:-1])
    ]
    return (*eased, steps[-1])


def place_at(steps: Sequence[Step], at: float) -> float:
    """The middle of the view at a moment."""
    index = bisect_right([step.at for step in steps], at)
    if index in (0, len(steps)):
        return steps[max(0, index - 1)].place
    one, other = steps[index - 1], steps[index]
    way = (at - one.at) / (other.at - one.at) if other.at > one.at else 1.0
    way = way * way * (3 - 2 * way) if one.pace == "smooth" else way
    return one.place + (other.place - one.place) * way
