"""Trees of effects, whatever their shape, become a graph: effects by what they work on, transitions, and nothing twice.

A node that only passes on what comes to it vanishes; who names it gets what it was given."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Any, Literal

from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.parts import names
from shared.kompositions.importing.parts.crossings import read_length
from shared.kompositions.importing.parts.effect_names import effect_called, needs_two, plain, transition_called
from shared.kompositions.importing.parts.effects import Entry, read_effect, read_entries
from shared.kompositions.importing.parts.fields import Fields
from shared.kompositions.importing.parts.mixes import read_loudness
from shared.kompositions.importing.parts.sketch import Crossing, EffectSketch, Kept, Node, Sketch
from shared.kompositions.importing.parts.times import take_time
from shared.kompositions.model import Time, Unit

Kind = Literal["segment", "effect", "komposition"]
Input = tuple[Kind, str | None]

MAX_NODES = 2000
_NEAR = 0.02
"""Seconds that an effect may miss a segment's edge by."""
WHOLE: Input = ("komposition", None)
_PASSING = {
    "passthrough",
    "sequence",
    "composition",
    "root",
    "group",
    "concat",
    "concatenate",
    "compositionroot",
    "node",
    "",
}
_ALL = {"all", "allsegments", "global", "everything", "komposition", "composition", "timeline"}
_OUTPUTS = {"effectoutput", "effect", "output"}
_SEGMENTS = {"segment", "clip", "video"}
_TARGETS = ("applies_to", "appliesTo", "between", "inputs", "segments", "targets")
_TARGET = ("segment_id", "segmentId", "segment", "target")
_CHILDREN = ("children", "effects")


@dataclass(eq=False)
class _Branch:
    """A node of the tree as it is written."""

    id: str
    entry: Entry
    fields: Fields
    targets: list[tuple[Input, Pointer]]
    children: "list[_Branch]"
    """Those whose outputs it works on."""
    followers: "list[_Branch]"
    """Those that stand below it and work on its own output, as they say themselves."""
    near: Time | None = None
    """From when on, where it is placed by time."""
    effect: EffectSketch | None = None
    crosses: str | None = None
    inputs: list[Input] = field(default_factory=list)
    """What it works on, once that is settled."""
    ends: tuple[str, str] | None = None
    """The first and the last segment that its inputs lead to."""
    mixed: bool = False
    """Whether the mix has taken what it says."""

    def works_on(self, name: str) -> bool:
        """Whether it, or what it takes something from, says that it works on the output of that effect."""
        named = any(target == ("effect", name) for target, _ in self.targets)
        return named or any(child.works_on(name) for child in self.children)


@dataclass
class TreeReader:
    """Reads the trees of one document into its sketch."""

    sketch: Sketch
    branches: dict[str, _Branch] = field(default_factory=dict)
    order: list[_Branch] = field(default_factory=list)

    def read(self, value: Any, at: Pointer) -> None:
        """A tree, a list of trees, or one below `root`."""
        if isinstance(value, dict) and isinstance(value.get("root"), dict) and "type" not in value:
            beside = {key: child for key, child in value.items() if key != "root"}
            if beside:
                self.sketch.kept.append(Kept(beside, at))
            self.read(value["root"], (*at, "root"))
            return
        known = len(self.order)
        roots = [self._branch(entry) for entry in read_entries(value, at, self.sketch.notes)]
        if len(self.order) > MAX_NODES:
            detail = f"There are more than {MAX_NODES} effects."
            self.sketch.notes.error(at, "too_many_effects", detail, "Leave some out.")
            return
        for branch in roots:
            self._classify(branch)
        for branch in self._settled(self.order[known:]):
            branch.inputs = self._inputs(branch)
            branch.ends = self._ends(branch)
        for branch in self.order[known:]:
            self._emit(branch)

    def _branch(self, entry: Entry) -> _Branch:
        fields = entry.fields or Fields({}, entry.at, self.sketch.notes)
        name = fields.text(names.EFFECT_ID, "id") if entry.fields else None
        below = [self._branch(child) for child in self._children(fields)]
        name = name or f"effect-{len(self.order) + 1}"
        followers = [child for child in below if child.works_on(name)]
        children = [child for child in below if child not in followers]
        branch = _Branch(name, entry, fields, list(self._targets(fields)), children, followers)
        start = take_time(fields, ("start_time", "startTime"), Unit.SECONDS)
        if start is not None:
            branch.near = start
        self.branches.setdefault(branch.id, branch)
        self.order.append(branch)
        return branch

    def _children(self, fields: Fields) -> Iterator[Entry]:
        for key in _CHILDREN:
            if isinstance(fields.value.get(key), list):
                fields.mark(key)
                yield from read_entries(fields.value[key], fields.pointer(key), self.sketch.notes)

    def _targets(self, fields: Fields) -> Iterator[tuple[Input, Pointer]]:
        for key in (*_TARGETS, *_TARGET):
            value = fields.value.get(key)
            if value is None or (key in _TARGET and not isinstance(value, str)):
                continue
            fields.mark(key, "inputs")
            entries = value if isinstance(value, list) else [value]
            for index, entry in enumerate(entries):
                at = (*fields.pointer(key), index) if isinstance(value, list) else fields.pointer(key)
                target = self._target(entry)
                if target is None:
                    detail = "What an effect works on is an object with type (segment or effect_output) and id."
                    self.sketch.notes.error(at, "not_a_target", detail, "Write it so.")
                else:
                    yield target, at
            return

    @staticmethod
    def _target(entry: Any) -> Input | None:
        if isinstance(entry, str):
            return WHOLE if plain(entry) in _ALL else ("segment", entry)
        if not isinstance(entry, dict):
            return None
        name = next((entry[key] for key in ("id", *_TARGET, "effect_id") if isinstance(entry.get(key), str)), None)
        kind = plain(entry["type"]) if isinstance(entry.get("type"), str) else "segment"
        if kind in _ALL:
            return WHOLE
        if name is None or kind not in _OUTPUTS | _SEGMENTS:
            return None
        return ("effect", name) if kind in _OUTPUTS else ("segment", name)

    def _classify(self, branch: _Branch) -> None:
        """What the node is, its children first: an effect, a transition, or nothing but what comes to it."""
        for child in (*branch.children, *branch.followers):
            self._classify(child)
        entry, sketch = branch.entry, self.sketch
        if plain(entry.name) in _PASSING:
            return
        if not branch.targets and not branch.children and read_loudness(entry, sketch):
            branch.mixed = True
            return
        several = len(branch.targets) + len(branch.children) > 1
        if transition_called(entry.name) and (several or not (effect_called(entry.name) or needs_two(entry.name))):
            branch.crosses = transition_called(entry.name)
            return
        branch.effect = read_effect(entry, sketch.notes, sketch.pulse)

    def _settled(self, branches: list[_Branch]) -> list[_Branch]:
        """All branches, each after those that it takes something from. A way back to itself is an error, and not gone."""
        settled: dict[int, _Branch] = {}
        for root in (branch for branch in branches if id(branch) not in settled):
            way = [(root, iter(self._needed(root)))]
            being = {id(root)}
            while way:
                branch, needed = way[-1]
                following = next(needed, None)
                if following is None:
                    way.pop()
                    being.discard(id(branch))
                    settled.setdefault(id(branch), branch)
                elif id(following) in being:
                    detail = f"{branch.id!r} works on what comes of itself."
                    at = branch.fields.at + branch.fields.places.get("inputs", ())
                    self.sketch.notes.error(at, "effect_circle", detail, "Break the circle.")
                elif id(following) not in settled:
                    way.append((following, iter(self._needed(following))))
                    being.add(id(following))
        return list(settled.values())

    def _needed(self, branch: _Branch) -> list[_Branch]:
        named = (self.branches.get(name or "") for (kind, name), _ in branch.targets if kind == "effect")
        below = [last for child in branch.children for last in _last(child)]
        return [*(found for found in named if found is not None), *below]

    def _inputs(self, branch: _Branch) -> list[Input]:
        found: dict[Input, None] = {}
        for (kind, name), at in branch.targets:
            if kind != "effect":
                found[(kind, name)] = None
            elif name in self.branches:
                found |= dict.fromkeys(self._outputs(self.branches[name]))
            else:
                detail = f"There is no effect {name!r} whose output could be taken."
                self.sketch.notes.error(at, "unknown_effect_output", detail, "Correct the id.")
        for child in branch.children:
            found |= dict.fromkeys(self._results(child))
        return list(found)

    def _results(self, branch: _Branch) -> list[Input]:
        """What comes of a branch with those that follow it."""
        return list(dict.fromkeys(made for last in _last(branch) for made in self._outputs(last)))

    @staticmethod
    def _outputs(branch: _Branch) -> list[Input]:
        return branch.inputs if branch.effect is None else [("effect", branch.id)]

    def _ends(self, branch: _Branch) -> tuple[str, str] | None:
        ends = [found for found in map(self._ends_of, branch.inputs) if found is not None]
        return (ends[0][0], ends[-1][1]) if ends else None

    def _sides(self, branch: _Branch) -> list[tuple[str, str]]:
        """What a transition joins: the first and last segment of each of its inputs; of one input alone, part by part."""
        named = [
            self._outputs(self.branches[name]) if kind == "effect" and name in self.branches else [(kind, name)]
            for (kind, name), _ in branch.targets
        ]
        named += [self._results(child) for child in branch.children]
        if len(named) < 2:
            named = [[entry] for entry in branch.inputs]
        sides = ([ends for ends in map(self._ends_of, side) if ends is not None] for side in named)
        return [(side[0][0], side[-1][1]) for side in sides if side]

    def _ends_of(self, entry: Input) -> tuple[str, str] | None:
        """The first and the last segment that an input leads to."""
        kind, name = entry
        if kind == "segment" and name is not None:
            return name, name
        branch = self.branches.get(name or "")
        return branch.ends if kind == "effect" and branch is not None else None

    def _emit(self, branch: _Branch) -> None:
        inputs = branch.inputs
        if branch.effect is not None:
            if branch.near is not None and not inputs:
                inputs = self._during(branch)
            self.sketch.nodes.append(Node(branch.id, branch.effect, inputs or [WHOLE]))
        elif branch.crosses is not None:
            self._cross(branch, branch.crosses)
        else:
            left = branch.fields.rest() if branch.mixed else branch.entry.value
            if isinstance(left, dict):
                left = {key: value for key, value in left.items() if not (key in _CHILDREN and isinstance(value, list))}
            if left and not (
                isinstance(left, dict) and plain(branch.entry.name) in _PASSING and left.keys() <= {"type"}
            ):
                self.sketch.kept.append(Kept(left, branch.fields.at))

    def _cross(self, branch: _Branch, called: str) -> None:
        crossing = Crossing(called, branch.fields.at, fields=branch.fields)
        branch.fields.leave(branch.fields.key(names.EFFECT_ID) or "")
        for fields in (branch.entry.params, branch.fields):
            if fields is not None:
                read_length(crossing, fields, self.sketch.pulse)
        if branch.near is not None:
            crossing.near = branch.near
        groups = self._sides(branch)
        if branch.near is None and len(groups) == 1:
            crossing.first = groups[0][-1]
        self.sketch.crossings.append(crossing)
        for number, (before, after) in enumerate(itertools.pairwise(groups)):
            if number:
                crossing = Crossing(called, crossing.at, None, None, crossing.duration, crossing.offset)
                self.sketch.crossings.append(crossing)
            crossing.first, crossing.second = before[-1], after[0]

    def _during(self, branch: _Branch) -> list[Input]:
        """The segments that an effect placed by time covers."""
        fields, pulse = branch.fields, self.sketch.pulse
        length = take_time(fields, ("duration",), Unit.SECONDS)
        fields.leave("start_time", "startTime", "duration")
        begin = pulse.roughly(branch.near) if branch.near else 0.0
        end = begin + pulse.roughly(length) if length is not None else inf
        covered = [(low, high, name) for low, high, name in self._spans if high > begin + _NEAR and low < end - _NEAR]
        if any(low < begin - _NEAR or high > end + _NEAR for low, high, _ in covered):
            detail = "The effect begins or ends within a segment. It works on the whole of each."
            self.sketch.notes.warn(fields.at, "effect_range", detail, "Let it begin and end where segments do.")
        if len(covered) == len(self._spans) or not covered:
            return [WHOLE]
        return [("segment", name) for _, _, name in covered]

    @cached_property
    def _spans(self) -> list[tuple[float, float, str | None]]:
        """When each segment is on, in seconds."""
        pulse = self.sketch.pulse
        placed = ((cut.start, cut.end, cut.id) for cut in self.sketch.cuts)
        return [(pulse.roughly(start), pulse.roughly(end), name) for start, end, name in placed if start and end]


def _last(branch: _Branch) -> list[_Branch]:
    """The branch, or those that follow it if any do."""
    return [last for follower in branch.followers for last in _last(follower)] or [branch]
