"""Footage: where in the film which seconds of a source are shown, and how fast."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from shared.kompositions.errors import MissingMedia
from shared.kompositions.timing import nearest

if TYPE_CHECKING:
    from shared.kompositions.model import AudioClip, Fit, Komposition, Segment
    from shared.kompositions.timing import Timeline
    from shared.media.graph.source import SourceMedia


@dataclass(frozen=True)
class FootagePiece:
    """Seconds of a source, played forwards from `film_start` on, `stretch` seconds of the film for each of its own."""

    film_start: Fraction
    source_start: Fraction
    source_end: Fraction
    stretch: Fraction = Fraction(1)

    def film(self, moment: Fraction) -> Fraction:
        """When in the film a moment of the source is."""
        return self.film_start + (moment - self.source_start) * self.stretch


def pieces_of(
    source_id: str,
    komposition: "Komposition",
    timeline: "Timeline",
    media: "Mapping[str, SourceMedia] | None",
) -> list[FootagePiece]:
    """Every piece of a source that the video tracks show forwards, in order; if none shows it, those that the audio tracks play.

    Times of the source count from the start of its file. `media` tells how long the file is: raises `MissingMedia` if that
    matters and it is not told."""
    follower = _Follower(source_id, komposition, timeline, media)
    pieces = follower.shown() or follower.played()
    return sorted(pieces, key=lambda piece: (piece.film_start, piece.source_start))


@dataclass(frozen=True)
class _Follower:
    source_id: str
    komposition: "Komposition"
    timeline: "Timeline"
    media: "Mapping[str, SourceMedia] | None"

    def shown(self) -> list[FootagePiece]:
        rate = self.timeline.rate
        return [
            piece
            for track, slots in zip(self.komposition.tracks.video, self.timeline.tracks, strict=True)
            for slot in slots
            if (segment := track.segments[slot.index]).source_id == self.source_id and not segment.reverse
            for piece in self._cut(segment, segment.effective_fit, slot.start_frame / rate, slot.end_frame / rate)
        ]

    def played(self) -> list[FootagePiece]:
        clock, film = self.timeline.clock, self.timeline.film_frames / self.timeline.rate
        return [
            piece
            for track in self.komposition.tracks.audio
            for clip in track.clips
            if clip.source_id == self.source_id and not track.muted and not clip.muted
            for piece in self._cut(
                clip, clip.fit, clock.seconds(clip.start), clock.seconds(clip.end) if clip.end else film
            )
        ]

    def _cut(
        self, use: "Segment | AudioClip", fit: "Fit", film_start: Fraction, film_end: Fraction
    ) -> Iterator[FootagePiece]:
        """How a piece of the source fills the film from one moment to another."""
        start, window = self._window(use)
        target = film_end - film_start
        if fit == "stretch":
            length = self._known(window)
            yield FootagePiece(film_start, start, start + length, target / length)
        elif fit == "loop":
            length = self._known(window)
            turns = ceil(target / length)
            begins = [nearest(turn * length * self.timeline.rate) / self.timeline.rate for turn in range(turns)]
            for begin in begins:
                yield FootagePiece(film_start + begin, start, start + min(length, target - begin))
        else:
            yield FootagePiece(film_start, start, start + (target if window is None else min(window, target)))

    def _window(self, use: "Segment | AudioClip") -> tuple[Fraction, Fraction | None]:
        """Where in the file the piece begins, and how long it is, if that is known."""
        clock = self.timeline.clock
        source = next(source for source in self.komposition.sources if source.id == self.source_id)
        start = clock.length(source.offset) + clock.length(use.source_start)
        wanted = clock.length(use.source_duration) if use.source_duration is not None else None
        if self.media is None or self.source_id not in self.media:
            return start, wanted
        left = max(Fraction(0), self.media[self.source_id].info.exact_duration - start)
        return start, left if wanted is None else min(wanted, left)

    def _known(self, length: Fraction | None) -> Fraction:
        if length is None:
            index = next(n for n, source in enumerate(self.komposition.sources) if source.id == self.source_id)
            detail = f"Captions need the file of source {self.source_id!r} to know how long it is. Upload it."
            raise MissingMedia(detail, pointer=f"/sources/{index}/assetId")
        return length
