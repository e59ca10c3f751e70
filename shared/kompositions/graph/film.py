"""Film: a komposition on its way to a graph: the document, its files, its plan, and the inputs opened so far."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from shared.core.errors import FieldError
from shared.kompositions.errors import UnusableMedia
from shared.kompositions.graph.basis import Basis
from shared.kompositions.graph.media import Place
from shared.kompositions.graph.shots import plan_shots, refuse_long
from shared.kompositions.model import Segment
from shared.kompositions.timing import Slot
from shared.media.graph.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shared.media.graph.shot import Shot

_MANY, _VERY_MANY = 8, 32
"""Inputs from which each decoder gets two threads, and one. All are open at once, and each thread holds frames: with a thread
per core, 50 inputs of 720p take over 1 GB; with one, 0.7 GB. A film of many segments decodes them one after the other anyway."""


@dataclass(frozen=True)
class Film(Basis):
    """What every part of the compiler works from."""

    _shots: "dict[tuple[int, int], Sequence[Shot]]" = field(default_factory=dict)

    @cached_property
    def inputs(self) -> Inputs:
        """What has been opened so far."""
        return Inputs(self.rate, self._threads)

    def shots(self, track: int, slot: Slot) -> "Sequence[Shot]":
        """The shots that fill a slot. Raises `UnusableMedia`."""
        key = (track, slot.index)
        if key not in self._shots:
            place = Place(f"/tracks/video/{track}/segments/{slot.index}")
            shots = plan_shots(self.segment(track, slot), slot, place, self)
            refuse_long(shots[0], place, self)
            self._shots[key] = shots
        return self._shots[key]

    def segment(self, track: int, slot: Slot) -> Segment:
        """The segment in a slot."""
        return self.komposition.tracks.video[track].segments[slot.index]

    def check_shots(self) -> None:
        """Raise one `UnusableMedia` with everything that files cannot give in the part to render."""
        errors: list[FieldError] = []
        for number, slots in enumerate(self.timeline.tracks):
            for slot in self._inside(slots):
                try:
                    self.shots(number, slot)
                except UnusableMedia as error:
                    errors += error.errors
        if errors:
            raise UnusableMedia(errors[0].detail, errors=errors)

    def _inside(self, slots: "Sequence[Slot]") -> "Iterator[Slot]":
        timeline = self.timeline
        return (s for s in slots if s.start_frame < timeline.end_frame and s.end_frame > timeline.start_frame)

    @cached_property
    def _threads(self) -> int | None:
        inputs = sum(1 for slots in self.timeline.tracks for _ in self._inside(slots))
        return 1 if inputs > _VERY_MANY else 2 if inputs > _MANY else None
