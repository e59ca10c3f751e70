"""Joining: transitions find the segments that they join, and their lengths."""

import itertools
from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from math import inf

from shared.kompositions.importing.parts.sketch import Crossing, Cut, Kept, Sketch
from shared.kompositions.importing.parts.times import derived
from shared.kompositions.model import Time, Unit

_DEFAULT = Time(Fraction(1), Unit.BEATS)


def join(sketch: Sketch, cuts: list[Cut]) -> list[Crossing]:
    """Every transition with both ends and a length, one for each pair, in order of their pairs."""
    return _Joining(sketch, cuts).join()


class _Joining:
    def __init__(self, sketch: Sketch, cuts: list[Cut]) -> None:
        self.sketch = sketch
        self.cuts = cuts
        self.places = {cut.id: index for index, cut in enumerate(cuts)}
        self.starts = [sketch.pulse.roughly(cut.start) if cut.start is not None else inf for cut in cuts]

    def join(self) -> list[Crossing]:
        joined: dict[tuple[str | None, str | None], Crossing] = {}
        for crossing in (*self.sketch.crossings, *self._of_cuts()):
            said, taken = crossing.fields, False
            for pair in self._pairs(crossing):
                known = joined.setdefault((pair.first, pair.second), pair)
                taken = taken or known is pair
                if known.type != pair.type:
                    detail = "These segments have a transition already. This one has no effect."
                    self.sketch.notes.warn(pair.at, "transition_twice", detail, "Remove one of them.")
            if not taken and said is not None:
                self.sketch.kept.append(Kept(said.value, said.at))
        in_order = sorted(joined.values(), key=lambda crossing: self.places.get(crossing.second, len(self.cuts)))
        for crossing in in_order:
            _measure(crossing, self.cuts, self.places, self.sketch)
        return in_order

    def _of_cuts(self) -> Iterator[Crossing]:
        """What segments say about themselves: how they give way to the next, or the last one comes from the one before."""
        for cut in self.cuts:
            for crossing in cut.crossing:
                crossing.first = cut.id
                yield crossing

    def _pairs(self, crossing: Crossing) -> Iterator[Crossing]:
        if crossing.first is not None and crossing.second is not None:
            yield crossing
        elif crossing.near is not None:
            yield from self._nearest(crossing)
        elif crossing.first is not None or crossing.second is not None:
            yield from self._next_to(crossing)
        else:
            for before, after in itertools.pairwise(self.cuts):
                yield _copy(crossing, before.id, after.id)

    def _next_to(self, crossing: Crossing) -> Iterator[Crossing]:
        """With one end given, into the next segment, or from the one before."""
        known = crossing.first or crossing.second
        if known not in self.places:
            crossing.first = crossing.second = known
            yield crossing
            return
        index = self.places[known]
        before = index if crossing.first is not None and index + 1 < len(self.cuts) else index - 1
        if before < 0:
            detail = "There is no segment to cross to. It has no effect."
            self.sketch.notes.warn(crossing.at, "transition_alone", detail, "Remove it.")
            return
        crossing.first, crossing.second = self.cuts[before].id, self.cuts[before + 1].id
        yield crossing

    def _nearest(self, crossing: Crossing) -> Iterator[Crossing]:
        """Where two segments meet nearest to the middle of the time that it gives."""
        pulse, near = self.sketch.pulse, crossing.near
        if near is None or len(self.cuts) < 2:
            detail = "No two segments meet near that time. The transition has no effect."
            self.sketch.notes.warn(crossing.at, "transition_place", detail, "Name the segments that it joins.")
            return
        lasting = pulse.roughly(crossing.duration) if crossing.duration else 0.0
        middle = pulse.roughly(near) + lasting / 2
        after = min(max(bisect_left(self.starts, middle), 1), len(self.cuts) - 1)
        if after > 1 and middle - self.starts[after - 1] < self.starts[after] - middle:
            after -= 1
        start = self.cuts[after].start
        if start is not None and abs(self.starts[after] - middle) <= lasting / 2:
            length = pulse.seconds(crossing.duration) if crossing.duration else Fraction(0)
            crossing.offset = derived(pulse.seconds(near) + length - pulse.seconds(start), Unit.SECONDS)
        else:
            detail = f"No cut is then. The transition is put at the nearest one, at {self.starts[after]:g} seconds."
            self.sketch.notes.warn(crossing.at, "transition_place", detail, "Name the segments that it joins.")
        crossing.first, crossing.second = self.cuts[after - 1].id, self.cuts[after].id
        yield crossing


def _copy(crossing: Crossing, first: str | None, second: str | None) -> Crossing:
    """The first one keeps what else the document says."""
    fields, crossing.fields = crossing.fields, None
    return Crossing(crossing.type, crossing.at, first, second, crossing.duration, crossing.offset, fields=fields)


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
