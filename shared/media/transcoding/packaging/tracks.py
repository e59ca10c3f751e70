"""Tracks: the files of a package, with what its playlists say of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path

from shared.media.graph.counting import nearest
from shared.media.transcoding.packaging.boxes import Segment, read_fragmented
from shared.media.transcoding.packaging.codec_strings import codec_string
from shared.media.transcoding.plan import Rendition

_HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Track:
    """A file of fragments. `header` and `index` are its bytes before the first; `segments` what a player fetches at once.

    `codecs` as RFC 6381 writes them; `rendition` is None of sound."""

    path: Path
    header: int
    index: tuple[int, int]
    segments: tuple[Segment, ...]
    codecs: str
    rendition: Rendition | None = None

    @property
    def name(self) -> str:
        """Without its suffix."""
        return self.path.stem

    @property
    def seconds(self) -> Fraction:
        """How long it is."""
        return sum((segment.seconds for segment in self.segments), Fraction(0))

    @property
    def longest(self) -> int:
        """How long segments are at most, in seconds, rounded as HLS rounds."""
        return max(1, nearest(max(segment.seconds for segment in self.segments)))

    @property
    def average(self) -> int:
        """Bits a second, over all."""
        return ceil(sum(segment.size for segment in self.segments) * 8 / self.seconds)

    @property
    def peak(self) -> int:
        """Bits a second of the segment that has most. What is shorter than half of one is no measure, as HLS counts."""
        counted = [each for each in self.segments if each.seconds * 2 >= self.longest] or self.segments
        return max(self.average, ceil(max(segment.size * 8 / segment.seconds for segment in counted)))


def picture_track(path: Path, rendition: Rendition) -> Track:
    """The track of a rendition. Raises `UnreadableMedia`."""
    file = read_fragmented(path)
    assert file.configuration is not None, "it has a picture"
    return Track(path, file.header, file.index, file.segments, codec_string(*file.configuration), rendition)


def sound_track(path: Path, like: Track) -> Track:
    """The track of the sound, in segments about as long as those of the picture `like`. Raises `UnreadableMedia`."""
    file = read_fragmented(path)
    segments = tuple(_grouped(file.segments, like.segments))
    return Track(path, file.header, file.index, segments, "mp4a.40.2")


def _grouped(fragments: Sequence[Segment], like: Sequence[Segment]) -> Iterator[Segment]:
    """Fragments joined into segments that end as near as can be to where those of `like` do."""
    begin, left = Fraction(0), list(fragments)
    border = Fraction(0)
    for segment in like:
        border += segment.seconds
        group: Segment | None = None
        while left and (segment is like[-1] or begin + left[0].seconds * _HALF < border):
            fragment = left.pop(0)
            begin += fragment.seconds
            group = fragment if group is None else group.joined(fragment)
        if group is not None:
            yield group
