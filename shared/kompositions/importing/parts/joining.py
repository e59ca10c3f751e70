"""Joining: transitions find the segments that they join, and their lengths."""

import itertools
from collections.abc import Iterator
from fractions import Fraction

from shared.kompositions.importing.parts.pulse import Pulse
from shared.kompositions.importing.parts.sketch import Crossing, Cut, Kept, Sketch
from shared.kompositions.importing.parts.times import derived
from shared.kompositions.model import Time, Unit

_DEFAULT = Time(Fraction(1), Unit.BEATS)


def join(sketch: Sketch, cuts: list[Cut]) -> list[Crossing]:
    """Every transition with both ends and a length, one for each pair, in order of their pairs."""
    joined: dict[tuple[str | None, str | None], Crossing] = {}
    for crossing in (*sketch.crossings, *_of_cuts(cuts)):
        said, taken = crossing.fields, False
        for pair in _pairs(crossing, sketch, cuts):
            known = joined.setdefault((pair.first, pair.second), pair)
            taken = taken or known is pair
            if known.type != pair.type:
                detail = "These segments have a transition already. This one has no effect."
                sketch.notes.warn(pair.at, "transition_twice", detail, "Remove one of them.")
        if not taken and said is not None:
            sketch.kept.append(Kept(said.value, said.at))
    places = {cut.id: index for index, cut in enumerate(cuts)}
    by_place = sorted(joined.values(), key=lambda crossing: places.get(crossing.second, len(cuts)))
    for crossing in by_place:
        _measure(crossing, cuts, places, sketch)
    return by_place


def _of_cuts(cuts: list[Cut]) -> Iterator[Crossing]:
    for index, cut in enumerate(cuts):
        for crossing in cut.crossing:
            before, after = (index, index + 1) if index + 1 < len(cuts) else (index - 1, index)
            crossing.first, crossing.second = (cuts[before].id, cuts[after].id) if before >= 0 else (cut.id, None)
            yield crossing


def _pairs(crossing: Crossing, sketch: Sketch, cuts: list[Cut]) -> Iterator[Crossing]:
    if crossing.first is not None and crossing.second is not None:
        yield crossing
    elif crossing.near is not None:
        found = _nearest(crossing, sketch, cuts)
        if found is None:
            detail = "No two segments meet near that time. The transition has no effect."
            sketch.notes.warn(crossing.at, "transition_place", detail, "Name the segments that it joins.")
        else:
            crossing.first, crossing.second = found[0].id, found[1].id
            yield crossing
    elif crossing.first is not None or crossing.second is not None:
        yield from _next_to(crossing, sketch, cuts)
    else:
        for before, after in itertools.pairwise(cuts):
            yield _copy(crossing, before.id, after.id)


def _next_to(crossing: Crossing, sketch: Sketch, cuts: list[Cut]) -> Iterator[Crossing]:
    """With one end given, into the next segment, or from the one before."""
    names = [cut.id for cut in cuts]
    known = crossing.first or crossing.second
    if known not in names:
        crossing.first = crossing.second = known
        yield crossing
        return
    index = names.index(known)
    before, after = (index, index + 1) if crossing.first is not None else (index - 1, index)
    if after >= len(cuts):
        before, after = index - 1, index
    if before < 0:
        detail = "There is no segment to cross to. It has no effect."
        sketch.notes.warn(crossing.at, "transition_alone", detail, "Remove it.")
        return
    crossing.first, crossing.second = names[before], names[after]
    yield crossing


def _copy(crossing: Crossing, first: str | None, second: str | None) -> Crossing:
    """The first one keeps what else the document says."""
    fields, crossing.fields = crossing.fields, None
    return Crossing(crossing.type, crossing.at, first, second, crossing.duration, crossing.offset, fields=fields)


def _nearest(crossing: Crossing, sketch: Sketch, cuts: list[Cut]) -> tuple[Cut, Cut] | None:
    pulse = sketch.pulse
    if crossing.near is None or len(cuts) < 2:
        return None
    begin = pulse.seconds(crossing.near)
    lasting = pulse.seconds(crossing.duration) if crossing.duration else Fraction(0)
    pairs = [(before, after) for before, after in itertools.pairwise(cuts) if after.start is not None]
    pair = min(pairs, key=lambda pair: abs(_start(pair[1], pulse) - begin - lasting / 2), default=None)
    if pair is None:
        return None
    cut = _start(pair[1], pulse)
    if begin <= cut <= begin + lasting:
        crossing.offset = derived(begin + lasting - cut, Unit.SECONDS)
    else:
        detail = f"No cut is then. The transition is put at the nearest one, at {float(cut):g} seconds."
        sketch.notes.warn(crossing.at, "transition_place", detail, "Name the segments that it joins.")
    return pair


def _start(cut: Cut, pulse: Pulse) -> Fraction:
    return pulse.seconds(cut.start) if cut.start is not None else Fraction(0)


def _measure(crossing: Crossing, cuts: list[Cut], places: dict[str | None, int], sketch: Sketch) -> None:
    """Slots that overlap decide how long it lasts; else it says so, or lasts a beat."""
    first, second, pulse = places.get(crossing.first), places.get(crossing.second), sketch.pulse
    overlap = Fraction(0)
    if first is not None and second is not None:
        ends, starts = cuts[first].end, cuts[second].start
        if ends is not None and starts is not None:
            overlap = pulse.seconds(ends) - pulse.seconds(starts)
    if overlap > 0:
        given = crossing.duration
        if given is not None and abs(pulse.seconds(given) - overlap) * pulse.rate >= 1:
            detail = (
                f"The slots overlap by {float(overlap):g} seconds, but the transition says {given}. The slots count."
            )
            sketch.notes.warn(crossing.at, "transition_duration", detail, "Make the two alike.")
        if given is None or pulse.seconds(given) != overlap:
            crossing.duration = derived(overlap, Unit.SECONDS)
    elif crossing.duration is None:
        crossing.duration = _DEFAULT
        detail = "The transition does not say how long it lasts. It is given one beat."
        sketch.notes.warn(crossing.at, "transition_duration", detail, "Give it a duration.")
