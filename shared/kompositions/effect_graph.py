"""The graph of effects: which segments each effect covers, and how covers lie within each other.

A node covers what its inputs lead to: segments, what other nodes cover, whole tracks, or everything. Nodes nest: two covers
are the same, one within the other, or apart. So the graph lays itself over the tracks as brackets around runs of segments."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    places = _places(komposition)
    covers = {node.id: _cover(node, nodes, places, komposition) for node in komposition.effects}
    return [covers[name] for name in _in_order(nodes)]


def graph_problems(komposition: "Komposition") -> Iterator[Problem]:
    """Inputs that are not there, circles, covers that are no run of neighbours, and covers that cross."""
    nodes = {node.id: node for node in komposition.effects}
    found = [*_unknown(komposition, nodes), *_circles(komposition, nodes)]
    yield from found
    if found:
        return
    places = _places(komposition)
    covers: list[Cover] = []
    for index, node in enumerate(komposition.effects):
        reached = sorted(_reached(node, nodes, places, komposition))
        neighbours = len({track for track, _ in reached}) == 1 and reached[-1][1] - reached[0][1] == len(reached) - 1
        if not neighbours and not _is_whole(node, nodes):
            detail = (
                "An effect over several segments needs neighbours on one track. Make one effect for each run of them."
            )
            yield Problem(("effects", index, "inputs"), "effect_apart", detail)
            continue
        cover = _cover(node, nodes, places, komposition)
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
    """Ids with the inputs of each before it; those in circles, and what hangs on them, are left out."""
    waiting = {
        name: {entry.id for entry in node.inputs if entry.kind == "effect" and entry.id in nodes}
        for name, node in nodes.items()
    }
    ordered: list[str] = []
    while ready := [name for name, inputs in waiting.items() if inputs.issubset(ordered)]:
        ordered.append(ready[0])
        del waiting[ready[0]]
    return ordered


def _is_whole(node: "EffectNode", nodes: "Mapping[str, EffectNode]") -> bool:
    return any(
        entry.kind == "komposition" or (entry.kind == "effect" and entry.id and _is_whole(nodes[entry.id], nodes))
        for entry in node.inputs
    )


def _reached(
    node: "EffectNode", nodes: "Mapping[str, EffectNode]", places: Mapping[str, Place], komposition: "Komposition"
) -> set[Place]:
    reached: set[Place] = set()
    for entry in node.inputs:
        if entry.kind == "segment" and entry.id:
            reached.add(places[entry.id])
        elif entry.kind == "effect" and entry.id:
            reached |= _reached(nodes[entry.id], nodes, places, komposition)
        else:
            reached |= {
                (number, index)
                for number, track in enumerate(komposition.tracks.video)
                if entry.kind == "komposition" or track.id == entry.id
                for index in range(len(track.segments))
            }
    return reached


def _cover(
    node: "EffectNode", nodes: "Mapping[str, EffectNode]", places: Mapping[str, Place], komposition: "Komposition"
) -> Cover:
    if _is_whole(node, nodes):
        return Cover(node)
    reached = sorted(_reached(node, nodes, places, komposition))
    return Cover(node, reached[0][0], reached[0][1], reached[-1][1])


def _cross(one: Cover, other: Cover) -> bool:
    """Whether two covers overlap without one lying in the other."""
    if one.track is None or one.track != other.track:
        return False
    low, high = sorted((one, other), key=lambda cover: (cover.first, -cover.last))
    return low.last >= high.first and high.last > low.last
