"""The graph of effects: which segments each effect covers, and how covers lie within each other.

A node covers what its inputs lead to: segments, what other nodes cover, whole tracks, or everything. Nodes nest: two covers
are the same, one within the other, or apart. So the graph lays itself over the tracks as brackets around runs of segments."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from shared.kompositions.validation.problem import Problem

if TYPE_CHECKING:
    from shared.kompositions.model import EffectNode, Komposition


@dataclass(frozen=True)
class Cover:
    """An effect over segments `first` to `last` (indices, both included) of a video track; over everything if track is None."""

    node: "EffectNode"
    track: int | None = None
    first: int = 0
    last: int = 0

    @property
    def whole(self) -> bool:
        """Whether it lies over the finished picture of all tracks."""
        return self.track is None


def plan_covers(komposition: "Komposition") -> list[Cover]:
    """The covers of a valid komposition's effects in the order in which they apply: inputs first, then as written."""
    nodes = {node.id: node for node in komposition.effects}
    reaches = _reaches(komposition, nodes)
    return [_cover(nodes[name], reaches[name]) for name in _in_order(nodes)]


def graph_problems(komposition: "Komposition") -> Iterator[Problem]:
    """Inputs that are not there, circles, covers that are no run of neighbours, and covers that cross."""
    nodes = {node.id: node for node in komposition.effects}
    found = [*_unknown(komposition, nodes), *_circles(komposition, nodes)]
    yield from found
    if found:
        return
    reaches = _reaches(komposition, nodes)
    covers: list[Cover] = []
    for index, node in enumerate(komposition.effects):
        reach = reaches[node.id]
        if not reach.whole and not reach.is_run:
            detail = (
                "An effect over several segments needs neighbours on one track. Make one effect for each run of them."
            )
            yield Problem(("effects", index, "inputs"), "effect_apart", detail)
            continue
        cover = _cover(node, reach)
        crossed = next((other for other in covers if _cross(cover, other)), None)
        if crossed is not None:
            detail = f"It covers a part of what {crossed.node.id!r} covers, and more. Let one lie within the other."
            yield Problem(("effects", index, "inputs"), "effects_cross", detail)
        covers.append(cover)


Place = tuple[int, int]


def _places(komposition: "Komposition") -> Mapping[str, Place]:
    return {
        segment.id: (number, index)
        for number, track in enumerate(komposition.tracks.video)
        for index, segment in enumerate(track.segments)
    }


def _unknown(komposition: "Komposition", nodes: "Mapping[str, EffectNode]") -> Iterator[Problem]:
    known = {
        "segment": _places(komposition).keys(),
        "effect": nodes.keys(),
        "track": {track.id for track in komposition.tracks.video if track.segments},
    }
    for index, node in enumerate(komposition.effects):
        for place, entry in enumerate(node.inputs):
            if entry.kind != "komposition" and entry.id not in known[entry.kind]:
                detail = f"There is no {entry.kind} {entry.id!r} to work on. Correct the id."
                yield Problem(("effects", index, "inputs", place, "id"), f"unknown_{entry.kind}", detail)


def _circles(komposition: "Komposition", nodes: "Mapping[str, EffectNode]") -> Iterator[Problem]:
    ordered = set(_in_order(nodes))
    for index, node in enumerate(komposition.effects):
        if node.id not in ordered:
            detail = "It works on what comes of itself. Break the circle."
            yield Problem(("effects", index, "inputs"), "effect_circle", detail)


def _in_order(nodes: "Mapping[str, EffectNode]") -> Sequence[str]:
    """Ids with the inputs of each before it, else as written; those in circles, and what hangs on them, are left out."""
    names = list(nodes)
    waiting = {
        name: {entry.id for entry in node.inputs if entry.kind == "effect" and entry.id in nodes}
        for name, node in nodes.items()
    }
    taking: dict[str | None, list[int]] = {}
    for number, name in enumerate(names):
        for needed in waiting[name]:
            taking.setdefault(needed, []).append(number)
    ready = [number for number, name in enumerate(names) if not waiting[name]]
    ordered: list[str] = []
    while ready:
        name = names[heappop(ready)]
        ordered.append(name)
        for number in taking.get(name, ()):
            waiting[names[number]].discard(name)
            if not waiting[names[number]]:
                heappush(ready, number)
    return ordered


@dataclass(frozen=True)
class _Reach:
    """What a node's inputs lead to: places on tracks, or everything."""

    places: frozenset[Place]
    whole: bool = False

    @property
    def is_run(self) -> bool:
        """Whether the places are neighbours on one track."""
        tracks = {track for track, _ in self.places}
        indices = [index for _, index in self.places]
        return len(tracks) == 1 and max(indices) - min(indices) == len(indices) - 1


def _reaches(komposition: "Komposition", nodes: "Mapping[str, EffectNode]") -> Mapping[str, _Reach]:
    """What each node reaches; those in circles are left out."""
    places = _places(komposition)
    tracks = {
        track.id: frozenset((number, index) for index in range(len(track.segments)))
        for number, track in enumerate(komposition.tracks.video)
    }
    everything = _Reach(frozenset[Place]().union(*tracks.values()), whole=True)
    found: dict[str, _Reach] = {}
    for name in _in_order(nodes):
        reached: list[_Reach] = []
        for entry in nodes[name].inputs:
            if entry.kind == "komposition" or entry.id is None:
                reached.append(everything)
            elif entry.kind == "segment":
                reached.append(_Reach(frozenset([places[entry.id]])))
            else:
                reached.append(found[entry.id] if entry.kind == "effect" else _Reach(tracks[entry.id]))
        whole = any(reach.whole for reach in reached)
        found[name] = _Reach(frozenset[Place]().union(*(reach.places for reach in reached)), whole)
    return found


def _cover(node: "EffectNode", reach: _Reach) -> Cover:
    if reach.whole:
        return Cover(node)
    track = next(iter(reach.places))[0]
    indices = [index for _, index in reach.places]
    return Cover(node, track, min(indices), max(indices))


def _cross(one: Cover, other: Cover) -> bool:
    """Whether two covers overlap without one lying in the other."""
    if one.track is None or one.track != other.track:
        return False
    low, high = sorted((one, other), key=lambda cover: (cover.first, -cover.last))
    return low.last >= high.first and high.last > low.last
