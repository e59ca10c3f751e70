"""The sound of one audio track: its clips, at their volumes, with their fades, and the track's effects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from shared.kompositions.graph.envelope import STEP, fade, set_volume
from shared.kompositions.graph.film import Film
from shared.kompositions.graph.media import Place
from shared.kompositions.graph.shots import source_window, stretch_to
from shared.kompositions.model import AudioClip, AudioTrack
from shared.kompositions.model.animation import values
from shared.kompositions.timing import SAMPLE_RATE, nearest
from shared.media.effects import filter_sound
from shared.media.graph.shot import Shot
from shared.media.graph.sound import cut_samples, join_sounds, mix, restamp, shot_sound, silence
from shared.media.graph.streams import Stream

MAX_LOOP_SECONDS = 600
"""The longest piece that can be repeated: it is kept in memory, 230 MB for so long."""


@dataclass(frozen=True)
class _Placed:
    """A clip from frame `start` up to frame `end` of the film, and the piece of file it plays."""

    clip: AudioClip
    shot: Shot
    start: int
    end: int


@dataclass(frozen=True)
class ClipsSound:
    """An audio track's sound."""

    film: Film
    number: int

    @property
    def track(self) -> AudioTrack:
        """The track."""
        return self.film.komposition.tracks.audio[self.number]

    def samples(self, start: int, end: int) -> Stream | None:
        """The sound from frame `start` up to frame `end` of the film; None when nothing sounds. Raises `UnusableMedia`."""
        placed = [found for number in range(len(self.track.clips)) if (found := self._place(number, start, end))]
        if not placed:
            return None
        stream = mix([self._lane(lane, start, end) for lane in _lanes(placed)])
        for effect in self.track.effects:
            stream = filter_sound(stream, effect.type, effect.params, self._count(0, self.film.timeline.film_frames))
        return cut_samples(stream, 0, self._count(start, end)) if self.track.effects else stream

    def _place(self, number: int, start: int, end: int) -> _Placed | None:
        """A clip that sounds between two frames."""
        clip, clock = self.track.clips[number], self.film.clock
        place = Place(f"/tracks/audio/{self.number}/clips/{number}")
        first = clock.frame_of(clip.start)
        last = self.film.timeline.film_frames if clip.end is None else clock.frame_of(clip.end)
        if first >= end or last <= max(start, first) or clip.muted or not any(values(clip.volume)):
            return None
        media = self.film.media[clip.source_id]
        if media.info.audio is None:
            raise place.refuse("sourceId", "no_sound", "The file of this source has no sound. Choose another one.")
        begin = self.film.offsets[clip.source_id] + clock.length(clip.source_start)
        wanted = None if clip.source_duration is None else clock.length(clip.source_duration)
        begin, window = source_window(begin, wanted, media.info.exact_duration, place)
        shot = Shot(place.pointer, media, begin, window, Fraction(1), last - first)
        target = Fraction(last - first) / clock.rate
        if clip.fit == "stretch":
            shot = replace(shot, stretch=stretch_to(target, window, place))
        elif clip.fit == "loop" and window > MAX_LOOP_SECONDS and window < target:
            detail = f"At most {MAX_LOOP_SECONDS} seconds can be repeated. Use less of the source."
            raise place.refuse("sourceDuration", "loop_too_long", detail)
        elif clip.end is None and clip.fit == "trim":
            last = min(last, first + max(1, nearest(window * clock.rate)))
        return _Placed(clip, shot, first, last) if last > start else None

    def _lane(self, placed: Sequence[_Placed], start: int, end: int) -> Stream:
        """Clips that do not overlap, with silence between them."""
        streams, at = [], start
        for found in placed:
            first, last = max(start, found.start), min(end, found.end)
            if first > at:
                streams.append(silence(self._count(at, first), self.film.inputs))
            streams.append(self._clip(found, first, last))
            at = last
        if at < end:
            streams.append(silence(self._count(at, end), self.film.inputs))
        return join_sounds(streams)

    def _clip(self, found: _Placed, start: int, end: int) -> Stream:
        """The sound of a clip from one frame of the film to another."""
        clip, clock = found.clip, self.film.clock
        first, last = (self._count(found.start, frame) for frame in (start, end))
        begin = first // STEP * STEP
        stream = restamp(self._played(found, begin, last), begin)
        moments = [Fraction(frame) / clock.rate for frame in (found.start, found.end)]
        stream = set_volume(stream, clip.volume, moments[0], clock)
        fades = clock.length(clip.fade_in, moments[0]), clock.length_before(clip.fade_out, moments[1])
        stream = fade(stream, *fades, self._count(found.start, found.end))
        return cut_samples(stream, first - begin, last - begin)

    def _played(self, found: _Placed, begin: int, end: int) -> Stream:
        """Samples of the piece of file, repeated if need be."""
        shot = found.shot
        piece = nearest(shot.window * SAMPLE_RATE)
        repeated = found.clip.fit == "loop" and end > piece
        part = (0, piece) if repeated else (begin, end)
        stream = shot_sound(shot, *part, self.film.inputs)
        assert stream is not None, "files without sound are refused"
        if not repeated:
            return stream
        return cut_samples(stream.filter("aloop", loop=-1, size=piece), begin, end)

    def _count(self, start: int, end: int) -> int:
        return self.film.timeline.samples(start, end)


def _lanes(placed: Sequence[_Placed]) -> list[list[_Placed]]:
    """Clips in order of time, those that overlap apart: as few lanes as there are clips at once."""
    lanes: list[list[_Placed]] = []
    for found in sorted(placed, key=lambda placed: placed.start):
        lane = next((lane for lane in lanes if lane[-1].end <= found.start), None)
        if lane is None:
            lanes.append([found])
        else:
            lane.append(found)
    return lanes
