"""Lanes: a film as edits on tracks, in whole frames: what every interchange format is written from and read into."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal


@dataclass(frozen=True)
class Crossing:
    """A transition from the edit before: as long as both overlap."""

    kind: str
    frames: int
    pointer: str = ""

    @property
    def lead(self) -> int:
        """Frames before the cut, for formats that know one: it lies in the middle."""
        return self.frames // 2

    @property
    def tail(self) -> int:
        """Frames after the cut."""
        return self.frames - self.lead


@dataclass(frozen=True)
class Edit:
    """Frames `start` up to `end` of the film, transitions included, and what of a file is seen or heard there."""

    name: str
    source: str
    """Id of the source."""
    start: int
    end: int
    source_in: Fraction
    """Seconds into the file of the earliest moment that is used."""
    speed: Fraction = Fraction(1)
    """Seconds of the file in a second of the film; 0 holds the frame at `source_in`."""
    reverse: bool = False
    crossing: Crossing | None = None
    pointer: str = ""
    looks: dict[str, object] = field(default_factory=dict)
    """What else the komposition says of it, as JSON: effects, volume …"""

    @property
    def frames(self) -> int:
        """Its length."""
        return self.end - self.start

    @cached_property
    def as_filmed(self) -> bool:
        """Whether it plays forwards at the file's own speed."""
        return self.speed.numerator == self.speed.denominator and not self.reverse

    @property
    def held(self) -> bool:
        """Whether it is one frame all along."""
        return not self.speed

    @property
    def retimed(self) -> bool:
        """Whether it moves, but not as it was filmed."""
        return not self.as_filmed and (self.reverse or not self.held)

    def file_frame(self, rate: Fraction, after: int = 0) -> int:
        """The frame of the file, counted at `rate`, that is the nearest to what is used `after` frames of the film.

        In whole numbers: an hour has thousands of them, and fractions of Python's would take most of the time."""
        over, under = self.source_in.numerator * rate.numerator, self.source_in.denominator * rate.denominator
        if after:
            over = over * self.speed.denominator + after * self.speed.numerator * under
            under *= self.speed.denominator
        return (2 * over + under) // (2 * under)

    def source_length(self, rate: Fraction) -> Fraction:
        """Seconds of the file that it uses."""
        return self.frames / rate * self.speed


def longer(edit: Edit, frames: int, rate: Fraction, *, at_end: bool) -> Edit:
    """An edit with more frames before or after; in a file that plays backwards what comes after lies before."""
    lower = frames / rate * edit.speed if at_end is edit.reverse else Fraction(0)
    start, end = (edit.start, edit.end + frames) if at_end else (edit.start - frames, edit.end)
    return replace(edit, start=start, end=end, source_in=edit.source_in - lower)


@dataclass(frozen=True)
class Lane:
    """A track: edits in order, which overlap only under crossings."""

    kind: Literal["video", "audio"]
    name: str
    edits: tuple[Edit, ...]
    own_sound: bool = False
    """Whether it is the sound of the video lane of the same name."""
    pointer: str = ""
    looks: dict[str, object] = field(default_factory=dict)

    def bodies(self) -> list[tuple[Edit, int, int]]:
        """The edits from cut to cut: each ends where the next begins."""
        found = []
        for place, edit in enumerate(self.edits):
            following = self.edits[place + 1].crossing if place + 1 < len(self.edits) else None
            start = edit.start + (edit.crossing.lead if edit.crossing else 0)
            found.append((edit, start, edit.end - (following.tail if following else 0)))
        return found


@dataclass(frozen=True)
class Media:
    """A file that edits are taken from."""

    id: str
    kind: Literal["video", "image", "audio"]
    name: str
    """File name, without any path."""
    duration: Fraction | None = None
    """Seconds, if they are known."""
    has_sound: bool = True
    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class Film:
    """Lanes from the bottom up, and the files that they use."""

    title: str
    rate: Fraction
    size: tuple[int, int]
    frames: int
    lanes: tuple[Lane, ...]
    media: dict[str, Media]

    @property
    def video(self) -> list[Lane]:
        """The lanes that are seen."""
        return [lane for lane in self.lanes if lane.kind == "video"]

    @property
    def audio(self) -> list[Lane]:
        """The lanes that are heard."""
        return [lane for lane in self.lanes if lane.kind == "audio"]

    @cached_property
    def extents(self) -> dict[str, Fraction]:
        """Seconds of each file from its beginning: all of it, or as much as is used."""
        rate = float(self.rate)
        last: dict[str, tuple[float, Edit]] = {}
        for lane in self.lanes:
            for edit in () if lane.own_sound else lane.edits:
                reached = float(edit.source_in) + max(edit.frames * float(edit.speed), 1) / rate
                if edit.source not in last or reached > last[edit.source][0]:
                    last[edit.source] = (reached, edit)
        return {name: self.media[name].duration or self._used(edit) for name, (_, edit) in last.items()}

    def _used(self, edit: Edit) -> Fraction:
        return edit.source_in + max(edit.source_length(self.rate), 1 / self.rate)
