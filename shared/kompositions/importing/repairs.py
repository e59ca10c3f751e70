"""Repairs: what `fix` does to a draft, by the code of the problem. None changes what is seen or heard where all was well."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shared.kompositions.importing.checking import Problem
from shared.kompositions.importing.draft import Draft
from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.parts.sources import free_name
from shared.kompositions.importing.parts.times import derived
from shared.kompositions.model import Output, TempoChange, Time, exact
from shared.kompositions.timing import Clock, Tempo

_TIME = TypeAdapter(Time)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")


@dataclass
class Bench:
    """A draft under repair. Parts that are to go are collected, so that the others keep their numbers."""

    draft: Draft
    removed: set[tuple[Pointer, int]] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    """How far ids that were given twice have been counted."""

    @cached_property
    def clock(self) -> Clock:
        """What times in the draft mean."""
        document = self.draft.document
        changes = [TempoChange.model_validate(change) for change in document.get("tempo", [])]
        tempo = Tempo(exact(document.get("bpm", 120)), tuple((exact(c.at_beat), exact(c.bpm)) for c in changes))
        outputs = document.get("outputs", [{}])
        return Clock(tempo, Output.model_validate(outputs[0]).frame_rate)

    def seconds(self, part: Mapping[str, Any], field: str) -> Fraction:
        """A position in a part, in seconds."""
        return self.clock.seconds(_TIME.validate_python(part[field]))

    @cached_property
    def names(self) -> set[str]:
        """Every id in the draft."""
        return set(_ids(self.draft.document))


Repair = Callable[[Bench, Pointer], bool]


def repair(draft: Draft, problems: list[Problem]) -> list[Problem]:
    """Repair what can be; the problems that are done away with. Segments are put in order first, everything else after."""
    bench = Bench(draft)
    disordered = [problem for problem in problems if problem.code == "slots_out_of_order"]
    if disordered:
        tracks = {problem.location[:4]: problem for problem in disordered}
        return [problem for track, problem in tracks.items() if _sort(bench, track)]
    done = [problem for problem in problems if problem.code in REPAIRS and _attempt(bench, problem)]
    for location in {location for location, _ in bench.removed}:
        gone = {index for where, index in bench.removed if where == location}
        count = len(draft.part(location))
        draft.rearrange(location, [index for index in range(count) if index not in gone])
    return done


def _attempt(bench: Bench, problem: Problem) -> bool:
    try:
        return REPAIRS[problem.code](bench, problem.location)
    except (KeyError, IndexError, TypeError, ValidationError):
        return False


def _sort(bench: Bench, location: Pointer) -> bool:
    segments = bench.draft.part(location)
    starts = [bench.seconds(segment, "start") for segment in segments]
    bench.draft.rearrange(location, sorted(range(len(segments)), key=lambda index: starts[index]))
    return True


def _cut_earlier(bench: Bench, location: Pointer) -> bool:
    """The earlier of two that overlap ends where the later one begins, at the same speed as before."""
    *track, index, _ = location
    segments = bench.draft.part(tuple(track))
    earlier, later = segments[int(index) - 1], segments[int(index)]
    begin, end, cut = bench.seconds(earlier, "start"), bench.seconds(earlier, "end"), bench.seconds(later, "start")
    if not begin < cut < end:
        return False
    if "sourceDuration" in earlier and earlier.get("fit") in (None, "stretch"):
        used = _TIME.validate_python(earlier["sourceDuration"])
        earlier["sourceDuration"] = derived(used.value * (cut - begin) / (end - begin), used.unit)
    earlier["end"] = later["start"]
    return True


def _even(bench: Bench, location: Pointer) -> bool:
    output, name = bench.draft.part(location[:-1]), location[-1]
    if name not in ("width", "height") or not isinstance(output[name], int):
        return False
    output[name] = max(output[name] // 2 * 2, 16)
    return True


def _remove(bench: Bench, location: Pointer) -> bool:
    where, index = _listed(location)
    bench.removed.add((where, index))
    return True


def _remove_empty(bench: Bench, location: Pointer) -> bool:
    """A segment that lasts no time goes, unless a transition names it."""
    where, index = _listed(location)
    segment = bench.draft.part((*where, index))
    transitions = bench.draft.part(where[:-1]).get("transitions", [])
    named = any(segment["id"] in (t.get("fromSegment"), t.get("toSegment")) for t in transitions)
    if named or bench.seconds(segment, "start") != bench.seconds(segment, "end"):
        return False
    return _remove(bench, location)


def _listed(location: Pointer) -> tuple[Pointer, int]:
    depth = max(index for index, step in enumerate(location) if isinstance(step, int))
    return location[:depth], int(location[depth])


def _rename(bench: Bench, location: Pointer) -> bool:
    part = bench.draft.part(location[:-1])
    part["id"] = free_name(part["id"], bench.names, bench.numbers)
    bench.names.add(part["id"])
    return True


def _whole_film(bench: Bench, location: Pointer) -> bool:
    if location[0] != "render":
        return False
    del bench.draft.document["render"]
    return True


def _unquote(bench: Bench, location: Pointer) -> bool:
    part, key = bench.draft.part(location[:-1]), location[-1]
    value = part[key]
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        part[key] = float(value) if "." in value else int(value)
        return True
    if isinstance(value, float) and value.is_integer():
        part[key] = int(value)
        return True
    return False


def _usual_codec(bench: Bench, location: Pointer) -> bool:
    del bench.draft.part(location[:-1])[location[-1]]
    return True


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "id" and isinstance(child, str):
                yield child
            elif key != "extra":
                yield from _ids(child)
    elif isinstance(value, list):
        for child in value:
            yield from _ids(child)


REPAIRS: Mapping[str, Repair] = {
    "slots_out_of_order": _sort,
    "overlap": _cut_earlier,
    "multiple_of": _even,
    "transition_over_gap": _remove,
    "duplicate_transition": _remove,
    "empty_slot": _remove_empty,
    "duplicate_id": _rename,
    "empty_range": _whole_film,
    "empty_render": _whole_film,
    "float_type": _unquote,
    "int_type": _unquote,
    "int_from_float": _unquote,
    "codec_container": _usual_codec,
}
"""What can be repaired. One that turns out not to be possible leaves the problem as it is."""
