"""Film: a komposition on its way to a graph: the document, its files, its plan, and the inputs opened so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

from shared.core.errors import FieldError
from shared.kompositions.errors import UnusableMedia
from shared.kompositions.graph.media import Place, SourceMedia
from shared.kompositions.graph.streams import Stream, decimal
from shared.kompositions.model import Komposition, Segment
from shared.kompositions.timing import Clock, Slot, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shared.kompositions.graph.shots import Shot

_MANY, _VERY_MANY = 8, 32
"""Inputs from which each decoder gets two threads, and one. All are open at once, and each thread holds frames: with a thread
per core, 50 inputs of 720p take over 1 GB; with one, 0.7 GB. A film of many segments decodes them one after the other anyway."""


@dataclass(frozen=True)
class Film:
    """What every part of the compiler works from."""

    komposition: Komposition
    media: Mapping[str, SourceMedia]
    timeline: Timeline
    _opened: dict[tuple[str, str, bool], tuple[Stream, set[int]]] = field(default_factory=dict)
    _shots: "dict[tuple[int, int], Sequence[Shot]]" = field(default_factory=dict)
    _numbers: "Iterator[int]" = field(default_factory=count)

    @property
    def clock(self) -> Clock:
        """What the komposition's times mean."""
        return self.timeline.clock

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return self.timeline.rate

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole picture."""
        return self.komposition.output.width, self.komposition.output.height

    @cached_property
    def offsets(self) -> Mapping[str, Fraction]:
        """Where in its file each source's time 0 is, seconds."""
        return {source.id: self.clock.length(source.offset) for source in self.komposition.sources}

    def open(self, media: SourceMedia, label: str, start: Fraction, stream: int, *, exact: bool = True) -> Stream:
        """Stream number `stream` of the file from `start` seconds on, for one reader.

        Picture and sound with the same label and start share an input; what is asked for twice is opened twice."""
        from shared.kompositions.graph.inputs import open_media

        begin = decimal(start)
        key = (label, begin, exact)
        opened, streams = self._opened.get(key, (None, set()))
        if opened is None or stream in streams:
            opened = open_media(media, self._label(label), begin, exact=exact, threads=self._threads)
            streams = set()
            self._opened[key] = opened, streams
        streams.add(stream)
        return opened[str(stream)]

    def shots(self, track: int, slot: Slot) -> "Sequence[Shot]":
        """The shots that fill a slot. Raises `UnusableMedia`."""
        from shared.kompositions.graph.reversal import refuse_long
        from shared.kompositions.graph.shots import plan_shots

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

    def generate(self, name: str, **options: object) -> Stream:
        """An endless stream from a generating filter, such as `anullsrc`."""
        from shared.kompositions.graph.inputs import generate

        return generate(name, self._label(name), **options)

    def open_generator(self, description: str) -> Stream:
        """An endless generated input, such as `color=c=black`."""
        from shared.kompositions.graph.inputs import open_generator

        return open_generator(description, self._label("generated"))

    def _label(self, text: str) -> str:
        return f"{text}#{next(self._numbers)}"

    @cached_property
    def _threads(self) -> int | None:
        inputs = sum(1 for slots in self.timeline.tracks for _ in self._inside(slots))
        return 1 if inputs > _VERY_MANY else 2 if inputs > _MANY else None
