"""The mix: every track's sound together, ducked, faded, at the loudness asked for, never clipping."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from shared.kompositions.graph.brackets import Brackets
from shared.kompositions.graph.clips import ClipsSound
from shared.kompositions.graph.envelope import fade
from shared.kompositions.graph.film import Film
from shared.kompositions.graph.segments_sound import SegmentsSound
from shared.kompositions.model import Ducking, Effect
from shared.kompositions.timing import SAMPLE_RATE
from shared.media.effects import effect_errors, filter_sound
from shared.media.graph.loudness import Loudness, limit
from shared.media.graph.sound import LAYOUT, conform, cut_samples, mix, restamp
from shared.media.graph.streams import Stream, combine, copies

_CEILING = 0.95
"""The limiter's ceiling where no loudness is asked for: 0.45 dB below full scale, room for what AAC adds."""
_SETTLING = Fraction(1)
"""Seconds before a part of the film from which its sound is made: the limiter remembers what came before."""


@dataclass(frozen=True)
class Mixer:
    """The sound of a film."""

    film: Film
    brackets: Brackets

    def samples(self, start: int, end: int, loudness: Loudness | None) -> Stream:
        """The finished sound from frame `start` up to frame `end` of the film, 48 kHz stereo, time stamps from 0."""
        from shared.media.graph.nodes import reads_input

        begin = self._settling(start)
        stream = self._mixed(begin, end)
        if stream is None or not reads_input(stream):
            nothing = self.film.inputs.open_generator(f"anullsrc=r={SAMPLE_RATE}:cl={LAYOUT}")
            return conform(cut_samples(nothing, 0, self.film.timeline.samples(start, end)))
        finished = self._limited(self._finished(stream, begin), loudness)
        skipped = self.film.timeline.samples(begin, start)
        return cut_samples(finished, skipped, skipped + self.film.timeline.samples(start, end))

    def _settling(self, start: int) -> int:
        """The frame from which to make sound that is heard from `start` on. Effects are given it from the film's beginning."""
        komposition = self.film.komposition
        if komposition.mix.effects or self._whole or any(track.effects for track in komposition.tracks.audio):
            return 0
        releases = [track.ducking.release for track in komposition.tracks.audio if track.ducking]
        lasting = _SETTLING + Fraction(max(releases, default=0.0)) * 3 / 1000
        return max(0, start - ceil(lasting * self.film.rate))

    def _mixed(self, start: int, end: int) -> Stream | None:
        """All tracks together; None when nothing sounds."""
        mixed = self.film.komposition.mix
        if mixed.muted or mixed.volume == 0:
            return None
        tracks = self._tracks(start, end)
        wanted = {name: names for name in tracks if (names := self._keys(name, tracks))}
        uses = Counter(name for names in wanted.values() for name in names)
        several = {name: copies(stream, 1 + uses[name], sound=True) for name, stream in tracks.items()}
        heard = []
        for name in tracks:
            stream = several[name].pop()
            if name in wanted:
                key = mix([several[key].pop() for key in wanted[name]])
                stream = _ducked(stream, key, self._ducking[name], self.film.timeline.samples(start, end))
            heard.append(stream)
        return mix(heard) if heard else None

    def _tracks(self, start: int, end: int) -> dict[str, Stream]:
        """Each track that sounds at its volume, by its id, before ducking."""
        tracks = self.film.komposition.tracks
        original = self.film.komposition.mix.original_volume
        found: dict[str, Stream | None] = {}
        for number, video in enumerate(tracks.video):
            volume = 0.0 if video.muted else video.volume * original
            sound = SegmentsSound(self.film, number, self.brackets.tracks[number])
            found[video.id] = _at(volume, sound.samples(start, end)) if volume else None
        for number, audio in enumerate(tracks.audio):
            volume = 0.0 if audio.muted else audio.volume
            found[audio.id] = _at(volume, ClipsSound(self.film, number).samples(start, end)) if volume else None
        return {name: stream for name, stream in found.items() if stream is not None}

    @property
    def _ducking(self) -> Mapping[str, Ducking]:
        return {track.id: track.ducking for track in self.film.komposition.tracks.audio if track.ducking}

    def _keys(self, name: str, tracks: Mapping[str, Stream]) -> list[str]:
        """The tracks that sound and under which this one is ducked."""
        if name not in self._ducking:
            return []
        under = self._ducking[name].under or [track.id for track in self.film.komposition.tracks.video]
        return [key for key in dict.fromkeys(under) if key in tracks and key != name]

    def _finished(self, stream: Stream, begin: int) -> Stream:
        """The mix at its volume, with the fades at the film's ends and the effects on all of it."""
        mixed, clock, timeline = self.film.komposition.mix, self.film.clock, self.film.timeline
        stream = restamp(conform(_at(mixed.volume, stream)), timeline.samples(0, begin))
        ends = Fraction(timeline.film_frames) / clock.rate
        fades = clock.length(mixed.fade_in), clock.length_before(mixed.fade_out, ends)
        stream = fade(stream, *fades, timeline.samples(0, timeline.film_frames))
        for effect in (*self._whole, *mixed.effects):
            stream = filter_sound(stream, effect.type, effect.params, timeline.samples(0, timeline.film_frames))
        return stream

    @property
    def _whole(self) -> list[Effect]:
        """The effects over everything that do something to sound."""
        return [node for node in self.brackets.whole if not effect_errors(node.type, node.params, "sound")]

    def _limited(self, stream: Stream, loudness: Loudness | None) -> Stream:
        mixed = self.film.komposition.mix
        if mixed.loudness is None:
            return stream.filter("alimiter", limit=_CEILING, level=0, latency=1)
        if loudness is None:
            return stream
        return limit(stream.filter("volume", f"{loudness.gain_for(mixed):.3f}dB"), mixed.true_peak)


def _ducked(stream: Stream, key: Stream, ducking: Ducking, samples: int) -> Stream:
    """The stream, of so many samples, quieter while `key` sounds."""
    options = {name: getattr(ducking, name) for name in ("threshold", "ratio", "attack", "release")}
    # Both go on for ever: where one ends, this filter leaves out what it has not worked on yet.
    pressed = combine([stream.filter("apad"), key.filter("apad")], "sidechaincompress", **options)
    return cut_samples(pressed, 0, samples)


def _at(volume: float, stream: Stream | None) -> Stream | None:
    return stream if stream is None or volume == 1 else stream.filter("volume", f"{volume:.6f}")
