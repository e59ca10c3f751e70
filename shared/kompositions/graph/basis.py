"""Basis: what a film is made from: the document, its files, its plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from shared.kompositions.model import Komposition
from shared.kompositions.timing import Clock, Timeline
from shared.media.graph.source import SourceMedia


@dataclass(frozen=True)
class Basis:
    """A komposition, the file of each of its sources, and what is seen when."""

    komposition: Komposition
    media: Mapping[str, SourceMedia]
    timeline: Timeline

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
